import { TenantRegistry } from '#libs/tenants';
import type { Client } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

interface Made {
  status: number;
  body: Record<string, unknown>;
}

const url = 'http://10.9.8.7:3000/hook';

describe('what a tenant may have so many of', () => {
  let gateway: TestGateway;
  let sibling: Awaited<ReturnType<typeof startSibling>>;
  let admin: Client;
  beforeAll(async () => {
    gateway = await startTestGateway({ HR_SIGNUP: 'open', HR_WEBHOOK_ALLOW_PRIVATE: '10.9.0.0/16' });
    sibling = await startSibling(gateway);
    admin = gateway.client();
  });
  afterAll(async () => {
    await sibling?.stop();
    await gateway?.stop();
  });

  let tenants = 0;
  /** A tenant with its first key, as both gateways meet it. */
  const tenantWith = async (overrides: object) => {
    const { id } = (await admin.post('tenants', { name: `t${(tenants += 1)}`, tier: 'unlimited', overrides }))
      .body;
    const first = (await admin.post('keys', { name: 'first', role: 'admin', tenant_id: id })).body;
    const clients = [gateway.client(first.key), sibling.client(first.key)] as const;
    for (const client of clients) await expect.poll(async () => (await client.get('keys')).status).toBe(200);
    return { id, first, clients };
  };
  const statuses = (answers: Made[]): Record<number, number> =>
    Object.fromEntries(
      [201, 403].map((code) => [code, answers.filter(({ status }) => status === code).length]),
    );
  const all = <T>(count: number, one: (at: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, at) => one(at)));
  const putAgent = (by: Client, id: string) => by.send('PUT', `agents/${id}`, { name: id });

  it('is exactly so many agents, however many register at two gateways', async () => {
    const { clients } = await tenantWith({ agents: 5 });
    const answers = await all(60, (at) => putAgent(clients[at % 2]!, `a${at}`));
    expect(statuses(answers)).toEqual({ 201: 5, 403: 55 });
    expect(answers.find(({ status }) => status === 403)!.body).toMatchObject({
      code: 'too_many_agents',
      limit: 5,
      used: 5,
    });
    for (const client of clients) expect((await client.get('agents')).body.total).toBe(5);
    const [known] = (await clients[0].get('agents')).body.agents;
    expect((await putAgent(clients[1], known.id)).status).toBe(200);
    expect((await clients[1].send('DELETE', `agents/${known.id}`)).status).toBe(204);
    const again = await all(10, (at) => putAgent(clients[at % 2]!, `b${at}`));
    expect(statuses(again)).toEqual({ 201: 1, 403: 9 });
  });

  it('is exactly so many live keys; a revoked or expired one makes room', async () => {
    const { first, clients } = await tenantWith({ keys: 4 });
    const brief = await clients[0].post('keys', { name: 'brief' });
    const answers = await all(40, (at) => clients[at % 2]!.post('keys', { name: `k${at}`, role: 'admin' }));
    expect(statuses([brief, ...answers])).toEqual({ 201: 3, 403: 38 });
    expect(answers.find(({ status }) => status === 403)!.body).toMatchObject({
      code: 'too_many_keys',
      limit: 4,
      used: 4,
    });
    expect((await admin.post('keys', { name: 'p', tenant_id: first.tenant_id })).body.code).toBe(
      'too_many_keys',
    );
    const expires_at = new Date(Date.now() + 300).toISOString();
    expect((await clients[0].send('PATCH', `keys/${brief.body['id']}`, { expires_at })).status).toBe(200);
    await expect
      .poll(async () => (await clients[1].post('keys', { name: 'next' })).status, { timeout: 4_000 })
      .toBe(201);
    const made = answers.find(({ status }) => status === 201)!.body;
    expect((await clients[0].send('DELETE', `keys/${made['id']}`)).status).toBe(204);
    const again = await all(6, (at) => clients[at % 2]!.post('keys', { name: `n${at}` }));
    expect(statuses(again)).toEqual({ 201: 1, 403: 5 });
    // Who was refused has left nothing behind in the list of admin keys.
    const registry = await TenantRegistry.open(gateway.runtime.nats);
    expect(registry.entry(first.tenant_id)!.value.admin_keys).toHaveLength(2);
    registry.close();
  });

  it('lets the only key be rotated, of which two work at most', async () => {
    const { first, clients } = await tenantWith({ keys: 1 });
    const rotate = async (id: string, by: Client) => {
      const made = await by.post(`keys/${id}/rotate`, { grace_seconds: 600 });
      expect(made.status).toBe(201);
      return { ...made.body, client: gateway.client(made.body.key) };
    };
    const second = await rotate(first.id, clients[0]);
    expect((await clients[0].get('keys')).status).toBe(200);
    expect((await second.client.post('keys', { name: 'more' })).body).toMatchObject({ limit: 1, used: 1 });
    const third = await rotate(second.id, second.client);
    await expect.poll(async () => (await clients[0].get('keys')).body.code).toBe('key_revoked');
    expect((await second.client.get('keys')).status).toBe(200);
    expect((await third.client.get('keys')).status).toBe(200);
  });

  it('is exactly so many webhooks; the deleted do not count, until they come back', async () => {
    const { clients } = await tenantWith({ webhooks: 3 });
    const answers = await all(30, (at) => clients[at % 2]!.post('hooks', { url, events: ['*'] }));
    expect(statuses(answers)).toEqual({ 201: 3, 403: 27 });
    expect(answers.find(({ status }) => status === 403)!.body).toMatchObject({
      code: 'too_many_webhooks',
      limit: 3,
      used: 3,
    });
    const { id } = answers.find(({ status }) => status === 201)!.body;
    expect((await clients[0].send('DELETE', `hooks/${id}`)).status).toBe(204);
    await expect.poll(async () => (await clients[1].get(`hooks/${id}`)).body.status).not.toBe('active');
    const [made, back] = await Promise.all([
      clients[0].post('hooks', { url, events: ['*'] }),
      clients[1].post(`hooks/${id}/enable`),
    ]);
    expect([made, back].filter(({ status }) => status < 300)).toHaveLength(1);
    expect([made, back].find(({ status }) => status === 403)!.body.code).toBe('too_many_webhooks');
  });

  it('is what the tier says, and what was there stays when that is less', async () => {
    const { id, clients } = await tenantWith({});
    for (let at = 0; at < 4; at += 1) expect((await putAgent(clients[0], `a${at}`)).status).toBe(201);
    expect((await admin.send('PATCH', `tenants/${id}`, { tier: 'free' })).status).toBe(200);
    await expect
      .poll(async () => (await putAgent(clients[1], 'late')).body)
      .toMatchObject({ limit: 2, used: 4 });
    expect((await clients[0].get('agents')).body.total).toBe(4);
    expect((await putAgent(clients[1], 'a0')).status).toBe(200);
    await admin.send('PATCH', `tenants/${id}`, { tier: 'pro' });
    await expect.poll(async () => (await putAgent(clients[1], 'late')).status).toBe(201);
  });

  it('is one key for who signs up', async () => {
    const answer = await fetch(`${gateway.url}/api/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ team_name: 'Small', sender_name: 'Mira' }),
    });
    expect(answer.status).toBe(201);
    const { key } = (await answer.json()) as { key: { key: string } };
    const mira = gateway.client(key.key);
    expect((await mira.post('keys', { name: 'second' })).body).toMatchObject({
      status: 403,
      code: 'too_many_keys',
      limit: 1,
      used: 1,
    });
  });
});
