import type { Answer, Client } from '#libs/testing';
import { smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const agent = (id: string) => ({ id, name: id });

/** A packet whose context takes so many bytes. */
const bigPacket = (bytes: number) =>
  smallPacket('bo', 'ana', { context: { summary: 's', custom: { x: 'y'.repeat(bytes) } } });

describe('the limits of packets', () => {
  let gateway: TestGateway;
  let admin: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = gateway.client();
  });
  afterAll(() => gateway?.stop());

  /** A writer of a tenant with limits of its own. */
  const tenantWith = async (overrides: object): Promise<{ client: Client; path: string }> => {
    const { body } = await admin.post('tenants', { name: `t${Math.random()}`, tier: 'unlimited', overrides });
    const made = await admin.post('keys', { name: 'k', role: 'writer', tenant_id: body.id });
    return { client: gateway.client(made.body.key), path: `tenants/${body.id}` };
  };
  const tomorrow = () => `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T00:00:00.000Z`;
  const expectRefused = ({ status, body, headers }: Answer, limit: number) => {
    expect([status, body.code], JSON.stringify(body)).toEqual([429, 'daily_limit_reached']);
    expect(body).toMatchObject({ limit, used: limit, resets_at: tomorrow() });
    const seconds = Number(headers['retry-after']);
    expect(Math.abs(Date.parse(tomorrow()) - Date.now() - seconds * 1_000)).toBeLessThan(2_000);
    expect(body.retry_after).toBe(seconds);
  };

  it('let the free tier make five packets a day', async () => {
    const { body } = await admin.post('tenants', { name: 'Free of charge' });
    const made = await admin.post('keys', { name: 'k', role: 'writer', tenant_id: body.id });
    const client = gateway.client(made.body.key);
    for (let nth = 0; nth < 5; nth += 1)
      expect((await client.post('packets', smallPacket())).status).toBe(201);
    expectRefused(await client.post('packets', smallPacket()), 5);
    expect((await client.get('packets')).body.total).toBe(5);
  });

  it('refuse the items of a batch that go beyond them, one by one', async () => {
    const { client } = await tenantWith({ packets_per_day: 70 });
    const batch = (size: number) => ({ packets: Array.from({ length: size }, () => smallPacket()) });
    expect((await client.post('packets/batch', batch(50))).body).toMatchObject({ errors: [] });
    const { status, body } = await client.post('packets/batch', batch(50));
    expect(status).toBe(201);
    expect([body.created.length, body.errors.length]).toEqual([20, 30]);
    for (const { error } of body.errors)
      expect(error).toMatchObject({ code: 'daily_limit_reached', status: 429, limit: 70, used: 70 });
    expectRefused(await client.post('packets', smallPacket()), 70);
  });

  it('count a chain, and nothing that fails or is repeated', async () => {
    const { client, path } = await tenantWith({ packets_per_day: 3 });
    const key = { 'idempotency-key': 'once' };
    const first = await client.post('packets', smallPacket(), key);
    expect(first.status).toBe(201);
    expect((await client.post('packets', {})).status).toBe(422);
    expect((await client.post('packets', smallPacket('a'), key)).body.code).toBe('idempotency_mismatch');
    const unknown = { parent_packet_id: '0199b7a0-0000-7000-8000-000000000000' };
    expect((await client.post('packets', smallPacket('a', 'b', unknown))).status).toBe(422);
    expect((await client.post('packets', smallPacket(), key)).headers['idempotency-replayed']).toBe('true');
    const child = { metadata: { source_agent: agent('billing-01'), target_agent: agent('c') } };
    const chained = await client.post(`packets/${first.body.id}/chain`, {
      ...child,
      context: { summary: 's' },
    });
    expect(chained.status, JSON.stringify(chained.body)).toBe(201);
    const under = { parent_packet_id: chained.body.id };
    expect((await client.post('packets', smallPacket('d', 'c', under))).status).toBe(201);
    expectRefused(
      await client.post(`packets/${chained.body.id}/chain`, { ...child, context: { summary: 's' } }),
      3,
    );
    expect((await client.get(`packets/${chained.body.id}`)).body.revision).toBe(1);
    // The first answer stands, and what is there goes its way.
    expect((await client.post('packets', smallPacket(), key)).body).toEqual(first.body);
    expect((await client.post(`packets/${first.body.id}/cancel`)).status).toBe(200);
    // Another tier is good at once.
    await admin.send('PATCH', path, { overrides: { packets_per_day: 4 } });
    expect((await client.post('packets', smallPacket())).status).toBe(201);
    expectRefused(await client.post('packets', smallPacket()), 4);
    await admin.send('PATCH', path, { overrides: null });
    expect((await client.post('packets', smallPacket())).status).toBe(201);
  });

  it('are those of the tenant, and of nobody else', async () => {
    const [one, other] = [await tenantWith({ packets_per_day: 1 }), await tenantWith({ packets_per_day: 1 })];
    for (const { client } of [one, other]) {
      expect((await client.post('packets', smallPacket())).status).toBe(201);
      expectRefused(await client.post('packets', smallPacket()), 1);
    }
    expect((await admin.post('packets', smallPacket())).status).toBe(201);
  });

  it('bound the size of packets, however they grow', async () => {
    const { client } = await tenantWith({ packet_bytes: 8_192 });
    const expectTooLarge = ({ status, body }: Answer) => {
      expect([status, body.code], JSON.stringify(body)).toEqual([413, 'packet_too_large']);
      expect(body.limit).toBe(8_192);
      expect(body.used).toBeGreaterThan(8_192);
    };
    expectTooLarge(await client.post('packets', bigPacket(8_192)));
    const { status, body } = await client.post('packets', bigPacket(7_000));
    expect(status).toBe(201);
    // Spaces are no content.
    const spaced = JSON.stringify(bigPacket(7_000)).replace('{', `{${' '.repeat(5_000)}`);
    expect((await client.post('packets', spaced)).status).toBe(201);
    const batch = await client.post('packets/batch', {
      packets: [bigPacket(7_000), bigPacket(8_192), bigPacket(7_000)],
    });
    expect(batch.body.created).toHaveLength(2);
    expect(batch.body.errors).toMatchObject([
      { index: 1, error: { code: 'packet_too_large', limit: 8_192 } },
    ]);
    const path = `packets/${body.id}`;
    expectTooLarge(await client.send('PATCH', path, { context: { custom: { more: 'z'.repeat(2_000) } } }));
    const own = { metadata: { source_agent: agent('bo'), target_agent: agent('cy') } };
    const grown = { context: { summary: 's', custom: { more: 'z'.repeat(2_000) } } };
    expectTooLarge(await client.post(`${path}/chain`, { ...own, ...grown }));
    await client.post(`${path}/claim`, { agent_id: 'bo' });
    expectTooLarge(await client.post(`${path}/complete`, { result: 'r'.repeat(9_000) }));
    const some = { packet_ids: [body.id], result: 'r'.repeat(9_000) };
    expectTooLarge(await client.post('packets/batch/complete', some));
    expect((await client.post(`${path}/complete`, { result: 'r'.repeat(1_000) })).status).toBe(200);
  });
});
