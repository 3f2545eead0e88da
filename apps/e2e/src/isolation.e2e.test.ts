import { type AnyJson, type Client, createClient, type Rail, smallPacket, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Asker, type Told } from './isolation/ask.js';
import { Ear } from './isolation/ear.js';
import { comparable, differences, leaksIn } from './isolation/leaks.js';
import { type ApiOperation, operationsOf } from './isolation/operations.js';
import {
  bodyProbes,
  pathChoices,
  pathProbes,
  plainProbes,
  type Probe,
  queryProbes,
  requestOf,
} from './isolation/probes.js';
import { makeStranger, openTo, type Stranger } from './isolation/stranger.js';
import { makeVictim, newTenant, type Victim } from './isolation/victim.js';

/** In the order in which they harm least. */
const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'];
const byHarm = (a: ApiOperation, b: ApiOperation): number =>
  Number(a.isPlatform) - Number(b.isPlatform) ||
  methods.indexOf(a.method) - methods.indexOf(b.method) ||
  b.path.length - a.path.length;

describe('what one tenant has, no other sees or touches', () => {
  let rail: Rail;
  let platform: Client;
  let operator: Asker;
  let owners: Asker[];
  let victim: Victim;
  let strangers: Stranger[];
  let operations: ApiOperation[];
  let before: Record<string, AnyJson>;
  const volatile = new Set<string>();

  const reads = (): ApiOperation[] => operations.filter(({ method, stream }) => method === 'GET' && !stream);
  const writes = (): ApiOperation[] =>
    operations.filter(({ method }) => method !== 'GET' && method !== 'HEAD');

  /** All that the victim can read of its own, and the platform of it, by request. */
  const snapshot = async (): Promise<Record<string, AnyJson>> => {
    const found: Record<string, AnyJson> = {};
    for (const operation of reads()) {
      if (operation.isPublic || (operation.isPlatform && operation.pathKinds.length === 0)) continue;
      for (const path of pathChoices(operation, victim)) {
        const asked = requestOf(operation, {
          path,
          query: { ...('q' in operation.baseQuery && { q: victim.mark }) },
        });
        const told = await (operation.isPlatform ? operator : owners[0]!).ask(asked);
        const text = comparable(told.text);
        found[asked.path] = { status: told.status, body: text === '' ? null : parse(text) };
      }
    }
    return found;
  };

  beforeAll(async () => {
    rail = await startRail({
      env: { HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32', HR_WEBHOOK_RETRY_SECONDS: '0' },
    });
    platform = createClient(rail.url, rail.key);
    operations = operationsOf((await platform.get('/openapi.json')).body).sort(byHarm);
    victim = await makeVictim(rail, platform);
    operator = new Asker(rail.url, rail.key);
    owners = victim.keys.map((key) => new Asker(rail.url, key));
    const other = await newTenant(platform, 'another tenant');
    strangers = [
      await makeStranger({ url: rail.url, key: other.key, isPlatform: false }),
      await makeStranger({ url: rail.url, key: rail.key, isPlatform: true }),
    ];
    const first = await snapshot();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    before = await snapshot();
    for (const path of differences(first, before)) volatile.add(path);
  });
  afterAll(async () => {
    await Promise.all((strangers ?? []).map((stranger) => stranger.stop()));
    await Promise.all([operator, ...(owners ?? []), platform].map((open) => open?.close()));
    await victim?.stop();
    await rail?.stop();
  });

  /** What is wrong with an answer; nothing, when the stranger learns nothing by it. */
  const faults = (probe: Probe, told: Told, twin: { told: Told; sent: string[] } | undefined): string[] => {
    const leaks = leaksIn(told.text, victim, probe.sent).map((secret) => `tells ${secret}`);
    if (told.status >= 500) leaks.push(`answers ${told.status}`);
    if (told.headers['idempotency-replayed'] === 'true') leaks.push('gives the answer to another');
    const isRefused = told.status === 403 && told.code === 'forbidden';
    if (probe.isHidden && told.status !== 404 && !isRefused)
      leaks.push(`answers ${told.status} ${told.code}`);
    if (twin === undefined) return leaks;
    if (told.status !== twin.told.status || told.code !== twin.told.code)
      leaks.push(`answers ${told.status} ${told.code}, and ${twin.told.status} ${twin.told.code} for none`);
    else if (probe.asked.method === 'GET') {
      const [here, there] = [comparable(told.text, probe.sent), comparable(twin.told.text, twin.sent)];
      if (here !== there) leaks.push(`answers ${here}, and ${there} for none`);
    }
    return leaks;
  };

  const tryOut = async (stranger: Stranger, probe: Probe): Promise<string[]> => {
    const told = await stranger.asker.ask(probe.asked);
    const twin = probe.twin && { told: await stranger.asker.ask(probe.twin.asked), sent: probe.twin.sent };
    const sent = probe.asked.method === 'GET' ? probe.sent : [...probe.sent, ...stranger.sent];
    return faults({ ...probe, sent }, told, twin).map((fault) => `${stranger.name}: ${probe.about} ${fault}`);
  };

  const tryAll = async (stranger: Stranger, probes: Probe[]): Promise<string[]> => {
    const found: string[] = [];
    if (probes.some(({ asked }) => asked.method !== 'GET'))
      for (const { sent } of probes) for (const value of sent) stranger.sent.add(value);
    for (let at = 0; at < probes.length; at += 8)
      found.push(
        ...(await Promise.all(probes.slice(at, at + 8).map((probe) => tryOut(stranger, probe)))).flat(),
      );
    return found;
  };

  it('has something to find: each of its ids is known on each route that takes it', async () => {
    const marked = Object.values(before).filter((told) => leaksIn(JSON.stringify(told), victim).length > 0);
    expect(marked.length).toBeGreaterThan(20);
    for (const [path, { status }] of Object.entries(before)) expect([path, status]).toEqual([path, 200]);
  });

  it('opens the live streams, on every channel that a stranger can name', async () => {
    const streams = operations.filter(({ stream }) => stream !== undefined);
    expect(streams.length).toBeGreaterThan(0);
    for (const stranger of strangers)
      for (const operation of streams)
        for (const { asked, sent } of await queryProbes(operation, victim, stranger.own))
          stranger.ears.push(await Ear.open(operation.stream!, rail.url, { key: stranger.key, asked, sent }));
  });

  it('shows nothing of it to those who ask for it, nor to those who ask for all', async () => {
    const found: string[] = [];
    for (const stranger of strangers)
      for (const operation of reads().filter((one) => openTo(stranger, one))) {
        found.push(...(await tryAll(stranger, pathProbes(operation, victim))));
        found.push(...(await tryAll(stranger, await queryProbes(operation, victim, stranger.own))));
      }
    expect(found).toEqual([]);
  });

  it('shows nothing of it where no key is needed', async () => {
    const nobody = new Asker(rail.url, '');
    for (const operation of reads().filter(({ isPublic }) => isPublic)) {
      const { text } = await nobody.ask(requestOf(operation, {}));
      expect([operation.name, leaksIn(text, victim)]).toEqual([operation.name, []]);
    }
    await nobody.close();
  });

  it('lets nobody do anything with it', async () => {
    const found: string[] = [];
    for (const stranger of strangers)
      for (const operation of writes().filter((one) => openTo(stranger, one))) {
        found.push(...(await tryAll(stranger, pathProbes(operation, victim))));
        if (operation.method === 'DELETE') continue;
        const inBodies = await bodyProbes(operation, victim, stranger.own);
        found.push(
          ...(await tryAll(
            stranger,
            inBodies.filter((probe) => !mayName(stranger, probe)),
          )),
        );
        found.push(...(await tryAll(stranger, await plainProbes(operation, victim, stranger.own))));
      }
    expect(found).toEqual([]);
  });

  it('shows nothing of it afterwards either', async () => {
    for (const stranger of strangers)
      for (const operation of reads().filter((one) => openTo(stranger, one) && one.pathKinds.length === 0)) {
        const { text } = await stranger.asker.ask(requestOf(operation, {}));
        expect([operation.name, leaksIn(text, victim, stranger.sent)]).toEqual([operation.name, []]);
      }
  });

  it('is as it was', async () => {
    const after = await snapshot();
    expect(differences(before, after).filter((path) => !volatile.has(path))).toEqual([]);
  });

  it('is not heard of by strangers, on streams or webhooks, while it goes on', async () => {
    const told = victim.receiver.got.length;
    const { body } = await victim.client.post(
      'packets',
      smallPacket(`${victim.mark}-agent`, `${victim.mark}-agent`, {
        context: { summary: `${victim.mark} goes on` },
        metadata: {
          source_agent: { id: `${victim.mark}-agent`, name: victim.mark },
          target_agent: { id: `${victim.mark}-next`, name: victim.mark },
        },
      }),
    );
    expect(body.status).toBe('created');
    await expect.poll(() => victim.receiver.got.length, { timeout: 10_000 }).toBeGreaterThan(told);
    for (const { client, ears, receiver, sent } of strangers) {
      await client.send('PUT', 'routing/edges', { edges: [{ from: 'own-agent', to: 'own-agent' }] });
      const create = async () => (await client.post('packets', smallPacket('own-agent', 'own-agent'))).body;
      const own = await vi.waitUntil(async () => {
        const made = await create();
        return made.id !== undefined && made;
      });
      expect(await ears[0]!.hears(own.id)).toBe(true);
      await expect
        .poll(() => receiver.got.some(({ text }) => text.includes(own.id)), { timeout: 20_000 })
        .toBe(true);
      for (const ear of ears)
        expect([ear.about, leaksIn(ear.heard, victim, [...ear.sent, ...sent])]).toEqual([ear.about, []]);
      for (const { text, headers } of receiver.got)
        expect(leaksIn(JSON.stringify(headers) + text, victim, sent)).toEqual([]);
    }
  });

  it('is there for its owner, on every route that was tried', async () => {
    const missed: string[] = [];
    for (const operation of operations.filter(({ isPublic, stream }) => !isPublic && !stream)) {
      if (operation.pathKinds.length === 0) continue;
      const told: Told[] = [];
      for (const path of pathChoices(operation, victim))
        for (const asker of operation.isPlatform ? [operator] : owners)
          if (!told.some(isThere)) told.push(await asker.ask(requestOf(operation, { path })));
      const statuses = told.map(({ status, code }) => `${status} ${code}`);
      if (!told.some(isThere)) missed.push(`${operation.name}: ${statuses.join()}`);
    }
    expect(missed).toEqual([]);
  });
});

const isThere = ({ status, code }: Told): boolean => status !== 404 && status < 500 && code !== 'forbidden';

/** Who runs the rail may say for which tenant it does something. */
const mayName = ({ isPlatform }: Stranger, { sent }: Probe): boolean =>
  isPlatform && sent.some((id) => id.startsWith('t-'));

const parse = (text: string): AnyJson => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
