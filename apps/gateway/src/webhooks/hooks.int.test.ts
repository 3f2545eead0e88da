import { randomBytes } from 'node:crypto';
import { buckets } from '#libs/contracts';
import { Bucket } from '#libs/event-log';
import { type Endpoint, openHeaders, openSecrets, SecretBox } from '#libs/hooks';
import { instantAt } from '#libs/packet';
import { type Client, smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

const key = randomBytes(32);
const url = 'http://10.9.8.7:3000/hook';

describe('webhooks over HTTP', () => {
  let gateway: TestGateway;
  let admin: Client;
  let stranger: Client;
  let stored: Bucket<Endpoint>;
  beforeAll(async () => {
    gateway = await startTestGateway({
      HR_SECRET_KEY: key.toString('base64'),
      HR_WEBHOOK_ALLOW_PRIVATE: '10.9.0.0/16',
    });
    admin = gateway.client();
    const { id } = (await admin.post('tenants', { name: 'Other', tier: 'unlimited' })).body;
    stranger = gateway.client(
      (await admin.post('keys', { name: 'o', role: 'admin', tenant_id: id })).body.key,
    );
    stored = await Bucket.open<Endpoint>(gateway.runtime.nats, buckets.hooks);
  });
  afterAll(async () => {
    stored?.close();
    await gateway?.stop();
  });

  const make = async (more: object = {}, by = admin) => (await by.post('hooks', { url, ...more })).body;
  const change = (id: string, body: unknown, by = admin) => by.send('PATCH', `hooks/${id}`, body);
  const keyed = async (role: string): Promise<Client> =>
    gateway.client((await admin.post('keys', { name: role, role })).body.key);
  const storedOf = (id: string): Endpoint => stored.get(`default.${id}`)!.value;

  it('makes one, with a secret that is shown once and stored sealed', async () => {
    const made = await admin.post('hooks', {
      url,
      events: ['packet.completed', 'packet.completed', 'hitl.response_ready'],
      description: 'Tells the CRM.',
      filter: { source_agent: 'a', tags: ['x'], priority: 'urgent' },
      payload: 'thin',
      ordered: true,
      rate_per_second: 5,
      headers: { Authorization: 'Bearer hush' },
    });
    const { id, secret, ...rest } = made.body;
    expect(made).toMatchObject({ status: 201, headers: { location: `/api/v1/hooks/${id}` } });
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    const shown = {
      url,
      events: ['packet.completed', 'hitl.response_ready'],
      description: 'Tells the CRM.',
      filter: { source_agent: 'a', tags: ['x'], priority: 'critical' },
      payload: 'thin',
      ordered: true,
      rate_per_second: 5,
      header_names: ['Authorization'],
      status: 'active',
      created_at: expect.any(String),
      created_by: expect.any(String),
      updated_at: rest.created_at,
    };
    expect(rest).toEqual(shown);
    expect((await admin.get(`hooks/${id}`)).body).toEqual({ id, ...shown });
    await expect.poll(() => stored.get(`default.${id}`)).toBeDefined();
    const bytes = JSON.stringify(storedOf(id));
    expect(bytes).not.toContain(secret);
    expect(bytes).not.toContain('hush');
    const box = new SecretBox(key);
    expect(openSecrets(box, storedOf(id), instantAt(Date.now()))).toEqual([secret]);
    expect(openHeaders(box, storedOf(id))).toEqual({ Authorization: 'Bearer hush' });
  });

  it('takes what is left out to mean everything, in full, unordered', async () => {
    expect(await make()).toMatchObject({
      events: ['*'],
      payload: 'full',
      ordered: false,
      header_names: [],
      status: 'active',
    });
    const own = 'a secret of my own';
    expect((await make({ secret: own })).secret).toBe(own);
  });

  it('makes it once, however often the same request comes', async () => {
    const header = { 'idempotency-key': 'make-one' };
    const first = await admin.post('hooks', { url, description: 'once' }, header);
    const again = await admin.post('hooks', { url, description: 'once' }, header);
    expect(again).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
    expect(again.body).toEqual({ ...first.body, secret: null });
    expect((await admin.post('hooks', { url, description: 'other' }, header)).body.code).toBe(
      'idempotency_mismatch',
    );
  });

  it('changes what is sent, clears what is null, and leaves the rest', async () => {
    const { id, secret, ...made } = await make({
      description: 'one',
      filter: { tags: ['x'] },
      rate_per_second: 5,
    });
    const changed = await change(id, { events: ['packet.*'], description: null, headers: { A: 'b' } });
    const { description: _, ...kept } = made;
    const expected = { ...kept, events: ['packet.*'], header_names: ['A'], updated_at: expect.any(String) };
    expect(changed).toMatchObject({ status: 200 });
    expect(changed.body).toEqual({ id, ...expected });
    const cleared = { ...expected, header_names: [] };
    delete cleared.filter;
    delete cleared.rate_per_second;
    const nulls = { filter: null, rate_per_second: null, headers: null, url: null, events: null };
    expect((await change(id, nulls)).body).toEqual({ id, ...cleared });
    await expect.poll(() => storedOf(id).headers).toBeUndefined();
    expect(openSecrets(new SecretBox(key), storedOf(id), instantAt(Date.now()))).toEqual([secret]);
  });

  it('rotates the secret: both sign until the grace is over', async () => {
    const { id, secret } = await make();
    const rotated = await admin.post(`hooks/${id}/rotate-secret`, { grace_seconds: 60 });
    expect(rotated).toMatchObject({ status: 200, body: { hook_id: id, secret: expect.any(String) } });
    const until = Date.parse(rotated.body.previous_secret_until);
    expect(until - Date.now()).toBeGreaterThan(50_000);
    await expect.poll(() => storedOf(id).secret.previous).toBeDefined();
    const box = new SecretBox(key);
    const at = (epoch: number) => openSecrets(box, storedOf(id), instantAt(epoch));
    expect(at(Date.now())).toEqual([rotated.body.secret, secret]);
    expect(at(until)).toEqual([rotated.body.secret]);
    const { body } = await admin.get(`hooks/${id}`);
    expect(body).toMatchObject({ previous_secret_until: rotated.body.previous_secret_until });
    expect(JSON.stringify(body)).not.toContain('whsec_');
    const last = await admin.post(`hooks/${id}/rotate-secret`, {
      grace_seconds: 0,
      secret: 'sixteen letters!',
    });
    expect(last.body).toEqual({ hook_id: id, secret: 'sixteen letters!', previous_secret_until: null });
    await expect.poll(() => at(Date.now())).toEqual(['sixteen letters!']);
    const byDefault = (await admin.post(`hooks/${id}/rotate-secret`)).body;
    expect(Date.parse(byDefault.previous_secret_until) - Date.now()).toBeGreaterThan(86_000_000);
  });

  it('deletes, shows what is deleted on request, and enables again', async () => {
    const { id } = await make({ description: 'to go' });
    expect((await admin.send('DELETE', `hooks/${id}`)).status).toBe(204);
    expect((await admin.send('DELETE', `hooks/${id}`)).status).toBe(204);
    const gone = { status: 'deleted', disabled_reason: 'deleted', disabled_at: expect.any(String) };
    expect((await admin.get(`hooks/${id}`)).body).toMatchObject(gone);
    const ids = async (query: string) =>
      (await admin.get(`hooks?limit=200${query}`)).body.hooks.map((hook: { id: string }) => hook.id);
    expect(await ids('')).not.toContain(id);
    expect(await ids('&status=deleted')).toEqual([id]);
    expect(await admin.post(`hooks/${id}/test`)).toMatchObject({
      status: 409,
      body: { code: 'hook_disabled' },
    });
    expect((await admin.post('packets', smallPacket())).status).toBe(201);
    const newest = await gateway.runtime.log.lastSequence();
    const enabled = await admin.post(`hooks/${id}/enable`);
    expect(enabled).toMatchObject({ status: 200, body: { status: 'active' } });
    expect(enabled.body).not.toHaveProperty('disabled_reason');
    await expect.poll(() => storedOf(id).after_sequence).toBe(newest);
    expect((await admin.post(`hooks/${id}/enable`)).body).toEqual(enabled.body);
  });

  it('lists oldest first, page by page', async () => {
    const { body } = await admin.get('hooks?limit=200');
    expect(body.total).toBe(body.hooks.length);
    const found: unknown[] = [];
    for (let cursor = ''; ;) {
      const page = (await admin.get(`hooks?limit=2${cursor && `&cursor=${cursor}`}`)).body;
      found.push(...page.hooks);
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    expect(found).toEqual(body.hooks);
    expect((await admin.get('hooks?cursor=bm8')).body.errors).toMatchObject([{ code: 'not_a_cursor' }]);
  });

  it.each<[string, object, string]>([
    ['no URL', { url: undefined }, 'url'],
    ['a URL that is none', { url: 'example.com/hook' }, 'url'],
    ['another scheme', { url: 'ftp://example.com/' }, 'url'],
    ['an event that there is not', { events: ['packet.exploded'] }, 'events.0'],
    ['no events', { events: [] }, 'events'],
    ['a short secret', { secret: 'short' }, 'secret'],
    ['a secret that is no base64', { secret: 'whsec_this is no base64!' }, 'secret'],
    ['a header of ours', { headers: { 'Webhook-Signature': 'v1,mine' } }, 'headers.Webhook-Signature'],
    ['a header of the request', { headers: { Host: 'internal' } }, 'headers.Host'],
    ['a header that breaks the line', { headers: { A: 'b\r\nHost: c' } }, 'headers.A'],
    ['the same header twice', { headers: { A: 'b', a: 'c' } }, 'headers.A'],
    ['a rate of none', { rate_per_second: 0 }, 'rate_per_second'],
    ['a field that only we set', { status: 'active' }, 'status'],
    ['this machine', { url: 'http://localhost:3000/' }, 'url'],
    ['the metadata of a cloud', { url: 'http://169.254.169.254/latest' }, 'url'],
  ])('refuses %s', async (_what, wrong, field) => {
    const answer = await admin.post('hooks', { url, ...wrong });
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed', field } });
  });

  it('refuses a change to a URL that must not be called', async () => {
    const { id } = await make();
    const answer = await change(id, { url: 'http://127.0.0.1:9/' });
    expect(answer.body).toMatchObject({ code: 'validation_failed', field: 'url' });
    expect((await admin.get(`hooks/${id}`)).body.url).toBe(url);
  });

  it('is for writers, and secrets and ends for admins', async () => {
    const { id } = await make();
    for (const role of ['reader', 'agent', 'approver']) {
      const by = await keyed(role);
      for (const path of ['hooks', `hooks/${id}`, `hooks/${id}/deliveries`, 'hooks/dlq'])
        expect((await by.get(path)).body.code, `${role} ${path}`).toBe('forbidden');
      expect((await by.post('hooks', { url })).body.code).toBe('forbidden');
    }
    const writer = await keyed('writer');
    expect((await writer.post('hooks', { url })).status).toBe(201);
    expect((await change(id, { description: 'x' }, writer)).status).toBe(200);
    expect((await writer.post(`hooks/${id}/enable`)).status).toBe(200);
    expect((await writer.post(`hooks/${id}/rotate-secret`)).body.code).toBe('forbidden');
    expect((await writer.send('DELETE', `hooks/${id}`)).body.code).toBe('forbidden');
  });

  it('knows nothing of another tenant’s', async () => {
    const { id } = await make();
    const since = { since: '2026-01-01T00:00:00Z' };
    const tries = [
      stranger.get(`hooks/${id}`),
      change(id, { description: 'mine' }, stranger),
      stranger.send('DELETE', `hooks/${id}`),
      stranger.get(`hooks/${id}/deliveries`),
      stranger.post(`hooks/${id}/test`),
      stranger.post(`hooks/${id}/enable`),
      stranger.post(`hooks/${id}/rotate-secret`),
      stranger.post(`hooks/${id}/recover`, since),
      stranger.post(`hooks/${id}/replay-missing`, since),
    ];
    for (const answer of await Promise.all(tries))
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await stranger.get('hooks')).body).toMatchObject({ hooks: [], total: 0 });
    expect((await admin.get(`hooks/${id}`)).body).toMatchObject({ status: 'active' });
    expect((await admin.get('hooks/not-an-id')).status).toBe(404);
  });

  it('is there on another gateway at once, and changes from two are not lost', async () => {
    const sibling = await startSibling(gateway);
    const there = sibling.client();
    const { id } = await make();
    await expect.poll(async () => (await there.get(`hooks/${id}`)).status, { timeout: 1_000 }).toBe(200);
    const [a, b] = await Promise.all([
      change(id, { description: 'from here' }),
      change(id, { rate_per_second: 7 }, there),
    ]);
    expect([a.status, b.status]).toEqual([200, 200]);
    await expect
      .poll(async () => (await admin.get(`hooks/${id}`)).body)
      .toMatchObject({ description: 'from here', rate_per_second: 7 });
    await sibling.stop();
  });
});
