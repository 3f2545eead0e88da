import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '#libs/testing';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

const path = (id: string) => `agents/${encodeURIComponent(id)}`;
const names = (answer: { body: { agents: { id: string }[] } }) => answer.body.agents.map(({ id }) => id);

describe('agents over HTTP', () => {
  let gateway: TestGateway;
  let sibling: Awaited<ReturnType<typeof startSibling>>;
  let admin: Client;
  let there: Client;
  let stranger: Client;
  beforeAll(async () => {
    gateway = await startTestGateway({ HR_PRESENCE_SECONDS: '2' });
    sibling = await startSibling(gateway);
    admin = gateway.client();
    there = sibling.client();
    const { id } = (await admin.post('tenants', { name: 'Other', tier: 'unlimited' })).body;
    const { key } = (await admin.post('keys', { name: 'o', role: 'admin', tenant_id: id })).body;
    stranger = gateway.client(key);
  });
  afterAll(async () => {
    await sibling?.stop();
    await gateway?.stop();
  });

  const put = (id: string, body: unknown, by = admin) => by.send('PUT', path(id), body);
  const keyed = async (body: object): Promise<Client> =>
    gateway.client((await admin.post('keys', { name: 'k', ...body })).body.key);

  it('registers, changes, shows and takes out an agent', async () => {
    const body = {
      name: 'BillingBot',
      framework: 'crewai',
      capabilities: ['Billing', 'contract changes', 'billing'],
      max_concurrency: 4,
      metadata: { region: 'eu', nested: { deep: [1, null] } },
      description: 'Makes invoices.',
    };
    const made = await put('billing-01', body);
    expect(made).toMatchObject({ status: 201, headers: { location: '/api/v1/agents/billing-01' } });
    expect(made.body).toEqual({
      ...body,
      id: 'billing-01',
      capabilities: ['billing', 'contract changes'],
      present: true,
      seen_at: expect.any(String),
      created_at: expect.any(String),
      updated_at: made.body.created_at,
    });
    expect((await admin.get('agents/billing-01')).body).toEqual(made.body);
    const changed = await put('billing-01', { name: 'Other name', description: null });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Other name', capabilities: [] } });
    expect(changed.headers).not.toHaveProperty('location');
    expect(changed.body).not.toHaveProperty('description');
    expect(changed.body.created_at).toBe(made.body.created_at);
    expect((await put('billing-01', { name: 'Other name' })).body.updated_at).toBe(changed.body.updated_at);
    expect((await admin.send('DELETE', 'agents/billing-01')).status).toBe(204);
    expect((await admin.send('DELETE', 'agents/billing-01')).body.code).toBe('not_found');
    expect((await admin.get('agents/billing-01')).status).toBe(404);
    expect((await put('billing-01', { name: 'Back' })).status).toBe(201);
  });

  it('shows on one gateway within a second what happened on another', async () => {
    const soon = { timeout: 1_000, interval: 10 };
    const seen = async (field: string) => (await there.get('agents/wanderer')).body[field];
    await put('wanderer', { name: 'One', capabilities: ['x'] });
    await expect.poll(() => seen('name'), soon).toBe('One');
    await expect.poll(() => seen('present'), soon).toBe(true);
    await there.send('PUT', 'agents/wanderer', { name: 'Two' });
    await expect.poll(async () => (await admin.get('agents/wanderer')).body.name, soon).toBe('Two');
    await admin.send('DELETE', 'agents/wanderer');
    await expect.poll(async () => (await there.get('agents/wanderer')).status, soon).toBe(404);
  });

  it('counts an agent as present until its heartbeats stay away', async () => {
    await put('sleepy', { name: 'Sleepy' });
    const get = async (by: Client) => (await by.get('agents/sleepy')).body;
    await expect.poll(async () => (await get(there)).present, { timeout: 1_000 }).toBe(true);
    await expect.poll(async () => (await get(admin)).present, { timeout: 4_000 }).toBe(false);
    const before = await get(there);
    expect(before).toMatchObject({ present: false, seen_at: expect.any(String) });
    const beat = await there.post('agents/sleepy/heartbeat');
    expect(beat).toMatchObject({ status: 200, body: { agent_id: 'sleepy' } });
    expect(beat.body.seen_at > before.seen_at).toBe(true);
    expect(Date.parse(beat.body.present_until) - Date.parse(beat.body.seen_at)).toBe(2_000);
    await expect.poll(async () => (await get(admin)).present, { timeout: 1_000 }).toBe(true);
    expect((await get(admin)).seen_at).toBe(beat.body.seen_at);
    expect((await admin.post('agents/nobody/heartbeat')).status).toBe(404);
  });

  it('lists by all capabilities and by presence, page by page', async () => {
    const ids = Array.from({ length: 7 }, (_, index) => `list-${index}`);
    await Promise.all(
      ids.map((id, index) => put(id, { name: id, capabilities: ['paged', index % 2 ? 'odd' : 'even fine'] })),
    );
    const list = (query: string) => admin.get(`agents?${query}`);
    expect(names(await list('capability=paged'))).toEqual(ids);
    expect(names(await list('capability=Paged&capability=odd'))).toEqual(['list-1', 'list-3', 'list-5']);
    expect(names(await list('capability=paged,odd'))).toEqual(['list-1', 'list-3', 'list-5']);
    expect(names(await list('capability=even%20fine'))).toHaveLength(4);
    expect(names(await list('capability=odd&capability=even%20fine'))).toEqual([]);
    const pages: string[][] = [];
    let next = '';
    do {
      const page = await list(`capability=paged&limit=3${next && `&cursor=${next}`}`);
      expect(page.body).toMatchObject({ total: 7, limit: 3 });
      pages.push(names(page));
      next = page.body.next_cursor ?? '';
    } while (next !== '');
    expect(pages).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)]);
    expect(names(await list('capability=paged&present=true'))).toEqual(ids);
    await expect
      .poll(async () => names(await list('capability=paged&present=false')), { timeout: 4_000 })
      .toEqual(ids);
    expect(names(await list('capability=paged&present=true'))).toEqual([]);
  });

  it('takes any text as an id', async () => {
    const ids = ['a/b', 'a.b', '*x', 'ünï çödé', '🤖'.repeat(256), '..%2F', 'a?b=c#d', ' '];
    for (const id of ids) {
      const made = await put(id, { name: 'odd' });
      expect(made, id).toMatchObject({ status: 201, body: { id } });
      expect((await admin.get(path(id))).body.id).toBe(id);
      expect((await admin.post(`${path(id)}/heartbeat`)).body.agent_id).toBe(id);
      expect((await admin.send('DELETE', path(id))).status).toBe(204);
    }
  });

  it.each([
    ['an id that is too long', 'x'.repeat(257), 'too_long'],
    ['an id with U+0000', 'a\0b', 'text_not_storable'],
    ['the id that stands for people', 'human', 'reserved'],
    ['the id that stands for all', '*', 'reserved'],
  ])('refuses %s', async (_what, id, code) => {
    const answer = await put(id, { name: 'x' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed', field: 'id' } });
    expect(answer.body.errors).toMatchObject([{ code }]);
    expect((await admin.get(path(id))).status).toBe(404);
  });

  it('knows no agent whose id is no text, or longer than any', async () => {
    for (const id of ['%ED%A0%80', '%C3', 'x'.repeat(3_000)]) {
      const answer = await request(`${gateway.url}/api/v1/agents/${id}`, {
        method: 'PUT',
        headers: { 'x-api-key': gateway.key, 'content-type': 'application/json' },
        body: '{"name":"x"}',
      });
      expect(answer.statusCode, id.slice(0, 20)).toBe(404);
      expect(await answer.body.json()).toMatchObject({ code: 'not_found' });
    }
  });

  const many = Array.from({ length: 101 }, (_, index) => `c${index}`);
  it.each<[string, unknown, [string, string]]>([
    ['no name', {}, ['name', 'required']],
    ['an empty name', { name: '' }, ['name', 'too_short']],
    ['a long name', { name: 'x'.repeat(257) }, ['name', 'too_long']],
    ['a name with a lone surrogate', '{"name":"\\ud800"}', ['name', 'text_not_storable']],
    [
      'a capability with U+0000',
      '{"name":"x","capabilities":["\\u0000"]}',
      ['capabilities.0', 'text_not_storable'],
    ],
    ['too many capabilities', { name: 'x', capabilities: many }, ['capabilities', 'too_many']],
    ['a long capability', { name: 'x', capabilities: ['x'.repeat(65)] }, ['capabilities.0', 'too_long']],
    ['an empty capability', { name: 'x', capabilities: [''] }, ['capabilities.0', 'too_short']],
    ['a blank capability', { name: 'x', capabilities: ['  '] }, ['capabilities.0', 'wrong_form']],
    ['a capability with a comma', { name: 'x', capabilities: ['a,b'] }, ['capabilities.0', 'wrong_form']],
    ['a capability that is no text', { name: 'x', capabilities: [1] }, ['capabilities.0', 'wrong_type']],
    ['capabilities that are no list', { name: 'x', capabilities: 'a' }, ['capabilities', 'wrong_type']],
    ['no concurrency', { name: 'x', max_concurrency: 0 }, ['max_concurrency', 'too_small']],
    ['too much concurrency', { name: 'x', max_concurrency: 10_001 }, ['max_concurrency', 'too_big']],
    ['half a packet', { name: 'x', max_concurrency: 1.5 }, ['max_concurrency', 'wrong_type']],
    ['large metadata', { name: 'x', metadata: { a: 'x'.repeat(16_384) } }, ['metadata', 'too_large']],
    ['metadata that is a list', { name: 'x', metadata: [] }, ['metadata', 'wrong_type']],
    ['a long description', { name: 'x', description: 'x'.repeat(5_001) }, ['description', 'too_long']],
    ['an unknown field', { name: 'x', capability: [] }, ['capability', 'unknown_field']],
  ])('refuses %s', async (_what, body, [field, code]) => {
    const answer = await put('refused', body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed', field } });
    expect(answer.body.errors).toMatchObject([{ field, code }]);
    expect((await admin.get('agents/refused')).status).toBe(404);
  });

  it.each([
    ['a body that is not JSON', '{', 400],
    ['a body that is a list', '[]', 422],
  ])('refuses %s', async (_what, body, status) => {
    expect((await put('refused', body)).status).toBe(status);
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'present=maybe',
    'capability=',
    'cursor=AAAA',
    'cursor=%00',
    'capabilities=x',
    `capability=${'x'.repeat(65)}`,
  ])('refuses the list %s', async (query) => {
    expect((await admin.get(`agents?${query}`)).body).toMatchObject({
      status: 422,
      code: 'validation_failed',
    });
  });

  it('lets a key do what its role and its agent may', async () => {
    await put('someone', { name: 'Someone' });
    const statuses = async (by: Client, id: string) => [
      (await by.get(path(id))).status,
      (await put(id, { name: 'By key' }, by)).status,
      (await by.post(`${path(id)}/heartbeat`)).status,
      (await by.send('DELETE', path(id))).status,
    ];
    for (const role of ['reader', 'approver'])
      expect(await statuses(await keyed({ role }), 'someone')).toEqual([200, 403, 403, 403]);
    for (const role of ['agent', 'writer', 'admin']) {
      const bound = await keyed({ role, agent_id: 'mine' });
      expect(await statuses(bound, 'someone'), role).toEqual([200, 403, 403, 403]);
      expect(await statuses(bound, 'mine'), role).toEqual([404, 201, 200, 204]);
      expect(await statuses(await keyed({ role }), 'anyone'), role).toEqual([404, 201, 200, 204]);
    }
    expect((await admin.get('agents/someone')).body.name).toBe('Someone');
    expect((await gateway.client('').get('agents')).status).toBe(401);
  });

  it('keeps tenants apart', async () => {
    const { body } = await put('private', { name: 'Private', capabilities: ['secret'] });
    expect((await stranger.get('agents')).body).toMatchObject({ agents: [], total: 0 });
    expect((await stranger.get('agents/private')).status).toBe(404);
    expect((await stranger.post('agents/private/heartbeat')).status).toBe(404);
    expect((await stranger.send('DELETE', 'agents/private')).status).toBe(404);
    expect((await put('private', { name: 'Theirs' }, stranger)).status).toBe(201);
    expect((await admin.get('agents/private')).body).toMatchObject({
      name: 'Private',
      created_at: body.created_at,
    });
    expect((await stranger.get('agents/private')).body.name).toBe('Theirs');
    expect((await stranger.send('DELETE', 'agents/private')).status).toBe(204);
    expect((await admin.get('agents/private')).status).toBe(200);
  });

  it('counts agents in the metrics', async () => {
    const text = await (await request(`${gateway.url}/metrics`)).body.text();
    const value = (name: string) => Number(new RegExp(`^${name}{[^}]*} (\\d+)`, 'm').exec(text)?.[1]);
    expect(value('handoffrail_agents_registered')).toBeGreaterThan(3);
    expect(value('handoffrail_agents_tenants')).toBe(1);
    expect(value('handoffrail_agents_present')).toBeLessThanOrEqual(value('handoffrail_agents_registered'));
  });
});
