import { randomUUID } from 'node:crypto';
import { AuditTrail } from '#libs/audit';
import { uuidv7 } from '#libs/event-log';
import { instantAt, type TenantId } from '#libs/packet';
import { type AnyJson, type Client, smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const dayMs = 86_400_000;

describe('the audit over HTTP', () => {
  let gateway: TestGateway;
  let platform: Client;
  const secrets: string[] = [];
  beforeAll(async () => {
    gateway = await startTestGateway({ HR_SIGNUP: 'open', HR_WEBHOOK_ALLOW_PRIVATE: '10.9.0.0/16' });
    platform = gateway.client();
  });
  afterAll(() => gateway?.stop());

  interface Tenant {
    id: string;
    admin: Client;
    keyId: string;
    prefix: string;
  }

  const newTenant = async (tier = 'unlimited'): Promise<Tenant> => {
    const { id } = (await platform.post('tenants', { name: randomUUID(), tier })).body;
    const made = (await platform.post('keys', { name: 'admin', role: 'admin', tenant_id: id })).body;
    secrets.push(made.key);
    return { id, admin: gateway.client(made.key), keyId: made.id, prefix: made.prefix };
  };
  const keyFor = async ({ admin }: Tenant, role: string) => {
    const made = (await admin.post('keys', { name: role, role })).body;
    secrets.push(made.key);
    return { ...made, client: gateway.client(made.key) };
  };
  const entries = async ({ admin }: Tenant, query = ''): Promise<AnyJson[]> => {
    const { status, headers, body } = await admin.get(`audit?limit=200&${query}`);
    expect(status).toBe(200);
    expect(headers['handoffrail-stale']).toBeUndefined();
    return body.entries;
  };
  const short = (found: AnyJson[]): string[] =>
    found.map(({ action, result, outcome }) => `${action} ${result} ${outcome}`);

  it('has a change as soon as its answer: what, by whom, on what, and under which trace', async () => {
    const tenant = await newTenant();
    const headers = { 'x-request-id': 'my-request' };
    const made = await tenant.admin.post('keys', { name: 'worker', role: 'agent' }, headers);
    const [entry] = await entries(tenant);
    expect(entry).toEqual({
      id: expect.any(String),
      timestamp: expect.any(String),
      ...{ action: 'control.create_key', result: 'allowed', outcome: 'done' },
      actor: { type: 'human', id: tenant.keyId, key_id: tenant.keyId, key_prefix: tenant.prefix },
      resource: `/api/v1/keys/${made.body.id}`,
      ...{ packet_id: null, reason: null, request_id: 'my-request', dropped: 0 },
      details: { fields: ['name', 'role'], name: 'worker', role: 'agent' },
      trace_id: String(made.headers['traceparent']).split('-')[1],
    });
  });

  it('has every kind of change, and never a secret', async () => {
    const tenant = await newTenant();
    const { admin } = tenant;
    const send = async (method: string, path: string, body?: object) => {
      const answer = await admin.send(method, path, body);
      expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
      for (const name of ['key', 'secret', 'url']) if (answer.body?.[name]) secrets.push(answer.body[name]);
      return answer.body;
    };
    const key = await send('POST', 'keys', { name: 'k' });
    const rotated = await send('POST', `keys/${key.id}/rotate`, {});
    await send('DELETE', `keys/${rotated.id}`);
    await send('PUT', 'agents/ana', { name: 'Ana', capabilities: ['billing'] });
    await send('DELETE', 'agents/ana');
    await send('PUT', 'routing/edges', { edges: [{ from: '*', to: '*' }] });
    const headers = { authorization: 'Bearer of-the-hook' };
    secrets.push('of-the-hook', 'in-the-path');
    const hook = await send('POST', 'hooks', { url: 'http://10.9.8.7/in-the-path', headers });
    await send('PATCH', `hooks/${hook.id}`, { description: 'CRM' });
    await send('POST', `hooks/${hook.id}/rotate-secret`, {});
    await send('DELETE', `hooks/${hook.id}`);
    const schema = await send('POST', 'schemas', { name: 's', json_schema: { type: 'object' } });
    await send('DELETE', `schemas/${schema.id}`);
    const packet = await send('POST', 'packets', smallPacket('bo', 'ana', { hitl: { reason: 'r' } }));
    const link = await send('POST', `approvals/${packet.hitl.id}/links`, { approver: 'mira' });
    await send('DELETE', `approvals/${packet.hitl.id}/links/${link.link_id}`);
    const found = await entries(tenant);
    expect(short(found).reverse().slice(2)).toEqual([
      ...['control.create_key', 'control.rotate_key', 'control.revoke_key'].map(
        (name) => `${name} allowed done`,
      ),
      ...['agents.register', 'agents.remove', 'routing.put'].map((name) => `${name} allowed done`),
      ...['create_hook', 'change_hook', 'rotate_secret', 'delete_hook'].map(
        (n) => `webhooks.${n} allowed done`,
      ),
      ...['register_schema', 'delete_schema'].map((name) => `schemas.${name} allowed done`),
      'packet.created allowed done',
      ...['create_link', 'revoke_link'].map((name) => `approvals.${name} allowed done`),
    ]);
    const text = JSON.stringify(found);
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  it('has what the platform does to a tenant in both', async () => {
    const tenant = await newTenant();
    await platform.send('PATCH', `tenants/${tenant.id}`, { tier: 'business' });
    const found = await entries(tenant);
    expect(short(found)).toEqual([
      'control.change_tenant allowed done',
      'control.create_key allowed done',
      'control.create_tenant allowed done',
    ]);
    expect(found[0]).toMatchObject({
      resource: `/api/v1/tenants/${tenant.id}`,
      details: { tier: 'business' },
    });
    const { body } = await platform.get('audit?limit=3');
    expect(body.entries.map(({ id }: AnyJson) => id)).toEqual(found.map(({ id }) => id));
  });

  it('has the platform admin that a start has made', async () => {
    const { body } = await platform.get('audit?action=control.bootstrap');
    expect(short(body.entries)).toEqual(['control.bootstrap allowed done']);
    expect(body.entries[0].details).toEqual({ prefix: gateway.key.slice(0, 11) });
  });

  it('has a sign-up in the tenant that it made', async () => {
    const anybody = gateway.client('');
    const { body } = await anybody.post('/api/signup', { team_name: randomUUID(), sender_name: 'Mira' });
    const { body: audit } = await gateway.client(body.key.key).get('audit');
    expect(short(audit.entries)).toEqual(['control.sign_up allowed done']);
    expect(audit.entries[0].actor).toEqual({ type: 'human', id: 'sign-up' });
  });

  it('has nothing of what was impossible, and a repeated request once', async () => {
    const tenant = await newTenant();
    const before = (await entries(tenant)).length;
    expect((await tenant.admin.post('keys', { role: 'nobody' })).status).toBe(422);
    expect((await tenant.admin.post('keys', '{"name"')).status).toBe(400);
    expect(await entries(tenant)).toHaveLength(before);
    const headers = { 'idempotency-key': randomUUID() };
    for (let times = 0; times < 3; times += 1) await tenant.admin.post('keys', { name: 'once' }, headers);
    expect(await entries(tenant)).toHaveLength(before + 1);
  });

  describe('with refused attempts', () => {
    let tenant: Tenant;
    let other: Tenant;
    beforeAll(async () => {
      tenant = await newTenant();
      other = await newTenant();
    });

    const denied = async (): Promise<AnyJson[]> => entries(tenant, 'result=denied');

    it('has those of a role that may not', async () => {
      const reader = await keyFor(tenant, 'reader');
      expect((await reader.client.post('packets?x=1', smallPacket())).status).toBe(403);
      expect((await denied())[0]).toMatchObject({
        ...{ action: 'packets.create', result: 'denied', outcome: 'refused', resource: '/api/v1/packets' },
        actor: { key_id: reader.id, key_prefix: reader.prefix },
        reason: { code: 'forbidden', detail: expect.stringContaining('writer') },
      });
      expect((await reader.client.get('audit')).status).toBe(403);
      expect((await denied())[0].action).toBe('control.list_audit');
    });

    it('has those of keys that are over, and of one that only begins like a known one', async () => {
      const over = await keyFor(tenant, 'writer');
      await tenant.admin.send('DELETE', `keys/${over.id}`);
      expect((await over.client.get('packets')).status).toBe(403);
      const forged = gateway.client(over.prefix + 'x'.repeat(35));
      expect((await forged.get('packets')).status).toBe(401);
      expect((await gateway.client('hr_unknown').get('packets')).status).toBe(401);
      const [second, first] = await denied();
      expect(first).toMatchObject({ reason: { code: 'key_revoked' }, actor: { key_id: over.id } });
      expect(second.reason.code).toBe('unauthenticated');
      expect(second.actor).toEqual({ type: 'unknown', id: 'unknown', key_prefix: over.prefix });
    });

    it('has those of the last admin key', async () => {
      expect((await tenant.admin.send('DELETE', `keys/${tenant.keyId}`)).status).toBe(409);
      expect((await denied())[0]).toMatchObject({
        ...{ action: 'control.revoke_key', outcome: 'refused', reason: { code: 'last_admin_key' } },
      });
    });

    it('has those of ids that are not there, whether another tenant has them or nobody', async () => {
      const packet = (await other.admin.post('packets', smallPacket())).body.id;
      const hook = (await other.admin.post('hooks', { url: 'http://10.9.8.7/h' })).body.id;
      const schema = (await other.admin.post('schemas', { name: 's', json_schema: {} })).body.id;
      const seen = (await denied()).length;
      const asked: [method: string, path: string][] = [
        ['GET', `packets/${packet}`],
        ['POST', `packets/${packet}/cancel`],
        ['GET', `hooks/${hook}`],
        ['DELETE', `schemas/${schema}`],
        ['DELETE', `keys/${other.keyId}`],
        ['GET', `packets/${randomUUID()}`],
      ];
      for (const [method, path] of asked) {
        expect((await tenant.admin.send(method, path)).status, path).toBe(404);
      }
      const found = (await denied()).reverse().slice(seen);
      expect(found.map(({ resource }) => resource)).toEqual(asked.map(([, path]) => `/api/v1/${path}`));
      expect(found[1]).toMatchObject({
        packet_id: packet,
        action: 'commands.cancel',
        reason: { code: 'not_found' },
      });
      expect(await entries(other, 'result=denied')).toEqual([]);
    });

    it('has a few of very many, and says how many it has not', async () => {
      const reader = await keyFor(tenant, 'reader');
      for (let count = 0; count < 60; count += 1) await reader.client.post('packets', {});
      const found = (await denied()).filter(({ actor }) => actor.key_id === reader.id);
      expect(found.length).toBeGreaterThanOrEqual(15);
      expect(found.length).toBeLessThanOrEqual(30);
      const writer = await keyFor(tenant, 'reader');
      await writer.client.post('packets', {});
      expect((await denied())[0].dropped).toBeGreaterThan(20);
    });
  });

  describe('as a list', () => {
    let tenant: Tenant;
    let packet: string;
    beforeAll(async () => {
      tenant = await newTenant();
      packet = (await tenant.admin.post('packets', smallPacket('bo', 'ana'))).body.id;
      await tenant.admin.post(`packets/${packet}/cancel`);
      for (let count = 0; count < 7; count += 1) await tenant.admin.post('keys', { name: `=1+${count}` });
    });

    it('comes in pages, in the order of time', async () => {
      const all = await entries(tenant);
      const walked: AnyJson[] = [];
      for (let cursor = ''; ;) {
        const { body } = await tenant.admin.get(`audit?limit=4${cursor}`);
        walked.push(...body.entries);
        if (body.next_cursor === null) break;
        cursor = `&cursor=${body.next_cursor}`;
      }
      expect(walked).toEqual(all);
      expect(all).toHaveLength(11);
    });

    it('is narrowed', async () => {
      expect(short(await entries(tenant, `packet_id=${packet}`))).toEqual([
        'packet.cancelled allowed done',
        'packet.created allowed done',
      ]);
      expect(await entries(tenant, 'action=control.create_key')).toHaveLength(8);
      expect(await entries(tenant, 'action=packet.*')).toHaveLength(2);
      expect(await entries(tenant, `actor=${tenant.prefix}&action=control.*`)).toHaveLength(7);
      expect(await entries(tenant, `actor=${tenant.keyId}&result=allowed`)).toHaveLength(9);
      const [newest] = await entries(tenant);
      expect(await entries(tenant, `created_after=${newest.timestamp}`)).toEqual([]);
      expect(await entries(tenant, `created_before=${newest.timestamp}`)).toHaveLength(10);
    });

    it.each([
      'action=DROP',
      'result=maybe',
      'cursor=abc',
      'packet_id=1',
      'limit=0',
      'format=xml',
      'x=1',
      'format=csv&limit=1',
    ])('refuses ?%s', async (query) => {
      expect((await tenant.admin.get(`audit?${query}`)).status).toBe(422);
    });

    it('is exported as lines of JSON, whole', async () => {
      const all = await entries(tenant);
      for (const [query, headers] of [
        ['?format=jsonl', {}],
        ['', { accept: 'application/x-ndjson' }],
      ] as const) {
        const { status, headers: got, body } = await tenant.admin.get(`audit${query}`, headers);
        expect(status).toBe(200);
        expect(got['content-type']).toBe('application/jsonl; charset=utf-8');
        expect(got['content-disposition']).toBe('attachment; filename="audit.jsonl"');
        expect(
          body
            .trimEnd()
            .split('\n')
            .map((line: string) => JSON.parse(line)),
        ).toEqual(all);
      }
    });

    it('is exported as CSV, in which nothing runs', async () => {
      const { headers, body } = await tenant.admin.get('audit?action=control.*', { accept: 'text/csv' });
      expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
      const lines = body.trimEnd().split('\r\n');
      expect(lines).toHaveLength(10);
      expect(lines[0]).toMatch(/^timestamp,id,action,result,/);
      expect(lines[1]).toContain(',control.create_key,allowed,done,human,');
    });

    it('is exported beyond one page', async () => {
      const many = await newTenant();
      const ids = Array.from({ length: 230 }, () => smallPacket());
      for (let at = 0; at < ids.length; at += 115)
        await many.admin.post('packets/batch', { packets: ids.slice(at, at + 115) });
      const { body } = await many.admin.get('audit?format=jsonl&action=packet.created');
      const found = body
        .trimEnd()
        .split('\n')
        .map((line: string) => JSON.parse(line).packet_id);
      expect(new Set(found).size).toBe(230);
      expect(found).toHaveLength(230);
    });
  });

  it('shows nothing that is older than the tier keeps it', async () => {
    const tenant = await newTenant('free');
    const trail = new AuditTrail(gateway.runtime.nats);
    const begin = (days: number) =>
      trail.begin({
        ...{ id: uuidv7(), kind: 'attempt', tenant_id: tenant.id as TenantId, action: 'control.create_key' },
        ...{ at: instantAt(Date.now() - days * dayMs), actor: { type: 'human', id: 'mira' } },
        ...{ resource: '/api/v1/keys', details: {}, trace_id: '', request_id: 'r' },
      });
    await begin(6.9);
    await begin(7.1);
    trail.close();
    const shown = (found: AnyJson[]) => found.filter(({ actor }) => actor.id === 'mira').length;
    await expect.poll(async () => shown(await entries(tenant)), { timeout: 5_000 }).toBe(1);
    expect(shown(await entries(tenant, 'created_after=2020-01-01T00:00:00Z'))).toBe(1);
    await platform.send('PATCH', `tenants/${tenant.id}`, { tier: 'pro' });
    expect(shown(await entries(tenant))).toBe(2);
  });
});

describe('the audit while NATS is away', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway?.stop());

  it('lets nothing be changed that it could not keep, and can be read', async () => {
    const admin = gateway.client();
    await admin.post('keys', { name: 'before' });
    expect((await admin.get('audit?action=control.create_key')).body.entries).toHaveLength(1);
    await gateway.servers.nats.stop();
    expect(await admin.post('keys', { name: 'during' })).toMatchObject({
      status: 503,
      body: { code: 'unavailable' },
    });
    expect((await admin.get('audit?action=control.create_key')).body.entries).toHaveLength(1);
    expect((await admin.get('keys')).body.keys.map(({ name }: AnyJson) => name)).not.toContain('during');
  });
});
