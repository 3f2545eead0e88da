import {
  type AnyJson,
  type Client,
  createClient,
  freePort,
  type Rail,
  smallPacket,
  startRail,
} from '#libs/testing';
import { errors, type NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Asker, type Told } from './isolation/ask.js';
import { Ear } from './isolation/ear.js';
import { bodyOf, differences, leaksIn } from './isolation/leaks.js';
import { NatsAsker } from './isolation/nats-asker.js';
import { type ApiOperation, operationsOf } from './isolation/operations.js';
import { pathChoices, queryProbes, requestOf } from './isolation/probes.js';
import { makeStranger, openTo, type Stranger } from './isolation/stranger.js';
import { isPlainSubject, subjectsOf } from './isolation/subjects.js';
import { Trials } from './isolation/trials.js';
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
        found[asked.path] = { status: told.status, body: bodyOf(told.text) };
      }
    }
    return found;
  };

  beforeAll(async () => {
    const natsPort = await freePort();
    rail = await startRail({
      env: {
        HR_NATS_PORT: String(natsPort),
        HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32',
        HR_WEBHOOK_RETRY_SECONDS: '0',
        // Longer than all of this takes on a busy machine: an agent that falls silent would be a change.
        HR_PRESENCE_SECONDS: '3600',
      },
    });
    platform = createClient(rail.url, rail.key);
    operations = operationsOf((await platform.get('/openapi.json')).body).sort(byHarm);
    victim = await makeVictim(rail, platform);
    operator = new Asker(rail.url, rail.key);
    owners = victim.keys.map((key) => new Asker(rail.url, key));
    const other = await newTenant(platform, 'another tenant');
    strangers = [
      await makeStranger({ url: rail.url, natsPort, key: other.key, isPlatform: false, knows: [] }),
      await makeStranger({ url: rail.url, natsPort, key: rail.key, isPlatform: true, knows: victim.given }),
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

  /** What comes of it when every stranger tries all of these, over HTTP and, where agents can, over NATS. */
  const tryAll = async (tried: ApiOperation[], how: 'ask' | 'filter' | 'write'): Promise<string[]> => {
    const trials = new Trials(victim);
    const found: string[] = [];
    for (const stranger of strangers)
      for (const operation of tried.filter((one) => openTo(stranger, one))) {
        found.push(...(await trials[how](stranger, operation, stranger.asker)));
        if (!NatsAsker.knows(operation)) continue;
        const overNats = await trials[how](stranger, operation, stranger.overNats);
        found.push(...overNats.map((fault) => `over NATS: ${fault}`));
      }
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

  it('shows nothing of it to those who ask for all', async () => {
    for (const stranger of strangers)
      for (const operation of reads().filter((one) => openTo(stranger, one) && one.pathKinds.length === 0)) {
        const { text } = await stranger.asker.ask(requestOf(operation, {}));
        expect([operation.name, leaksIn(text, victim, stranger.sent)]).toEqual([operation.name, []]);
      }
  });

  it('shows nothing of it to those who look for it, nor in what is kept of their looking', async () => {
    const perKind = new Map(reads().map((operation) => [operation.pathKinds.join(), operation]));
    const trials = new Trials(victim);
    const found: string[] = [];
    for (const stranger of strangers)
      for (const operation of [...perKind.values()].filter((one) => openTo(stranger, one)))
        found.push(...(await trials.askOnce(stranger, operation)));
    // The audit comes a moment later.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    for (const stranger of strangers)
      for (const operation of reads().filter((one) => openTo(stranger, one) && one.pathKinds.length === 0))
        found.push(...(await trials.recall(stranger, operation)));
    expect(found).toEqual([]);
    expect(await tryAll(reads(), 'filter')).toEqual([]);
  });

  it('shows nothing of it to those who ask for it', async () => {
    expect(await tryAll(reads(), 'ask')).toEqual([]);
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
    expect(await tryAll(writes(), 'write')).toEqual([]);
  });

  it('lets nobody listen or speak on NATS where it is meant', async () => {
    const subjects = subjectsOf((await platform.get('/asyncapi.json')).body, victim);
    const plain = subjects.filter(isPlainSubject);
    expect(plain.length).toBeGreaterThan(20);
    for (const { overNats } of strangers) {
      const refused = new Set<string>();
      const watching = watchRefusals(overNats.nats, refused);
      const heard: string[] = [];
      for (const subject of subjects)
        overNats.nats.subscribe(subject, {
          callback: (error, { subject: of }) => {
            if (error === null) heard.push(of);
          },
        });
      for (const subject of plain) overNats.nats.publish(subject, '{}');
      const wanted = [
        ...subjects.map((one) => `subscription ${one}`),
        ...plain.map((one) => `publish ${one}`),
      ];
      await vi.waitFor(() => expect([...refused].sort()).toEqual([...wanted].sort()), 5_000);
      expect(heard).toEqual([]);
      watching();
    }
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
    for (const { client, ears, overNats, receiver, sent } of strangers) {
      await client.send('PUT', 'routing/edges', { edges: [{ from: 'own-agent', to: 'own-agent' }] });
      const create = async () => (await client.post('packets', smallPacket('own-agent', 'own-agent'))).body;
      const own = await vi.waitUntil(async () => {
        const made = await create();
        return made.id !== undefined && made;
      });
      expect(await ears[0]!.hears(own.id)).toBe(true);
      await vi.waitUntil(() => overNats.heard.some((text) => text.includes(own.id)), 10_000);
      await expect
        .poll(() => receiver.got.some(({ text }) => text.includes(own.id)), { timeout: 20_000 })
        .toBe(true);
      for (const ear of ears)
        expect([ear.about, leaksIn(ear.heard, victim, [...ear.sent, ...sent])]).toEqual([ear.about, []]);
      expect(leaksIn(overNats.heard.join('\n'), victim, sent)).toEqual([]);
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

/** Notes what a connection is not allowed to do, until the returned function is called. */
const watchRefusals = (nats: NatsConnection, refused: Set<string>): (() => void) => {
  let isOver = false;
  const follow = async () => {
    for await (const status of nats.status()) {
      if (isOver) return;
      if (status.type !== 'error' || !(status.error instanceof errors.PermissionViolationError)) continue;
      refused.add(`${status.error.operation} ${status.error.subject}`);
    }
  };
  void follow();
  return () => void (isOver = true);
};
