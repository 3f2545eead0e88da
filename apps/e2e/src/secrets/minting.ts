import { randomBytes } from 'node:crypto';
import {
  type AnyJson,
  type Answer,
  type Client,
  createClient,
  readEvents,
  type Rail,
  smallPacket,
} from '#libs/testing';
import { expect } from 'vitest';
import { WebSocket } from 'ws';

/** What came of a life in which every kind of secret is made and used, rightly and wrongly. */
export interface Minted {
  /** Every secret, but for those that the rail was started with. */
  secrets: Set<string>;
  /** What the API said against requests. */
  errors: string[];
}

const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
const random = (): string => randomBytes(24).toString('base64url');

class Mint {
  readonly secrets = new Set<string>();
  readonly errors: string[] = [];

  constructor(
    private readonly rail: Rail,
    private readonly admin: Client,
  ) {}

  secret(value: string): string {
    expect(value.length).toBeGreaterThan(10);
    this.secrets.add(value);
    return value;
  }

  /** The answer; what it says against the request is kept. */
  async #noted(answer: Promise<Answer>): Promise<Answer> {
    const { status, body, headers } = await answer;
    if (status >= 400) this.errors.push(JSON.stringify({ body: body as unknown, headers }));
    return { status, body, headers };
  }

  async #made(answer: Promise<Answer>): Promise<AnyJson> {
    const { status, body } = await this.#noted(answer);
    expect(status, JSON.stringify(body)).toBeLessThan(300);
    return body;
  }

  /** Made, rotated twice, once with grace, used, revoked and used again. */
  async keys(): Promise<void> {
    const { id, key } = await this.#made(this.admin.post('keys', { name: 'worker', role: 'admin' }));
    const again = await this.#made(this.admin.post(`keys/${id}/rotate`, { grace_seconds: 60 }));
    const last = await this.#made(this.admin.post(`keys/${again.id}/rotate`, {}));
    const all: string[] = [key, again.key, last.key].map((one) => this.secret(one));
    for (const one of all) await this.#useEverywhere(one);
    await this.admin.send('DELETE', `keys/${last.id}`);
    for (const one of all) await this.#useEverywhere(one);
    const signedUp = await this.#made(
      this.admin.post('/api/signup', { team_name: random(), sender_name: 'Ana' }),
    );
    await this.#useEverywhere(this.secret(signedUp.key.key));
    await this.#useEverywhere(this.secret(`hr_${randomBytes(32).toString('base64url')}`));
    await this.#useEverywhere(this.secret(`wrong-${random()}`));
  }

  /** As callers send keys: in headers, in addresses where it is allowed and where it is not. */
  async #useEverywhere(key: string): Promise<void> {
    const own = createClient(this.rail.url, key);
    const none = createClient(this.rail.url, '');
    await this.#noted(own.get('packets'));
    await this.#noted(own.post('packets', '{"metadata": not json'));
    await this.#noted(own.post('packets', { ...smallPacket(), unknown: true }));
    await this.#noted(none.get('packets', { authorization: `Bearer ${key}` }));
    await this.#noted(none.get('packets', { authorization: `Basic ${key}` }));
    for (const name of ['api_key', 'token']) {
      await this.#noted(none.get(`packets?${name}=${key}`));
      await this.#noted(none.get(`nowhere?${name}=${key}`));
      await this.#noted(none.get(`ws?${name}=${key}`));
      const reader = await readEvents(`${this.rail.url}/api/v1/events?${name}=${key}`);
      reader.cut();
      await this.#connect(`/api/v1/ws?${name}=${key}`);
    }
    await own.close();
    await none.close();
  }

  #connect(path: string): Promise<void> {
    const socket = new WebSocket(`${this.rail.url.replace('http', 'ws')}${path}`);
    return new Promise((resolve) => {
      const end = (): void => {
        socket.terminate();
        resolve();
      };
      socket.once('message', end).once('error', end);
    });
  }

  /** With a secret of ours and one of the caller's; with headers; to receivers that take and that fail. */
  async hooks(urls: readonly string[]): Promise<void> {
    for (const url of urls) {
      const headers = { Authorization: `Bearer ${this.secret(random())}`, 'X-Token': this.secret(random()) };
      const made = await this.#made(this.admin.post('hooks', { url, headers }));
      this.secret(made.secret);
      const given = this.secret(`whsec_${randomBytes(24).toString('base64')}`);
      await this.#made(this.admin.post('hooks', { url, secret: given }));
      const rotated = await this.#made(
        this.admin.post(`hooks/${made.id}/rotate-secret`, { grace_seconds: 60 }),
      );
      this.secret(rotated.secret);
      const change = { headers: { Authorization: `Bearer ${this.secret(random())}` } };
      await this.#made(this.admin.send('PATCH', `hooks/${made.id}`, change));
      await this.#noted(
        this.admin.post('hooks', { url, headers: { Authorization: 7, 'X-T': this.secret(random()) } }),
      );
      await this.#made(this.admin.post(`hooks/${made.id}/test`));
    }
  }

  /** Links that are looked at, used, used again, revoked and misspelled. */
  async links(): Promise<void> {
    for (const isUsed of [true, false]) {
      const hitl = { reason: 'Sure?', approvers: [{ id: 'mira', kind: 'user' }] };
      const packet = await this.#made(this.admin.post('packets', smallPacket('bo', 'ana', { hitl })));
      const path = `approvals/${packet.hitl.id}/links`;
      const link = await this.#made(this.admin.post(path, { approver: 'mira' }));
      const at = new URL(link.url).pathname;
      this.secret(at.slice('/a/'.length));
      const none = createClient(this.rail.url, '');
      await none.get(at);
      await none.get(`${at}x`);
      if (!isUsed) await this.admin.send('DELETE', `${path}/${link.link_id}`);
      await none.send('POST', at, 'choice=approve', form);
      await none.send('POST', at, 'choice=deny', form);
      await none.get(at);
      await none.close();
    }
  }
}

/** Makes and uses every kind of secret. `receivers`: where webhooks go. */
export const mintSecrets = async (
  rail: Rail,
  admin: Client,
  receivers: readonly string[],
): Promise<Minted> => {
  const mint = new Mint(rail, admin);
  await mint.hooks(receivers);
  await mint.keys();
  await mint.links();
  return mint;
};
