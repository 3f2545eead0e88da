import type { Client } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

interface Made {
  id: string;
  client: Client;
  there: Client;
}

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

describe('a key that is changed', () => {
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

  const makeKey = async (body: object = {}, by = admin): Promise<Made> => {
    const made = await by.post('keys', { name: 'k', ...body });
    expect(made.status).toBe(201);
    const { id, key } = made.body;
    const there = sibling.client(key);
    await expect.poll(async () => (await there.get('packets')).status).toBe(200);
    return { id, client: gateway.client(key), there };
  };
  const change = (id: string, body: object, by = admin) => by.send('PATCH', `keys/${id}`, body);
  /** A tenant of which these two keys are the admins. */
  const twoAdmins = async (name: string): Promise<[Made, Made]> => {
    const { id: tenant_id } = (await admin.post('tenants', { name, tier: 'unlimited' })).body;
    const first = await makeKey({ role: 'admin', tenant_id });
    return [first, await makeKey({ role: 'admin' }, first.client)];
  };

  it('may do more or less from then on, on every gateway', async () => {
    const { id, client, there } = await makeKey({ role: 'reader', channels: { '*': 'read' } });
    expect((await client.post('packets', {})).status).toBe(403);
    const changed = await change(id, { name: 'writes now', role: 'writer', channels: { a: 'write' } });
    expect(changed).toMatchObject({
      status: 200,
      body: { id, name: 'writes now', role: 'writer', channels: { a: 'write' }, status: 'live' },
    });
    for (const by of [client, there])
      await expect.poll(async () => (await by.post('packets', {})).status, { timeout: 1_000 }).toBe(422);
    expect((await change(id, { role: 'reader' })).body).toMatchObject({ name: 'writes now', role: 'reader' });
    for (const by of [client, there])
      await expect.poll(async () => (await by.post('packets', {})).status, { timeout: 1_000 }).toBe(403);
    const cleared = (await change(id, { channels: null })).body;
    expect(cleared).not.toHaveProperty('channels');
  });

  it('ends when it is told to, later, or never', async () => {
    const { id, client } = await makeKey({ expires_at: inAnHour() });
    expect((await change(id, { expires_at: null })).body).not.toHaveProperty('expires_at');
    const expires_at = new Date(Date.now() + 400).toISOString();
    expect((await change(id, { expires_at })).body).toMatchObject({ expires_at });
    await expect.poll(async () => (await client.get('packets')).body.code).toBe('key_expired');
    expect((await change(id, { expires_at: null })).body.code).toBe('key_not_current');
  });

  it.each<[string, object, string]>([
    ['a role that there is not', { role: 'owner' }, 'role'],
    ['a time that has passed', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['a channel that is none', { channels: { 'A b': 'read' } }, 'channels.A b'],
    ['another agent', { agent_id: 'x' }, 'agent_id'],
  ])('is not given %s', async (_what, body, field) => {
    const { id } = await makeKey();
    expect((await change(id, body)).body).toMatchObject({ code: 'validation_failed', field });
  });

  it('is one of the tenant’s own, and there', async () => {
    const [owner, second] = await twoAdmins('Apart');
    expect((await change(owner.id, { name: 'x' })).status).toBe(404);
    expect((await change('none', { name: 'x' }, owner.client)).status).toBe(404);
    await owner.client.send('DELETE', `keys/${second.id}`);
    expect((await change(second.id, { name: 'x' }, owner.client)).body.code).toBe('key_not_current');
  });

  it('stays an admin when it is the last, whichever way it would lose that', async () => {
    const [first, second] = await twoAdmins('Last');
    expect((await change(second.id, { role: 'writer' }, first.client)).status).toBe(200);
    for (const body of [{ role: 'agent' }, { expires_at: inAnHour() }])
      expect((await change(first.id, body, first.client)).body.code).toBe('last_admin_key');
    expect((await change(first.id, { name: 'alone' }, first.client)).status).toBe(200);
    expect((await change(second.id, { role: 'admin' }, first.client)).status).toBe(200);
    expect((await change(first.id, { role: 'agent' }, second.client)).status).toBe(200);
    await expect
      .poll(async () => (await second.there.send('DELETE', `keys/${second.id}`)).body.code)
      .toBe('last_admin_key');
  });

  it('cannot leave a tenant without admins when two demote each other, or let each other end', async () => {
    for (const body of [{ role: 'reader' }, { expires_at: inAnHour() }]) {
      const [first, second] = await twoAdmins(`Race ${JSON.stringify(body)}`);
      const answers = await Promise.all([
        change(second.id, body, first.client),
        change(first.id, body, second.there),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  it('that ends counts no more among those of which one stays, until it ends no more', async () => {
    const [first, second] = await twoAdmins('Ending');
    expect((await change(second.id, { expires_at: inAnHour() }, first.client)).status).toBe(200);
    const revoke = () => second.client.send('DELETE', `keys/${first.id}`);
    expect((await revoke()).body.code).toBe('last_admin_key');
    expect((await change(second.id, { expires_at: null }, first.client)).status).toBe(200);
    expect((await revoke()).status).toBe(204);
    expect((await second.client.get('keys')).status).toBe(200);
  });

  it('of the platform stays an admin, and is the platform’s to change', async () => {
    const { keys } = (await admin.get('keys?limit=200')).body;
    const { id } = keys.find((one: { platform_admin?: true }) => one.platform_admin);
    expect((await change(id, { role: 'writer' })).body.code).toBe('forbidden');
    expect((await change(id, { expires_at: inAnHour() })).body.code).toBe('last_admin_key');
    const { client } = await makeKey({ role: 'admin' });
    expect((await change(id, { name: 'mine' }, client)).body.code).toBe('forbidden');
    expect((await change(id, { name: 'first' })).body.name).toBe('first');
  });

  it('does not come back over the limit of its tenant', async () => {
    const overrides = { keys: 2 };
    const { id: tenant_id } = (await admin.post('tenants', { name: 'Full', tier: 'unlimited', overrides }))
      .body;
    const owner = await makeKey({ role: 'admin', tenant_id });
    const soon = new Date(Date.now() + 1_000).toISOString();
    const brief = await makeKey({ expires_at: soon }, owner.client);
    expect((await change(brief.id, { expires_at: inAnHour() }, owner.client)).status).toBe(200);
    expect((await owner.client.post('keys', { name: 'more' })).body.code).toBe('too_many_keys');
    const again = new Date(Date.now() + 300).toISOString();
    await change(brief.id, { expires_at: again }, owner.client);
    await expect
      .poll(async () => (await owner.there.post('keys', { name: 'more' })).status, { timeout: 3_000 })
      .toBe(201);
    expect((await change(brief.id, { expires_at: inAnHour() }, owner.client)).body.code).toBe(
      'key_not_current',
    );
  });
});
