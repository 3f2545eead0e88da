import { type Client, readEvents, smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';
import { newTenant } from './rates.features.js';

const day = 86_400_000;
const nextOf = (windowMs: number) =>
  new Date((Math.floor(Date.now() / windowMs) + 1) * windowMs).toISOString();

describe('the usage of a tenant', () => {
  let gateway: TestGateway;
  let sibling: Awaited<ReturnType<typeof startSibling>>;
  let admin: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    sibling = await startSibling(gateway);
    admin = gateway.client();
  });
  afterAll(async () => {
    await sibling?.stop();
    await gateway?.stop();
  });

  const usage = async (client: Client) => {
    const { status, body } = await client.get('usage');
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };

  it('tells each limit, what is used of it, and when it begins anew', async () => {
    const { id, newKey } = await newTenant(admin, {
      packets_per_day: 10,
      agents: 3,
      keys: 4,
      webhooks: 5,
      streams: 6,
      requests_per_hour: 1_000,
      requests_per_minute: 500,
      packet_bytes: 10_000,
      audit_days: 9,
    });
    const [key, reader] = [await newKey('admin'), await newKey('reader')];
    const client = gateway.client(key);
    expect(await usage(client)).toEqual({
      tier: 'unlimited',
      packets_per_day: { limit: 10, used: 0, resets_at: nextOf(day) },
      requests_per_hour: { limit: 1_000, used: 1, resets_at: nextOf(day / 24) },
      requests_per_minute: { limit: 500 },
      agents: { limit: 3, used: 0 },
      keys: { limit: 4, used: 2 },
      webhooks: { limit: 5, used: 0 },
      streams: { limit: 6, used: 0 },
      packet_bytes: { limit: 10_000 },
      audit_days: { limit: 9 },
    });
    const made = await client.post('packets/batch', { packets: [smallPacket(), smallPacket(), {}] });
    expect(made.body.created).toHaveLength(2);
    const agent = { name: 'Bo', capabilities: [] };
    expect((await client.send('PUT', 'agents/bo', agent)).status).toBeLessThan(300);
    const hook = { url: 'https://example.com/hook', events: ['packet.*'] };
    expect((await client.post('hooks', hook)).status).toBe(201);
    const stream = await readEvents(`${gateway.url}/api/v1/events`, { key });
    const gone = (await client.post('keys', { name: 'gone' })).body.id;
    expect((await client.send('DELETE', `keys/${gone}`)).status).toBe(204);
    for (const other of [gateway.client(reader), sibling.client(reader)])
      await expect
        .poll(() => usage(other))
        .toMatchObject({
          packets_per_day: { used: 2 },
          agents: { used: 1 },
          keys: { used: 2 },
          webhooks: { used: 1 },
          streams: { used: 1 },
        });
    stream.cut();
    await expect.poll(async () => (await usage(client)).streams.used).toBe(0);
    expect((await usage(client)).requests_per_hour.used).toBeGreaterThan(7);
    // What is no limit any more is not counted, but for what the read models know.
    await admin.send('PATCH', `tenants/${id}`, { overrides: null });
    await client.post('packets', smallPacket());
    expect(await usage(client)).toMatchObject({
      packets_per_day: { limit: null, used: 3 },
      requests_per_hour: { limit: null, used: null },
      agents: { limit: null, used: 1 },
    });
  });

  it('is that of the caller and of nobody else', async () => {
    const [one, other] = [
      await newTenant(admin, { packets_per_day: 2 }),
      await newTenant(admin, { packets_per_day: 2 }),
    ];
    await gateway.client(await one.newKey()).post('packets', smallPacket());
    const client = gateway.client(await other.newKey('approver'));
    expect(await usage(client)).toMatchObject({ packets_per_day: { used: 0 }, keys: { used: 1 } });
    expect((await client.get('usage?tenant_id=default')).status).toBe(422);
  });
});
