import type { Client } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

describe('tenants', () => {
  let gateway: TestGateway;
  let sibling: Awaited<ReturnType<typeof startSibling>>;
  let admin: Client;
  beforeAll(async () => {
    gateway = await startTestGateway({ HR_SIGNUP: 'open' });
    sibling = await startSibling(gateway);
    admin = gateway.client();
  });
  afterAll(async () => {
    await sibling?.stop();
    await gateway?.stop();
  });

  const make = async (name: string, more: object = {}) => {
    const made = await admin.post('tenants', { name, ...more });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body;
  };
  const keyFor = async (tenant_id: string, role = 'admin') =>
    (await admin.post('keys', { name: 'k', role, tenant_id })).body as { id: string; key: string };

  it('have a tier, what was agreed beside it, and the limits that follow', async () => {
    const made = await make('Tiered');
    expect(made).toMatchObject({ tier: 'free', overrides: {}, limits: { packets_per_day: 5, keys: 1 } });
    const path = `tenants/${made.id}`;
    const overrides = { packets_per_day: null, keys: 3 };
    const changed = (await admin.send('PATCH', path, { tier: 'pro', overrides })).body;
    expect(changed).toMatchObject({ tier: 'pro', overrides, name: 'Tiered' });
    expect(changed.limits).toMatchObject({ packets_per_day: null, keys: 3, agents: 10 });
    expect((await admin.get(path)).body).toEqual(changed);
    const back = await admin.send('PATCH', path, { overrides: null, default_ttl_seconds: 60 });
    expect(back.body).toMatchObject({
      tier: 'pro',
      overrides: {},
      limits: { keys: 5 },
      default_ttl_seconds: 60,
    });
    expect((await admin.get('tenants/default')).body).toMatchObject({ tier: 'unlimited' });
    for (const [body, field] of [
      [{ tier: 'gold' }, 'tier'],
      [{ overrides: { seats: 1 } }, 'overrides.seats'],
      [{ overrides: { keys: -1 } }, 'overrides.keys'],
      [{ name: '' }, 'name'],
    ] as const)
      expect((await admin.send('PATCH', path, body)).body).toMatchObject({ status: 422, field });
  });

  it('stop with all their keys when they are deleted, and leave their name', async () => {
    const { id } = await make('Gone');
    const { key } = await keyFor(id);
    const clients = [gateway.client(key), sibling.client(key)];
    for (const client of clients)
      await expect.poll(async () => (await client.get('packets')).status).toBe(200);
    expect((await admin.send('DELETE', `tenants/${id}`)).status).toBe(204);
    for (const client of clients)
      await expect
        .poll(async () => (await client.get('packets')).body.code, { timeout: 1_000 })
        .toBe('key_revoked');
    expect((await admin.send('DELETE', `tenants/${id}`)).status).toBe(204);
    for (const path of [`tenants/${id}`, `tenants/${id}/keys`])
      expect((await admin.get(path)).status).toBe(404);
    expect((await admin.send('PATCH', `tenants/${id}`, { name: 'Back' })).status).toBe(404);
    expect((await admin.post('keys', { name: 'k', tenant_id: id })).body.field).toBe('tenant_id');
    const listed = (await admin.get('tenants?limit=200')).body.tenants;
    expect(listed.map((tenant: { id: string }) => tenant.id)).not.toContain(id);
    const again = await make('gone');
    expect(again.id).not.toBe(id);
    // A late repetition must not take the name from who has it now.
    expect((await admin.send('DELETE', `tenants/${id}`)).status).toBe(204);
    expect((await admin.post('tenants', { name: 'Gone' })).status).toBe(409);
  });

  it('keep the one that holds the platform admins', async () => {
    expect((await admin.send('DELETE', 'tenants/default')).body.code).toBe('forbidden');
    expect((await admin.send('DELETE', 'tenants/none')).status).toBe(404);
    expect((await admin.get('tenants')).status).toBe(200);
  });

  it('change their name for one that is free, and leave the old one', async () => {
    const { id } = await make('First name');
    await make('Second name');
    const rename = (name: string) => admin.send('PATCH', `tenants/${id}`, { name });
    expect((await rename('second name')).body).toMatchObject({ status: 409, field: 'name' });
    expect((await rename('Third name')).body.name).toBe('Third name');
    await make('First name');
    expect((await rename('THIRD name')).body.name).toBe('THIRD name');
    expect((await admin.post('tenants', { name: 'third name' })).status).toBe(409);
  });

  it('get a name once, whichever gateway is asked', async () => {
    const clients = [admin, sibling.client()];
    const made = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) => clients[n % 2]!.post('tenants', { name: 'Wanted by all' })),
    );
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    const winner = made.find(({ status }) => status === 201)!.body;
    await admin.send('DELETE', `tenants/${winner.id}`);
    const again = await Promise.all(
      [0, 1, 2, 3].map((n) => clients[n % 2]!.post('tenants', { name: 'Wanted by all' })),
    );
    expect(again.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('show their keys to the platform', async () => {
    const { id } = await make('Seen');
    const { id: keyId, key } = await keyFor(id);
    const seen = await admin.get(`tenants/${id}/keys`);
    expect(seen.body).toMatchObject({ total: 1, keys: [{ id: keyId, tenant_id: id }] });
    expect(JSON.stringify(seen.body)).not.toContain(key);
    expect((await gateway.client(key).get(`tenants/${id}/keys`)).status).toBe(403);
  });

  it('are made by who signs up, where that is open', async () => {
    const signUp = (body: object, url = gateway.url) =>
      fetch(`${url}/api/signup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const answer = await signUp({ team_name: 'New team', sender_name: 'Mira' });
    expect(answer.status).toBe(201);
    const { tenant, key } = (await answer.json()) as Record<'tenant' | 'key', Record<string, string>>;
    expect(tenant).toMatchObject({ name: 'New team', tier: 'free' });
    const mira = gateway.client(key['key']);
    expect((await mira.get('keys')).body.keys).toMatchObject([{ name: 'Mira', role: 'admin' }]);
    expect((await mira.get('tenants')).status).toBe(403);
    expect((await signUp({ team_name: 'new team', sender_name: 'x' })).status).toBe(409);
    expect((await signUp({ team_name: 'x' })).status).toBe(422);
  });
});
