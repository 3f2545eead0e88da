import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { smallPacket, type SseReader } from '#libs/testing';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { follow, liveOnce, packetEvents, told } from './feeds.features.js';

describe('GET /events', () => {
  let gateway: TestGateway;
  const readers: SseReader[] = [];
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => readers.splice(0).forEach((reader) => reader.cut()));
  afterAll(() => gateway?.stop());

  const open = async (options?: Parameters<typeof follow>[1]): Promise<SseReader> => {
    const reader = await follow(gateway, options);
    readers.push(reader);
    return reader;
  };
  const until = (reader: SseReader, count: number) =>
    vi.waitFor(() => expect(packetEvents(reader).length).toBeGreaterThanOrEqual(count), { timeout: 5_000 });

  it('begins with connected, then tells what happens in order', async () => {
    const reader = await open();
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    const id = await liveOnce(gateway);
    await until(reader, 3);
    const [connected, ...rest] = reader.events;
    expect(connected).toMatchObject({ type: 'connected', id: expect.stringMatching(/^0-/) });
    expect(rest.map(({ type }) => type)).toEqual(['packet.created', 'packet.claimed', 'packet.completed']);
    expect(rest.map(({ id: cursor }) => cursor)).toEqual(rest.map(({ data }) => data.position));
    expect(rest[1]?.data).toMatchObject({
      type: 'packet.claimed',
      packet_id: id,
      revision: 2,
      data: { status: 'claimed', revision: 2, claimed_by: 'a', root_id: id, metadata: { tags: [] } },
    });
  });

  it('is sent after the read models hold the event', async () => {
    const reader = await open({ query: '?subscribe=type:packet.created' });
    const client = gateway.client();
    await liveOnce(gateway);
    await until(reader, 1);
    const { packet_id } = packetEvents(reader)[0]!.data;
    const { body } = await client.get('packets?limit=200');
    expect(body.packets.map((packet: { id: string }) => packet.id)).toContain(packet_id);
  });

  it('goes on behind the cursor, out of the log, as if it had never been away', async () => {
    const all = await open();
    await liveOnce(gateway);
    await until(all, 3);
    const [first] = packetEvents(all);
    const again = await open({ lastEventId: first?.id });
    await until(again, 2);
    expect(packetEvents(again).map(({ data }) => data)).toEqual(
      packetEvents(all)
        .slice(1)
        .map(({ data }) => data),
    );
    const byQuery = await open({ query: `?last_event_id=${first?.id}` });
    await until(byQuery, 2);
    expect(told(byQuery)).toEqual(told(again));
  });

  it('tells everything from the beginning to who asks for it', async () => {
    const reader = await open({ lastEventId: '0-0' });
    const last = await gateway.runtime.log.lastSequence();
    await until(reader, last);
    expect(packetEvents(reader).map(({ id }) => Number.parseInt(id!.slice(2), 36))).toEqual(
      Array.from({ length: last }, (_, index) => index + 1),
    );
  });

  it.each([
    ['nonsense', 'unknown_cursor'],
    ['0-zzzzzz', 'unknown_cursor'],
  ])('says gap where it cannot go on from a cursor: %s', async (cursor, reason) => {
    const reader = await open({ lastEventId: cursor });
    await liveOnce(gateway);
    await until(reader, 3);
    expect(reader.events[1]).toMatchObject({ type: 'gap', data: { reason, cursor } });
    expect(reader.events[1]?.data.resumed_from).toBe(reader.events[0]?.data.position);
    expect(told(reader)).toHaveLength(3);
  });

  it('filters by any of its channels', async () => {
    const here = await liveOnce(gateway, {
      metadata: { source_agent: { id: 'src,1', name: 'S' }, target_agent: { id: 'tgt', name: 'T' } },
    });
    const open3 = (query: string) => open({ query: `?${query}`, lastEventId: '0-0' });
    const byPacket = await open3(`subscribe=packet:${here.toUpperCase()}`);
    const byAgent = await open3('subscribe=agent:src,1');
    const byRoot = await open3(`subscribe=root:${here}`);
    await Promise.all([byPacket, byAgent, byRoot].map((reader) => until(reader, 3)));
    expect(told(byAgent)).toEqual(told(byPacket));
    expect(told(byRoot)).toEqual(told(byPacket));
    expect(told(byPacket)).toEqual([1, 2, 3].map((revision) => `${here} ${revision}`));
    const either = await open3('subscribe=status:completed&subscribe=type:packet.claimed');
    const last = await gateway.runtime.log.lastSequence();
    await until(either, (last / 3) * 2);
    expect(new Set(packetEvents(either).map(({ type }) => type))).toEqual(
      new Set(['packet.claimed', 'packet.completed']),
    );
  });

  it('knows aliases', async () => {
    const reader = await open({ query: '?subscribe=type:packet.in_progress' });
    const client = gateway.client();
    const { body } = await client.post('packets', smallPacket('b', 's', { claim_policy: 'open' }));
    await client.post(`packets/${body.id}/claim`, { agent_id: 'b' });
    await client.post(`packets/${body.id}/progress`, { percent: 10 });
    await client.post(`packets/${body.id}/progress`, { percent: 20 });
    await until(reader, 1);
    await client.post(`packets/${body.id}/complete`, {});
    expect(packetEvents(reader)).toMatchObject([
      { type: 'packet.progressed', data: { aliases: ['packet.in_progress'], revision: 3 } },
    ]);
  });

  it('passes on what is told beside the log, without a cursor', async () => {
    const [all, some] = [await open(), await open({ query: '?subscribe=type:hook.disabled' })];
    const notice = { type: 'hook.disabled', hook_id: 'h1', data: {}, timestamp: '2026-01-31T12:00:00.000Z' };
    gateway.runtime.nats.publish('hr.feed.default.h1.hook.disabled', JSON.stringify(notice));
    gateway.runtime.nats.publish('hr.feed.default.h1.hook.disabled', 'nonsense');
    const noticed = ({ events }: SseReader) => events.filter(({ type }) => type === 'hook.disabled');
    for (const reader of [all, some])
      await vi.waitFor(() => expect(noticed(reader)).toMatchObject([{ id: undefined, data: notice }]));
  });

  it('is told every 25 seconds that it lives, with its cursor', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const reader = await open({ query: '?subscribe=agent:nobody' });
    await liveOnce(gateway);
    vi.advanceTimersByTime(25_000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(reader.events.map(({ type }) => type)).toEqual(['connected', 'ping']));
    expect(reader.events.at(-1)?.id).toMatch(/^0-[0-9a-z]+$/);
  });

  it.each([
    '?subscribe=nonsense',
    '?subscribe=status:asleep',
    '?subscribe=type:packet.slept',
    '?subscribe=packet:1',
    '?subscribe=agent:',
    '?subscribe=constructor:x',
    '?many',
    '?unknown=1',
  ])('refuses %s', async (query) => {
    const many = Array.from({ length: 101 }, (_, serial) => `subscribe=agent:${serial}`).join('&');
    const answer = await open({ query: query.replace('many', many) });
    await vi.waitFor(() => expect(answer.body()).toMatchObject({ code: 'validation_failed' }));
    expect(answer.status).toBe(422);
  });
});
