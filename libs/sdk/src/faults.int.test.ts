import { type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HandoffRail } from './client.js';
import { type Fault, startFaultyProxy } from './faulty-proxy.features.js';

const kinds: Fault[] = ['drop-before', 'drop-after', 'cut-answer', 'delay', '429', '503'];
const flat = (n: number) => ({ sourceAgent: 'sales-01', targetAgent: 'billing-01', summary: `Refund ${n}` });

describe('a client behind a faulty network', () => {
  let rail: Rail;

  beforeAll(async () => {
    rail = await startRail({ env: { HR_DURABILITY: 'relaxed' } });
  });

  afterAll(() => rail.stop());

  const clientOf = (baseUrl: string, more = {}) => new HandoffRail({ baseUrl, apiKey: rail.key, ...more });

  it.concurrent.each(kinds)('makes one packet, and moves it once, through every %s', async (kind) => {
    const turns = new Map<string, number>();
    // The first two attempts of each request go wrong.
    const proxy = await startFaultyProxy(rail.url, ({ method, url, headers }) => {
      const id = `${method} ${url} ${String(headers['idempotency-key'])}`;
      const turn = turns.get(id) ?? 0;
      turns.set(id, turn + 1);
      return turn < 2 ? kind : 'none';
    });
    const client = clientOf(proxy.url, { timeoutMs: 500 });
    const tag = `faults-${kind}`;
    const packet = await client.createPacket({ ...flat(1), tags: [tag] });
    await client.claimPacket(packet, { agentId: 'billing-01', leaseSeconds: 600 });
    const done = await client.completePacket(packet.id, { result: 1 });
    await client.deletePacket(await client.createPacket({ ...flat(2), tags: [tag] }));

    expect(done.status).toBe('completed');
    const { packets } = await clientOf(rail.url).listPackets({ tags: tag });
    expect(packets.map(({ status }) => status).sort()).toEqual(['cancelled', 'completed']);
    const { events } = await clientOf(rail.url).getPacketHistory(packet);
    expect(events.map((event) => event.event_type)).toEqual([
      'packet.created',
      'packet.claimed',
      'packet.completed',
    ]);
    expect(proxy.seen.filter(({ fault }) => fault === kind)).toHaveLength(10);
    await proxy.close();
  });

  it('makes each packet once when anything may happen to any attempt', async () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const proxy = await startFaultyProxy(rail.url, () =>
      random() < 0.3 ? kinds[Math.floor(random() * kinds.length)]! : 'none',
    );
    const client = clientOf(proxy.url, { timeoutMs: 500, maxRetries: 8 });
    const one = async (n: number) => client.createPacket({ ...flat(n), tags: ['many'] });
    const made = await Promise.all(Array.from({ length: 60 }, (_, n) => one(n)));

    const summaries: string[] = [];
    for await (const packet of clientOf(rail.url).listPackets({ tags: 'many', limit: 25 }))
      summaries.push(packet.context.summary);
    expect(summaries).toHaveLength(60);
    expect(new Set(summaries).size).toBe(60);
    expect(new Set(made.map(({ id }) => id)).size).toBe(60);
    expect(proxy.seen.length).toBeGreaterThan(60);
    await proxy.close();
  });

  it('sends what may not be sent twice only once', async () => {
    const proxy = await startFaultyProxy(rail.url, ({ url }) =>
      url!.endsWith('/test') ? 'drop-after' : 'none',
    );
    const client = clientOf(proxy.url);
    const hook = await client.webhooks.create({ url: 'https://example.com/rail' });
    await expect(client.webhooks.test(hook.id)).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(proxy.seen.filter(({ path }) => path.endsWith('/test'))).toHaveLength(1);
    await proxy.close();
  });

  it('gives up after its retries, and at once when it is aborted while it waits', async () => {
    const proxy = await startFaultyProxy(rail.url, () => 'drop-before');
    await expect(clientOf(proxy.url, { maxRetries: 1 }).getStats()).rejects.toMatchObject({
      name: 'ConnectionError',
      code: 'connection',
    });
    expect(proxy.seen).toHaveLength(2);
    const ending = new AbortController();
    const waiting = clientOf(proxy.url, { maxRetries: 100 }).getStats({ signal: ending.signal });
    setTimeout(() => ending.abort(new Error('enough')), 50);
    await expect(waiting).rejects.toThrow('enough');
    await proxy.close();
  });
});
