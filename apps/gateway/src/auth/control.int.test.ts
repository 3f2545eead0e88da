import { setTimeout as delay } from 'node:timers/promises';
import { type Client, newApiKey, smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

interface Made {
  id: string;
  key: string;
  client: Client;
}

describe('the life of keys and tenants', () => {
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

  const withClient = (body: { id: string; key: string }): Made => ({
    ...body,
    client: gateway.client(body.key),
  });
  const makeKey = async (body: object = {}, by = admin): Promise<Made> => {
    const made = await by.post('keys', { name: 'k', ...body });
    expect(made.status).toBe(201);
    return withClient(made.body);
  };
  const makeTenant = async (name: string, more: object = {}): Promise<{ id: string; owner: Made }> => {
    const { status, body } = await admin.post('tenants', { name, tier: 'unlimited', ...more });
    expect(status).toBe(201);
    return { id: body.id, owner: await makeKey({ role: 'admin', tenant_id: body.id }) };
  };
  const rotate = (id: string, body: object, { by = admin, headers = {} } = {}) =>
    by.post(`keys/${id}/rotate`, body, headers);
  const keyOf = async (id: string, by = admin) =>
    (await by.get('keys?limit=200')).body.keys.find((entry: { id: string }) => entry.id === id);

  it('rotates a key at once: the new one may do the same', async () => {
    const expires_at = '2099-01-01T00:00:00.000Z';
    const facts = { name: 'worker', role: 'writer', agent_id: 'billing-01', channels: { 'a.*': 'write' } };
    const old = await makeKey({ ...facts, expires_at });
    const made = await rotate(old.id, {});
    expect(made).toMatchObject({ status: 201, body: { ...facts, expires_at, replaces: old.id } });
    expect(made.body.key).toMatch(/^hr_[\w-]{43}$/);
    expect((await old.client.get('packets')).body.code).toBe('key_revoked');
    expect((await withClient(made.body).client.get('packets')).status).toBe(200);
    expect(await keyOf(old.id)).toMatchObject({ status: 'revoked', replaced_by: made.body.id });
    expect((await rotate(old.id, {})).body).toMatchObject({ status: 409, code: 'key_not_current' });
    expect((await rotate('019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60', {})).status).toBe(404);
    expect((await rotate(made.body.id, { grace_seconds: -1 })).body.field).toBe('grace_seconds');
  });

  it('lets both keys work until the grace is over, on every gateway', async () => {
    const old = await makeKey();
    const made = (await rotate(old.id, { grace_seconds: 1 })).body;
    const there = sibling.client(old.key);
    for (const client of [old.client, there, sibling.client(made.key)])
      await expect.poll(async () => (await client.get('packets')).status).toBe(200);
    await delay(1_100);
    for (const client of [old.client, there])
      expect((await client.get('packets')).body.code).toBe('key_expired');
    expect((await sibling.client(made.key).get('packets')).status).toBe(200);
  });

  it('rotates a key once, whoever asks at the same time, and repeats its answer without the key', async () => {
    const old = await makeKey();
    const both = await Promise.all([
      rotate(old.id, { grace_seconds: 60 }),
      rotate(old.id, { grace_seconds: 60 }, { by: sibling.client() }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const keys: { replaces?: string; status: string }[] = (await admin.get('keys?limit=200')).body.keys;
    const live = keys.filter(({ replaces, status }) => replaces === old.id && status === 'live');
    expect(live).toHaveLength(1);
    const headers = { 'idempotency-key': 'rotate-once' };
    const other = await makeKey();
    const first = await rotate(other.id, { grace_seconds: 5 }, { headers });
    const again = await rotate(other.id, { grace_seconds: 5 }, { headers });
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id, key: null } });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await rotate(other.id, {}, { headers })).body.code).toBe('idempotency_mismatch');
  });

  it('makes one key of a request that two gateways get at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { owner } = await makeTenant(`Repeats ${round}`, round > 2 ? { overrides: { keys: 9 } } : {});
      const there = sibling.client(owner.key);
      await expect.poll(async () => (await there.get('keys')).status).toBe(200);
      const headers = { 'idempotency-key': `make ${round}` };
      const twice = (path: string, body: object) =>
        Promise.all([owner.client, there].map((by) => by.post(path, body, headers)));
      const onceOf = (answers: Awaited<ReturnType<typeof twice>>): string => {
        expect(answers.map(({ status }) => status)).toEqual([201, 201]);
        expect(answers.map(({ body }) => body.key).sort()[1]).toBeNull();
        expect(answers[0]!.body.id).toBe(answers[1]!.body.id);
        return answers[0]!.body.id;
      };
      const made = onceOf(await twice('keys', { name: 'once', role: 'admin' }));
      const next = onceOf(await twice(`keys/${made}/rotate`, {}));
      const keys: { id: string }[] = (await owner.client.get('keys')).body.keys;
      expect(keys.map(({ id }) => id).sort()).toEqual([owner.id, made, next].sort());
    }
  });

  it('lets the only admin rotate itself, and revoke nothing that would lock its tenant', async () => {
    const { owner } = await makeTenant('Alone');
    const made = withClient((await rotate(owner.id, { grace_seconds: 60 }, { by: owner.client })).body);
    // In its grace the old key counts no more: it ends by itself.
    const refused = await made.client.send('DELETE', `keys/${made.id}`);
    expect(refused.body).toMatchObject({ status: 409, code: 'last_admin_key' });
    expect((await made.client.send('DELETE', `keys/${owner.id}`)).status).toBe(204);
    expect((await made.client.get('keys')).body.total).toBe(2);
  });

  it('keeps one admin when two gateways revoke all of them at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { owner } = await makeTenant(`Race ${round}`);
      const others = await Promise.all([1, 2, 3].map(() => makeKey({ role: 'admin' }, owner.client)));
      const all = [owner, ...others];
      await Promise.all(
        all.map(async ({ id, key }, index) => {
          const by = index % 2 === 0 ? sibling.client(key) : gateway.client(key);
          return by.send('DELETE', `keys/${id}`);
        }),
      );
      const statuses = await Promise.all(all.map(async ({ client }) => (await client.get('keys')).status));
      expect(statuses.filter((status) => status === 200).length, String(statuses)).toBeGreaterThan(0);
    }
  });

  it('lets only the platform touch its own keys, of which one stays', async () => {
    const platform = (await admin.get('keys?limit=200')).body.keys.filter(
      ({ platform_admin, status }: { platform_admin?: true; status: string }) =>
        platform_admin && status === 'live',
    );
    expect(platform).toHaveLength(1);
    const { client } = await makeKey({ role: 'admin' });
    const [{ id }] = platform;
    expect((await rotate(id, {}, { by: client })).body.code).toBe('forbidden');
    expect((await client.send('DELETE', `keys/${id}`)).body.code).toBe('forbidden');
    expect((await admin.send('DELETE', `keys/${id}`)).body.code).toBe('last_admin_key');
  });

  it('revokes a key on every gateway within a second', async () => {
    const { id, key } = await makeKey();
    const there = sibling.client(key);
    await expect.poll(async () => (await there.get('packets')).status).toBe(200);
    expect((await admin.send('DELETE', `keys/${id}`)).status).toBe(204);
    await expect
      .poll(async () => (await there.get('packets')).body.code, { timeout: 1_000, interval: 10 })
      .toBe('key_revoked');
  });

  it.each([
    [{ channels: { 'Not This': 'read' } }, 'channels.Not This'],
    [{ channels: { a: 'all' } }, 'channels.a'],
    [{ agent_id: '*' }, 'agent_id'],
  ])('refuses a key with %j', async (more, field) => {
    expect((await admin.post('keys', { name: 'k', ...more })).body).toMatchObject({ status: 422, field });
  });

  it('lets a key that is bound to an agent act as that agent only', async () => {
    const { client } = await makeKey({ role: 'writer', agent_id: 'billing-01' });
    expect((await client.post('packets', smallPacket('mail-01', 'sales-01'))).status).toBe(403);
    const { body } = await client.post('packets', smallPacket('mail-01', 'billing-01'));
    const claim = (agent_id: string) => client.post(`packets/${body.id}/claim`, { agent_id });
    expect((await claim('mail-01')).status).toBe(403);
    expect((await client.post('packets/claim-next', { agent_id: 'mail-01' })).status).toBe(403);
    expect((await client.send('PUT', 'agents/mail-01', { name: 'M', capabilities: [] })).status).toBe(403);
  });

  it('tells when a key was last used, also to other gateways', async () => {
    const { id, client } = await makeKey();
    expect(await keyOf(id)).toMatchObject({ last_used_at: null });
    await client.get('packets');
    const used = await keyOf(id);
    expect(Date.now() - Date.parse(used.last_used_at)).toBeLessThan(5_000);
    const third = await startSibling(gateway);
    await third.client(newApiKey()).get('packets');
    const made = await makeKey();
    await expect.poll(async () => (await third.client(made.key).get('packets')).status).toBe(200);
    await third.stop();
    await expect.poll(async () => (await keyOf(made.id)).last_used_at).not.toBeNull();
  });

  it('pages keys, newest first', async () => {
    const { owner } = await makeTenant('Paged');
    for (const name of ['b', 'c']) await makeKey({ name }, owner.client);
    const first = (await owner.client.get('keys?limit=2')).body;
    expect(first.keys.map(({ name }: { name: string }) => name)).toEqual(['c', 'b']);
    const rest = (await owner.client.get(`keys?limit=2&cursor=${first.next_cursor}`)).body;
    expect(rest).toMatchObject({ total: 3, next_cursor: null, keys: [{ id: owner.id }] });
    expect((await owner.client.get('keys?cursor=x')).status).toBe(422);
  });
});
