import {
  deliveryId,
  insertDeliveries,
  type NewDelivery,
  PreparedDeliveries,
  settleAttempts,
} from '#libs/deliveries';
import { type Instant, instantAt, type TenantId } from '#libs/packet';
import { type AnyJson, type Client, type SseReader } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow } from '../feeds/feeds.features.js';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

const at: Instant = instantAt(Date.UTC(2026, 0, 31));
const attempt = { at, status_code: 500, duration_ms: 1, error: 'It answered 500.', response_excerpt: '' };

describe('the figures of a tenant', () => {
  let gateway: TestGateway;
  let client: Client;
  let other: { client: Client; key: string; tenant: TenantId };
  beforeAll(async () => {
    gateway = await startTestGateway({ HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32' });
    client = gateway.client();
    const { body: tenant } = await client.post('tenants', { name: 'other', tier: 'unlimited' });
    const { body: made } = await client.post('keys', { name: 'k', role: 'writer', tenant_id: tenant.id });
    other = { client: gateway.client(made.key), key: made.key, tenant: tenant.id };
  });
  afterAll(() => gateway?.stop());

  const figures = async (of = client): Promise<AnyJson> => {
    const { status, body } = await of.get('stats');
    expect(status).toBe(200);
    return body;
  };

  it('tell that nothing is to be delivered where nothing ever was', async () => {
    expect(await figures()).toMatchObject({
      deliveries: { open: 0, retrying: 0, dead_letters: 0, capped: false },
      live_streams: 0,
    });
  });

  it('tell what webhooks are still to be told, of this tenant and no other', async () => {
    const hookOf = async (of: Client): Promise<string> =>
      (await of.post('hooks', { url: 'http://127.0.0.1:9999/hook' })).body.id;
    const [own, foreign] = [await hookOf(client), await hookOf(other.client)];
    const deliveries = new PreparedDeliveries(gateway.servers.databaseUrl);
    const owed = (hook_id: string, tenant_id: TenantId, event_id: string): NewDelivery => ({
      ...{ tenant_id, hook_id, event_id, event_type: 'hook.test', payload: {}, occurred_at: at },
      traceparent: '00-7be1b0c5b8f34a3d9d0c6a3f2e1d4c5b-00f067aa0ba902b7-01',
      ordered: false,
    });
    const failed = (event: string, status: 'failed' | 'dead_letter' | 'delivered') => ({
      ...{ id: deliveryId(own, event), hook_id: own, attempt_count: 0, status, attempt },
      ...(status === 'failed' && { retry_in_ms: 60_000 }),
    });
    await deliveries.use(async (source) => {
      const mine = ['a', 'b', 'c', 'd', 'e'].map((event) => owed(own, 'default' as TenantId, event));
      await insertDeliveries(source, [...mine, owed(foreign, other.tenant, 'a')]);
      await settleAttempts(source, [
        failed('a', 'failed'),
        failed('b', 'dead_letter'),
        failed('c', 'delivered'),
      ]);
    });
    await deliveries.close();
    expect((await figures()).deliveries).toEqual({ open: 3, retrying: 1, dead_letters: 1, capped: false });
    expect((await figures(other.client)).deliveries).toMatchObject({ open: 1, retrying: 0, dead_letters: 0 });
  });

  it('tell the live streams that are open on all gateways', async () => {
    const sibling = await startSibling(gateway);
    const readers: SseReader[] = [
      await follow(gateway),
      await follow({ url: sibling.url, key: gateway.key }),
    ];
    const [foreign, one] = [await follow(gateway, { as: other.key }), readers[0]!];
    await expect.poll(async () => (await figures()).live_streams).toBe(2);
    expect((await figures(other.client)).live_streams).toBe(1);
    one.cut();
    await expect.poll(async () => (await figures()).live_streams).toBe(1);
    [...readers, foreign].forEach((reader) => reader.cut());
    await sibling.stop();
  });

  it('are there without NATS, but for what only NATS knows', async () => {
    await gateway.servers.nats.stop();
    expect(await figures()).toMatchObject({ total: 0, live_streams: null });
  });
});
