import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buckets } from '#libs/contracts';
import { Bucket } from '#libs/event-log';
import { smallPacket, type SseReader } from '#libs/testing';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { follow, liveOnce, packetEvents } from './feeds.features.js';

describe('who may follow the feed', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway?.stop());

  const newKey = async (more: object = {}): Promise<{ id: string; key: string }> => {
    const { body } = await gateway.client().post('keys', { name: 'k', role: 'reader', ...more });
    return body;
  };
  const openSocket = async (key: string): Promise<WebSocket> => {
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/v1/ws?token=${key}`);
    socket.on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  };
  const codeOf = async (reader: SseReader): Promise<string> => {
    await reader.ended;
    return reader.body().code;
  };

  it.each(['reader', 'agent', 'approver', 'writer'])('a key of role %s', async (role) => {
    const { key } = await newKey({ role });
    const reader = await follow(gateway, { as: key });
    expect(reader.status).toBe(200);
    reader.cut();
  });

  it.each(['api_key', 'token'])('a key in the address as ?%s=, here and nowhere else', async (name) => {
    const { key } = await newKey();
    const reader = await follow({ url: gateway.url, key: '' }, { query: `?${name}=${key}` });
    expect(reader.status).toBe(200);
    reader.cut();
    expect((await gateway.client('').get(`packets?${name}=${key}`)).status).toBe(401);
    const twice = await follow({ url: gateway.url, key: '' }, { query: `?${name}=${key}&${name}=${key}` });
    expect([401, 422]).toContain(twice.status);
  });

  it('nobody without a key, with a wrong one or with one that is over', async () => {
    const none = await follow({ url: gateway.url, key: '' });
    expect([none.status, await codeOf(none)]).toEqual([401, 'unauthenticated']);
    const bogus = await follow(gateway, { as: `hr_${'x'.repeat(43)}` });
    expect([bogus.status, await codeOf(bogus)]).toEqual([401, 'unauthenticated']);
    const { id, key } = await newKey();
    await gateway.client().send('DELETE', `keys/${id}`);
    const revoked = await follow(gateway, { as: key });
    expect([revoked.status, await codeOf(revoked)]).toEqual([403, 'key_revoked']);
  });

  it('each tenant its own, whatever it asks for', async () => {
    const { body: tenant } = await gateway
      .client()
      .post('tenants', { name: `t${Date.now()}`, tier: 'unlimited' });
    const { key } = await newKey({ tenant_id: tenant.id, role: 'writer' });
    const own = await liveOnce(gateway);
    const queries = ['', `?subscribe=packet:${own}`, `?subscribe=root:${own}`, '?subscribe=*'];
    const theirs = await Promise.all(
      queries.map((query) => follow(gateway, { as: key, query, lastEventId: '0-0' })),
    );
    await liveOnce(gateway);
    const theirOwn = await gateway.client(key).post('packets', smallPacket());
    await vi.waitFor(() => expect(packetEvents(theirs[0]!)).toHaveLength(1), { timeout: 5_000 });
    const heard = theirs.flatMap(packetEvents).map(({ data }) => data.packet_id);
    expect(new Set(heard)).toEqual(new Set([theirOwn.body.id]));
    theirs.forEach((reader) => reader.cut());
  });

  it('ends streams within a second when their key is revoked, and no others', async () => {
    const [one, other] = [await newKey(), await newKey()];
    const reader = await follow(gateway, { as: one.key });
    const staying = await follow(gateway, { as: other.key });
    const socket = await openSocket(one.key);
    const closed = once(socket, 'close');
    const at = performance.now();
    await gateway.client().send('DELETE', `keys/${one.id}`);
    await reader.ended;
    const [code, reason] = await closed;
    expect(performance.now() - at).toBeLessThan(1_000);
    expect(reader.events.at(-1)).toMatchObject({ type: 'closed', data: { reason: 'key_revoked' } });
    expect([code, String(reason)]).toEqual([4001, 'key_revoked']);
    await liveOnce(gateway);
    await vi.waitFor(() => expect(packetEvents(staying)).toHaveLength(3));
    expect(packetEvents(reader)).toEqual([]);
    staying.cut();
  });

  it('ends streams with their tenant, and those that take nothing, too', async () => {
    const { body: tenant } = await gateway
      .client()
      .post('tenants', { name: `gone${Date.now()}`, tier: 'unlimited' });
    const { key } = await newKey({ tenant_id: tenant.id });
    const [reader, stalled] = [await follow(gateway, { as: key }), await follow(gateway, { as: key })];
    stalled.pause();
    const at = performance.now();
    await gateway.client().send('DELETE', `tenants/${tenant.id}`);
    await reader.ended;
    expect(performance.now() - at).toBeLessThan(1_000);
    expect(reader.events.at(-1)?.data).toMatchObject({ reason: 'key_revoked' });
    stalled.resume();
    await stalled.ended;
  });

  it('ends streams when their key expires', async () => {
    const expires_at = new Date(Date.now() + 1_500).toISOString();
    const { key } = await newKey({ expires_at });
    const reader = await follow(gateway, { as: key });
    const socket = await openSocket(key);
    const closed = once(socket, 'close');
    await reader.ended;
    expect(Date.now() - Date.parse(expires_at)).toBeGreaterThanOrEqual(0);
    expect(Date.now() - Date.parse(expires_at)).toBeLessThan(1_000);
    expect(reader.events.at(-1)?.data).toMatchObject({ reason: 'key_expired' });
    expect((await closed)[0]).toBe(4002);
  });

  it('ends streams when an end is set to their key later on', async () => {
    const { id, key } = await newKey();
    const reader = await follow(gateway, { as: key });
    const keys = await Bucket.open<{ id: string; expires_at?: string }>(gateway.runtime.nats, buckets.keys);
    const [hash, entry] = [...keys.entries()].find(([, { value }]) => value.id === id)!;
    const expires_at = new Date(Date.now() + 400).toISOString();
    await keys.put(hash, { ...entry.value, expires_at });
    keys.close();
    await reader.ended;
    expect(Date.now() - Date.parse(expires_at)).toBeGreaterThanOrEqual(0);
    expect(reader.events.at(-1)?.data).toMatchObject({ reason: 'key_expired' });
  });

  it('answers HEAD without a stream', async () => {
    const head = await gateway.client().send('HEAD', 'events');
    expect(head).toMatchObject({ status: 200, body: undefined });
  });

  it('ends every stream when it stops, soon, and lets them come back elsewhere', async () => {
    const reader = await follow(gateway);
    const socket = await openSocket(gateway.key);
    const closed = once(socket, 'close');
    const at = performance.now();
    await gateway.stopGateway();
    await reader.ended;
    expect(reader.events.at(-1)).toMatchObject({ type: 'closed', data: { reason: 'shutdown' } });
    expect((await closed)[0]).toBe(1001);
    expect(performance.now() - at).toBeLessThan(3_000);
  });
});
