import { randomBytes } from 'node:crypto';
import { type AnyJson, type Client, createClient, type Rail, smallPacket } from '#libs/testing';
import { expect, vi } from 'vitest';
import { type Receiver, startReceiver } from '../webhook-receiver.js';

/** A tenant with something of everything; all that it says of itself holds its mark. */
export interface Victim {
  tenant: string;
  /** The key of the admin that made everything, and that of another. */
  keys: string[];
  client: Client;
  /** In every word of its own: a name, a summary, a result. */
  mark: string;
  /** What the platform gave it, and so knows of it. */
  given: string[];
  /** Its ids, by their kinds; those of one kind are in the order to try them. */
  ids: Record<string, string[]>;
  /** Words of its own that somebody may search for. */
  words: string[];
  /** Where its pages go on. */
  cursors: string[];
  /** An idempotency key that it has used wherever one is taken. */
  idempotencyKey: string;
  /** What its webhook was told. */
  receiver: Receiver;
  stop(): Promise<void>;
}

const must = async (answer: Promise<AnyJson>): Promise<AnyJson> => {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
};

/** A new tenant without limits, and the key of its admin. */
export const newTenant = async (
  platform: Client,
  name: string,
): Promise<{ tenant: string; key: string; keyId: string }> => {
  const { id } = await must(platform.post('tenants', { name, tier: 'unlimited' }));
  const { key, id: keyId } = await must(
    platform.post('keys', { name: `${name} admin`, role: 'admin', tenant_id: id }),
  );
  return { tenant: id, key, keyId };
};

/** Packets in several states; returns their ids, and those of claims and a checkpoint. */
const fillPackets = async (
  client: Client,
  mark: string,
  { approver, ...more }: { approver: string; schema_id: string },
) => {
  const make = (state: string, extra: object = {}) =>
    must(
      client.post(
        'packets',
        smallPacket(`${mark}-agent`, `${mark}-source`, {
          ...{ context: { summary: `${mark} ${state} summary` }, ...extra },
        }),
        { 'idempotency-key': `${mark}-${state}` },
      ),
    );
  const claim = (id: string, lease: object = {}) =>
    must(client.post(`packets/${id}/claim`, { agent_id: `${mark}-agent`, ...lease }));
  const created = await make('created', more);
  const claimed = await claim((await make('claimed')).id, { lease_seconds: 3_600 });
  const asking = await make('asking', {
    hitl: {
      reason: `${mark} reason`,
      question: `${mark} question`,
      approvers: [`${mark}-boss`, approver].map((id) => ({ id, kind: 'user' })),
    },
  });
  const failed = await make('failed');
  await claim(failed.id);
  await must(client.post(`packets/${failed.id}/fail`, { reason: `${mark} failure`, retryable: false }));
  const done = await claim((await make('done')).id);
  const chained = await must(
    client.post(`packets/${done.id}/chain`, {
      metadata: {
        source_agent: { id: `${mark}-agent`, name: mark },
        target_agent: { id: `${mark}-next`, name: mark },
      },
      context: { summary: `${mark} chained summary` },
    }),
  );
  await must(client.post(`packets/${done.id}/complete`, { result: { said: `${mark} result` } }));
  return {
    packet: [created, claimed, asking, failed, done, chained].map(({ id }) => id as string),
    claim: [claimed.claim.claim_id as string],
    approval: [asking.hitl.id as string],
  };
};

const cursorsOf = async (client: Client): Promise<string[]> => {
  const pages = ['packets?limit=1', 'packets?limit=1&sort=priority', 'keys?limit=1', 'hooks?limit=1'];
  const answers = await Promise.all(pages.map((page) => must(client.get(page))));
  return answers.map(({ next_cursor }) => next_cursor as string);
};

/** Waits until its webhook has been told all there is to tell. */
const untilTold = async (client: Client, hook: string): Promise<void> => {
  let seen = '';
  const isQuiet = async (): Promise<boolean> => {
    const { deliveries } = await must(client.get(`hooks/${hook}/deliveries?limit=100`));
    const now = deliveries.map(({ id, status }: AnyJson) => `${id} ${status}`).join();
    const isSame = now === seen;
    seen = now;
    return isSame && deliveries.every(({ status }: AnyJson) => status === 'delivered');
  };
  await vi.waitUntil(isQuiet, { timeout: 20_000, interval: 500 });
};

/** Makes the tenant, through the API alone. */
export const makeVictim = async (rail: Rail, platform: Client): Promise<Victim> => {
  const mark = `kanarie${randomBytes(6).toString('hex')}`;
  const { tenant, key, keyId } = await newTenant(platform, `${mark} tenant`);
  const client = createClient(rail.url, key);
  const agents = [`${mark}-agent`, `${mark}-source`];
  const [receiver, failing] = [await startReceiver(), await startReceiver()];
  failing.status = 500;
  const body = { name: `${mark} agent`, description: `${mark} description`, capabilities: [`${mark} skill`] };
  for (const id of agents) await must(client.send('PUT', `agents/${id}`, body));
  const hook = (url: string, events: string[]) =>
    must(client.post('hooks', { url, events, description: `${mark} hook` }));
  const hooks = [await hook(failing.url, ['packet.failed']), await hook(receiver.url, ['*'])];
  const schema = await must(
    client.post('schemas', { name: `${mark}-schema`, json_schema: { title: `${mark} title` } }),
  );
  const spare = await must(client.post('keys', { name: `${mark} spare`, role: 'admin' }));
  const packets = await fillPackets(client, mark, { schema_id: schema.id, approver: spare.id });
  const link = await must(
    client.post(`approvals/${packets.approval[0]}/links`, { approver: `${mark}-boss` }),
  );
  const edge = { from: `${mark}-agent`, to: `${mark}-next` };
  await must(client.send('PUT', 'routing/edges', { edges: [edge] }));
  const dead = async (): Promise<AnyJson[]> => (await must(client.get('hooks/dlq'))).deliveries;
  await vi.waitUntil(async () => (await dead()).length > 0, { timeout: 20_000 });
  await untilTold(client, hooks[1].id);
  return {
    ...{ tenant, client, mark, receiver },
    keys: [key, spare.key],
    given: [tenant, keyId, `${mark} tenant`],
    ids: {
      ...packets,
      agent: agents,
      hook: hooks.map(({ id }) => id as string),
      delivery: [(await dead())[0].id as string],
      schema: [schema.id],
      key: [spare.id, keyId],
      link: [link.link_id],
      tenant: [tenant],
    },
    words: [mark, `${mark} skill`, `${mark}-schema`, `${mark}-boss`, `${mark}-tag`],
    cursors: await cursorsOf(client),
    idempotencyKey: `${mark}-created`,
    stop: async () => {
      receiver.stop();
      failing.stop();
      await client.close();
    },
  };
};
