import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, newApiKey, smallPacket } from '#libs/testing';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { bootstrapAdmin } from './bootstrap-admin.js';

describe('keys and tenants', () => {
  let gateway: TestGateway;
  let admin: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = gateway.client();
  });
  afterAll(() => gateway?.stop());

  const makeKey = async (body: Record<string, unknown>, by = admin) => {
    const made = await by.post('keys', { name: 'k', ...body });
    expect(made.status).toBe(201);
    return { ...made.body, client: gateway.client(made.body.key) } as {
      id: string;
      key: string;
      client: Client;
    };
  };

  it('makes keys that are shown once and kept as a digest', async () => {
    const { id, key } = await makeKey({ role: 'writer', agent_id: 'a' });
    expect(key).toMatch(/^hr_[\w-]{43}$/);
    const listed = (await admin.get('keys')).body.keys.find((entry: { id: string }) => entry.id === id);
    expect(listed).toMatchObject({ prefix: key.slice(0, 11), role: 'writer', agent_id: 'a', status: 'live' });
    expect(JSON.stringify(listed)).not.toContain(key);
  });

  it.each([
    ['no key', ''],
    ['an unknown key', newApiKey()],
    ['no key at all', 'Bearer'],
  ])('refuses %s', async (_what, key) => {
    const answer = await gateway.client(key).get('packets');
    expect(answer).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
      headers: { 'www-authenticate': 'Bearer' },
    });
  });

  it('takes a bearer token', async () => {
    const answer = await gateway.client('').get('packets', { authorization: `Bearer ${gateway.key}` });
    expect(answer.status).toBe(200);
  });

  it('lets nobody sign up unless the operator has opened that', async () => {
    const answer = await fetch(`${gateway.url}/api/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ team_name: 'Uninvited', sender_name: 'x' }),
    });
    expect(await answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
    const { tenants } = (await admin.get('tenants?limit=200')).body;
    expect(tenants.map(({ name }: { name: string }) => name)).not.toContain('Uninvited');
  });

  it('refuses before it reads a body', async () => {
    const answer = await gateway.client('').post('packets', 'x'.repeat(100_000));
    expect(answer.body.code).toBe('unauthenticated');
  });

  it('lets each role do what it may', async () => {
    const { id } = (await admin.post('packets', smallPacket())).body;
    const statuses = async (role: string): Promise<number[]> => {
      const { client } = await makeKey({ role });
      const claim = await client.post(`packets/${id}/claim`, { agent_id: 'billing-01' });
      const answers = [
        await client.get(`packets/${id}`),
        claim,
        await client.post('packets', {}),
        await client.get('keys'),
      ];
      return answers.map(({ status }) => status);
    };
    expect(await statuses('reader')).toEqual([200, 403, 403, 403]);
    expect(await statuses('approver')).toEqual([200, 403, 403, 403]);
    expect(await statuses('agent')).toEqual([200, 200, 403, 403]);
    expect(await statuses('writer')).toEqual([200, 200, 422, 403]);
    expect(await statuses('admin')).toEqual([200, 200, 422, 200]);
  });

  it('revokes at once, and keeps the last admin of a tenant', async () => {
    const tenant = (await admin.post('tenants', { name: 'Acme', tier: 'unlimited' })).body;
    const first = await makeKey({ role: 'admin', tenant_id: tenant.id });
    const second = await makeKey({ role: 'admin' }, first.client);
    const revoke = (id: string, by: Client) => by.send('DELETE', `keys/${id}`);
    const both = await Promise.all([revoke(second.id, first.client), revoke(first.id, second.client)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    const left = both[0]?.status === 204 ? first : second;
    const gone = left === first ? second : first;
    expect((await gone.client.get('packets')).body).toMatchObject({ status: 403, code: 'key_revoked' });
    expect((await revoke(left.id, left.client)).body).toMatchObject({ status: 409, code: 'last_admin_key' });
    expect((await revoke(gone.id, left.client)).status).toBe(204);
    expect((await left.client.get('packets')).status).toBe(200);
  });

  it('gives the packets of a tenant its time to live, unless they have their own', async () => {
    const made = await admin.post('tenants', { name: 'Hasty', default_ttl_seconds: 600, tier: 'unlimited' });
    expect(made).toMatchObject({ status: 201, body: { default_ttl_seconds: 600 } });
    const { client } = await makeKey({ role: 'writer', tenant_id: made.body.id });
    const lifeOf = async (more: object, by = client): Promise<number | null> => {
      const { body } = await by.post('packets', smallPacket('billing-01', 'sales-01', { ...more }));
      return body.expires_at === null
        ? null
        : (Date.parse(body.expires_at) - Date.parse(body.created_at)) / 1_000;
    };
    expect(await lifeOf({})).toBeCloseTo(600, 0);
    expect(await lifeOf({ ttl_seconds: 60 })).toBeCloseTo(60, 0);
    expect(await lifeOf({}, admin)).toBeNull();
    expect((await admin.post('tenants', { name: 'None', default_ttl_seconds: 0 })).status).toBe(422);
  });

  it('keeps tenants apart', async () => {
    const { id: tenant_id } = (await admin.post('tenants', { name: 'Other', tier: 'unlimited' })).body;
    const other = (await makeKey({ role: 'admin', tenant_id })).client;
    const { id } = (await admin.post('packets', smallPacket())).body;
    const tries: [string, string, object?][] = [
      ['GET', `packets/${id}`],
      ['GET', `packets/${id}/history`],
      ['GET', `packets/${id}/lineage`],
      ['PATCH', `packets/${id}`, { metadata: { tags: ['x'] } }],
      ['DELETE', `packets/${id}`],
      ['POST', `packets/${id}/claim`, { agent_id: 'billing-01' }],
      ['POST', `packets/${id}/chain`, smallPacket()],
    ];
    for (const [method, path, body] of tries)
      expect(await other.send(method, path, body), `${method} ${path}`).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    expect((await other.get('packets')).body).toMatchObject({ total: 0, packets: [] });
    expect((await other.get('keys')).body.keys).toHaveLength(1);
    expect((await other.get('tenants')).status).toBe(403);
    expect((await other.post('keys', { name: 'x', tenant_id: 'default' })).body.code).toBe('forbidden');
    expect((await admin.get(`packets/${id}`)).body.revision).toBe(1);
  });

  it('makes one tenant of a name, and one key of a repeated request', async () => {
    expect((await admin.post('tenants', { name: 'Twice' })).status).toBe(201);
    expect((await admin.post('tenants', { name: ' twice' })).body).toMatchObject({
      status: 409,
      code: 'already_exists',
    });
    const headers = { 'idempotency-key': 'make-key' };
    const first = await admin.post('keys', { name: 'r' }, headers);
    const again = await admin.post('keys', { name: 'r' }, headers);
    expect(again.body).toEqual({ ...first.body, key: null });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await admin.post('keys', { name: 's' }, headers)).body.code).toBe('idempotency_mismatch');
  });

  it('refuses a key that has expired', async () => {
    expect((await admin.post('keys', { name: 'x', expires_at: '2020-01-01T00:00:00Z' })).status).toBe(422);
    const expires_at = new Date(Date.now() + 400).toISOString();
    const { client } = await makeKey({ expires_at });
    expect((await client.get('packets')).status).toBe(200);
    await expect
      .poll(async () => (await client.get('packets')).body.code, { timeout: 3_000 })
      .toBe('key_expired');
  });

  it('makes the first admin once, however many start', async () => {
    const { nats } = gateway.runtime;
    expect(await Promise.all([1, 2, 3].map(() => bootstrapAdmin(nats)))).toEqual([null, null, null]);
    const given = newApiKey();
    await Promise.all([1, 2].map(() => bootstrapAdmin(nats, { givenKey: given })));
    expect((await gateway.client(given).get('tenants')).status).toBe(200);
  });
});
