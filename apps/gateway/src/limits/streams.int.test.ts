import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { streams, streamSlotSubject } from '#libs/contracts';
import { StreamSlots } from '#libs/event-log';
import { type Client, readEvents, type SseReader } from '#libs/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';
import { newTenant } from './rates.features.js';

describe('the live streams of a tenant', () => {
  let gateway: TestGateway;
  let sibling: Awaited<ReturnType<typeof startSibling>>;
  let admin: Client;
  let slots: StreamSlots;
  beforeAll(async () => {
    gateway = await startTestGateway();
    sibling = await startSibling(gateway);
    admin = gateway.client();
    slots = new StreamSlots(gateway.runtime.nats);
  });
  afterAll(async () => {
    await slots?.close();
    await sibling?.stop();
    await gateway?.stop();
  });

  /** A tenant that may have so many streams, with a key that both gateways know. */
  const limited = async (limit: number | null) => {
    const { id, newKey } = await newTenant(admin, { streams: limit });
    const key = await newKey('reader');
    await expect.poll(async () => (await sibling.client(key).get('agents')).status).toBe(200);
    return { id, key };
  };
  const follow = ({ url }: { url: string }, key: string, query = ''): Promise<SseReader> =>
    readEvents(`${url}/api/v1/events${query}`, { key });
  const openSocket = (url: string, key: string): WebSocket => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws?token=${key}`);
    socket.on('error', () => undefined);
    return socket;
  };
  const refusal = async (reader: SseReader) => {
    await reader.ended;
    return reader.body();
  };

  it('are no more than it may have, on all gateways together', async () => {
    const { id, key } = await limited(2);
    const first = await follow(gateway, key);
    expect(first.headers['x-ratelimit-tier']).toBe('unlimited');
    const second = openSocket(sibling.url, key);
    const [upgrade] = (await once(second, 'upgrade')) as [IncomingMessage];
    expect(upgrade.headers).toMatchObject({ 'x-ratelimit-tier': 'unlimited' });
    expect(upgrade.headers['traceparent']).toMatch(/^00-/);
    for (const at of [gateway, sibling]) {
      const refused = await follow(at, key);
      expect(refused.status).toBe(403);
      expect(await refusal(refused)).toMatchObject({ code: 'too_many_streams', limit: 2, used: 2 });
      const [, answer] = (await once(openSocket(at.url, key), 'unexpected-response')) as [
        unknown,
        IncomingMessage,
      ];
      expect(answer.statusCode).toBe(403);
    }
    expect(await slots.count(id)).toBe(2);
    first.cut();
    await expect.poll(() => slots.count(id)).toBe(1);
    const third = await follow(sibling, key);
    expect(third.status).toBe(200);
    second.close();
    await expect.poll(() => slots.count(id)).toBe(1);
    third.cut();
    await expect.poll(() => slots.count(id)).toBe(0);
  });

  it('are as many as it may have, when many come at once', async () => {
    const { id, key } = await limited(5);
    const readers = await Promise.all(
      Array.from({ length: 24 }, (_, index) => follow(index % 2 ? gateway : sibling, key)),
    );
    expect(readers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(await slots.count(id)).toBe(5);
    readers.forEach((reader) => reader.cut());
    await expect.poll(() => slots.count(id)).toBe(0);
  });

  it('are not taken by what becomes no stream', async () => {
    const { id, key } = await limited(1);
    const client = gateway.client(key);
    expect((await client.send('HEAD', 'events')).status).toBe(200);
    expect((await follow(gateway, key, '?subscribe=nonsense:1')).status).toBe(422);
    expect((await client.get('ws')).status).toBe(426);
    expect(await slots.count(id)).toBe(0);
    const reader = await follow(gateway, key);
    expect(reader.status).toBe(200);
    reader.cut();
  });

  it('stay one while their reader moves to another place', async () => {
    const { id, key } = await limited(1);
    const socket = openSocket(gateway.url, key);
    await once(socket, 'message');
    for (let move = 0; move < 3; move += 1) {
      socket.send(JSON.stringify({ action: 'resume', cursor: '0-0' }));
      await once(socket, 'message');
    }
    expect(await slots.count(id)).toBe(1);
    expect((await follow(sibling, key)).status).toBe(403);
    socket.close();
    await expect.poll(() => slots.count(id)).toBe(0);
  });

  it('are counted where there is no limit, too', async () => {
    const { id, key } = await limited(null);
    const readers = await Promise.all([gateway, sibling, gateway].map((at) => follow(at, key)));
    await expect.poll(() => slots.count(id)).toBe(3);
    readers.forEach((reader) => reader.cut());
    await expect.poll(() => slots.count(id)).toBe(0);
  });

  it('end when their place was lost and is another’s', async () => {
    const { id, key } = await limited(1);
    const reader = await follow(gateway, key);
    const jsm = await jetstreamManager(gateway.runtime.nats);
    await jsm.streams.purge(streams.streamSlots, { filter: streamSlotSubject(id, '1') });
    expect((await follow(sibling, key)).status).toBe(200);
    // As after a server that came back without it: else it is looked for every ten seconds.
    await gateway.runtime.nats.reconnect();
    await reader.ended;
    expect(reader.events.at(-1)).toMatchObject({ type: 'closed', data: { reason: 'too_many_streams' } });
  });

  it('are free for others when their gateway stops', async () => {
    const { id, key } = await limited(1);
    const third = await startSibling(gateway);
    await expect.poll(async () => (await third.client(key).get('agents')).status).toBe(200);
    expect((await follow(third, key)).status).toBe(200);
    await third.stop();
    expect(await slots.count(id)).toBe(0);
  });
});
