import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { register } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { feedHeaders, feedSubject, formatPosition } from '#libs/contracts';
import { writeHeaders } from '#libs/event-log';
import type { PacketId, TenantId } from '#libs/packet';
import { readEvents, type SseReader } from '#libs/testing';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';
import { follow, liveOnce, packetEvents } from './feeds.features.js';

const sequenceOf = (cursor: string | undefined): number => Number.parseInt((cursor ?? '0-0').slice(2), 36);
const from1 = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('a feed whatever happens to it', () => {
  let gateway: TestGateway;
  let sibling: Awaited<ReturnType<typeof startSibling>>;
  beforeAll(async () => {
    gateway = await startTestGateway();
    sibling = await startSibling(gateway);
  });
  afterAll(async () => {
    await sibling?.stop();
    await gateway?.stop();
  });

  /** Live messages and positions that never arrive. */
  const loseSome = (share: number): (() => void) => {
    const { nats } = gateway.runtime;
    const publish = nats.publish.bind(nats);
    const spy = vi.spyOn(nats, 'publish').mockImplementation((subject, ...rest) => {
      if (/^hr\.(feed|position)/.test(subject) && Math.random() < share) return;
      publish(subject, ...rest);
    });
    return () => spy.mockRestore();
  };

  const sequences = (reader: SseReader): number[] => packetEvents(reader).map(({ id }) => sequenceOf(id));

  it('is cut off a hundred times, over two gateways, with live messages lost, and tells each event once', async () => {
    const restore = loseSome(0.2);
    const stopping = new AbortController();
    const writing = Promise.all(
      from1(2).map(async () => {
        while (!stopping.signal.aborted) await liveOnce(gateway);
      }),
    );
    const heard: number[] = [];
    let cursor: string | undefined = '0-0';
    for (let round = 0; round < 100; round += 1) {
      const { url } = round % 2 === 0 ? gateway : sibling;
      const reader: SseReader = await follow({ url, key: gateway.key }, { lastEventId: cursor });
      await delay(Math.random() * 40);
      reader.cut();
      await reader.ended;
      heard.push(...sequences(reader));
      cursor = reader.lastId;
    }
    stopping.abort();
    await writing;
    restore();
    const last = await gateway.runtime.log.lastSequence();
    const reader = await follow(sibling.url === '' ? gateway : { url: sibling.url, key: gateway.key }, {
      lastEventId: cursor,
    });
    await vi.waitFor(() => expect(heard.length + sequences(reader).length).toBeGreaterThanOrEqual(last), {
      timeout: 10_000,
    });
    expect([...heard, ...sequences(reader)]).toEqual(from1(last));
    expect(last).toBeGreaterThan(100);
    reader.cut();
  });

  it('tells fifty readers on two gateways every event once, in order, though live messages are lost', async () => {
    const begin = await gateway.runtime.log.lastSequence();
    await vi.waitFor(async () => {
      const { body } = await gateway.client().get('/ready');
      expect(body.checks.projection.lag_events).toBe(0);
    });
    const open = (index: number) =>
      follow({ url: index % 2 === 0 ? gateway.url : sibling.url, key: gateway.key });
    const readers = await Promise.all(from1(50).map(open));
    const restore = loseSome(0.1);
    for (let round = 0; round < 40; round += 1) await liveOnce(gateway);
    restore();
    await liveOnce(gateway);
    const last = await gateway.runtime.log.lastSequence();
    const expected = from1(last - begin).map((step) => begin + step);
    for (const reader of readers) {
      await vi.waitFor(() => expect(sequences(reader).at(-1)).toBe(last), { timeout: 10_000 });
      expect(sequences(reader)).toEqual(expected);
      reader.cut();
    }
  });

  /** Messages of a tenant that has no log, one behind the other. */
  const flood = async (tenant: TenantId, count: number, taken: () => number): Promise<void> => {
    const { nats, log } = gateway.runtime;
    const start = await log.lastSequence();
    const packet_id = '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60' as PacketId;
    const filling = 'x'.repeat(100_000);
    for (const step of from1(count)) {
      const position = formatPosition(start + step);
      const message = { type: 'packet.updated', packet_id, position, agents: [], data: {}, filling };
      const headers = writeHeaders([[feedHeaders.previous, formatPosition(start + step - 1)]]);
      nats.publish(feedSubject(tenant, packet_id, 'packet.updated'), JSON.stringify(message), { headers });
      // The one that takes all must not fall behind: there is no log to serve it from.
      if (step % 4 === 0)
        await vi.waitFor(() => expect(taken()).toBeGreaterThanOrEqual(step), {
          interval: 1,
          timeout: 10_000,
        });
    }
  };

  const lineOf = async (name: string, label: string): Promise<number> => {
    const lines = (await register.getSingleMetricAsString(name)).split('\n');
    return Number(
      lines
        .find((line) => line.startsWith(`${name}{`) && line.includes(label))
        ?.split(' ')
        .at(-1),
    );
  };

  const held = (): number => {
    setFlagsFromString('--expose_gc');
    (runInNewContext('gc') as () => void)();
    const { external, arrayBuffers, heapUsed } = process.memoryUsage();
    return (external + arrayBuffers + heapUsed) / 2 ** 20;
  };

  it('cuts off readers that take nothing, without keeping for them what they do not take', async () => {
    const { body: tenant } = await gateway.client().post('tenants', { name: 'flooded', tier: 'unlimited' });
    const { body: key } = await gateway
      .client()
      .post('keys', { name: 'k', role: 'reader', tenant_id: tenant.id });
    const url = `${gateway.url}/api/v1/events`;
    const openBefore = await lineOf('handoffrail_feed_streams', 'transport="sse"');
    const stalled = await Promise.all(from1(10).map(() => readEvents(url, { key: key.key })));
    stalled.forEach((reader) => reader.pause());
    let taken = 0;
    const healthy = await readEvents(url, { key: key.key, onEvent: () => (taken += 1) });
    healthy.events.push = () => 0;
    const before = held();
    await flood(tenant.id, 800, () => taken);
    expect(taken).toBe(801);
    expect(held() - before).toBeLessThan(40);
    expect(await lineOf('handoffrail_feed_streams', 'transport="sse"')).toBe(openBefore + 11);
    // What a connection holds in its own buffers comes out first.
    await delay(12_000);
    stalled.forEach((reader) => reader.resume());
    await Promise.all(stalled.map(({ ended }) => ended));
    expect(await lineOf('handoffrail_feed_ended_total', 'reason="slow"')).toBe(10);
    healthy.cut();
  });
});
