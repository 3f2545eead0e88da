import { type Client, smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

const json_schema = {
  properties: {
    custom: { type: 'object', required: ['amount'], properties: { amount: { type: 'integer', minimum: 1 } } },
  },
};

describe('schemas over HTTP', () => {
  let gateway: TestGateway;
  let admin: Client;
  let stranger: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = gateway.client();
    const { id } = (await admin.post('tenants', { name: 'Other', tier: 'unlimited' })).body;
    stranger = gateway.client(
      (await admin.post('keys', { name: 'o', role: 'admin', tenant_id: id })).body.key,
    );
  });
  afterAll(() => gateway?.stop());

  const register = (name: string, more: object = {}, by = admin) =>
    by.post('schemas', { name, json_schema, ...more });
  const idOf = async (name: string): Promise<string> => (await register(name)).body.id;
  const packet = (schema_id: string, custom: object, more: object = {}) => {
    const small = smallPacket();
    return { ...small, ...more, schema_id, context: { ...small.context, custom } };
  };

  it('registers the first version, then the next, and any that is free', async () => {
    const first = await register('refund');
    expect(first).toMatchObject({
      status: 201,
      headers: { location: `/api/v1/schemas/${first.body.id}` },
      body: { name: 'refund', version: 1, json_schema, created_at: expect.any(String) },
    });
    expect((await admin.get(`schemas/${first.body.id}`)).body).toEqual(first.body);
    expect((await register('refund')).body.version).toBe(2);
    expect((await register('refund', { version: 7 })).body.version).toBe(7);
    expect((await register('refund')).body.version).toBe(8);
    expect((await register('refund', { version: 7 })).body).toMatchObject({
      code: 'already_exists',
      status: 409,
    });
    expect((await register('other')).body.version).toBe(1);
  });

  it('gives each of many at once a version of its own, on two gateways', async () => {
    const sibling = await startSibling(gateway);
    const there = sibling.client();
    const answers = await Promise.all([
      register('race', { version: 3 }),
      register('race', { version: 3 }, there),
      register('race', {}, there),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
    const listed = (await admin.get('schemas?name=race')).body.schemas;
    expect(listed).toHaveLength(2);
    expect(new Set(listed.map(({ version }: { version: number }) => version)).size).toBe(2);
    const header = { 'idempotency-key': 'same' };
    const body = { name: 'repeated', json_schema };
    const [here, other] = await Promise.all([
      admin.post('schemas', body, header),
      there.post('schemas', body, header),
    ]);
    expect([here.status, other.status]).toEqual([201, 201]);
    expect(other.body).toEqual(here.body);
    const again = await admin.post('schemas', body, header);
    expect(again).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
    expect(again.body).toEqual(here.body);
    const mismatch = await admin.post('schemas', { ...body, name: 'x' }, header);
    expect(mismatch.body.code).toBe('idempotency_mismatch');
    await sibling.stop();
  });

  it('lists by name and version, page by page, without the schemas', async () => {
    const { schemas, total } = (await admin.get('schemas?limit=200')).body;
    expect(total).toBe(schemas.length);
    expect(schemas[0]).not.toHaveProperty('json_schema');
    const found: unknown[] = [];
    for (let cursor = ''; ;) {
      const page = (await admin.get(`schemas?limit=2${cursor && `&cursor=${cursor}`}`)).body;
      found.push(...page.schemas);
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    expect(found).toEqual(schemas);
    expect((await admin.get('schemas?cursor=bm8')).body.errors).toMatchObject([{ code: 'not_a_cursor' }]);
  });

  it.each<[string, object, string]>([
    ['no name', { name: undefined }, 'name'],
    ['a version that is none', { version: 0 }, 'version'],
    ['no schema', { json_schema: undefined }, 'json_schema'],
    ['a type that there is not', { json_schema: { type: 'text' } }, 'json_schema.type'],
    ['a reference to elsewhere', { json_schema: { $ref: 'file:///etc/passwd' } }, 'json_schema.$ref'],
    ['a schema in itself', { json_schema: { $ref: '#' } }, 'json_schema'],
    [
      'a huge enum',
      { json_schema: { enum: Array.from({ length: 9_000 }, (_, at) => at) } },
      'json_schema.enum',
    ],
    ['a pattern out of bounds', { json_schema: { pattern: '((a{30}){30}){30}' } }, 'json_schema.pattern'],
  ])('refuses %s', async (_what, wrong, field) => {
    expect((await register('wrong', wrong)).body).toMatchObject({ code: 'validation_failed', field });
  });

  it('lets only packets in whose context satisfies the schema they name', async () => {
    const id = await idOf('checked');
    const made = await admin.post('packets', packet(id, { amount: 3 }));
    expect(made).toMatchObject({ status: 201, body: { schema_id: id } });
    const wrong = await admin.post('packets', packet(id, { amount: 0 }));
    expect(wrong).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
    expect(wrong.body.errors).toMatchObject([{ field: 'context.custom.amount', code: 'too_small' }]);
    const none = await admin.post('packets', packet('no-such', {}));
    expect(none.body).toMatchObject({ status: 422, field: 'schema_id' });
    const foreign = await stranger.post('packets', packet(id, { amount: 3 }));
    expect(foreign.body).toMatchObject({ status: 422, field: 'schema_id' });
  });

  it('checks each packet of a batch', async () => {
    const id = await idOf('batched');
    const packets = [packet(id, { amount: 1 }), packet(id, {}), packet(id, { amount: 2 })];
    const { status, body } = await admin.post('packets/batch', { packets });
    expect(status).toBe(201);
    expect(body.created).toHaveLength(2);
    expect(body.errors).toMatchObject([{ index: 1, error: { field: 'context.custom' } }]);
  });

  it('checks a child with what it inherits', async () => {
    const id = await idOf('chained');
    const parent = (await admin.post('packets', { ...smallPacket(), ...withCustom({ amount: 5 }) })).body.id;
    const child = packet(id, {});
    expect(await admin.post(`packets/${parent}/chain`, { ...child, inherit: ['custom'] })).toMatchObject({
      status: 201,
      body: { schema_id: id, context: { custom: { amount: 5 } } },
    });
    const alone = await admin.post(`packets/${parent}/chain`, { ...child, inherit: 'none' });
    expect(alone).toMatchObject({ status: 422, body: { field: 'context.custom' } });
  });

  it('checks a child against what its parent is when it is made', async () => {
    const id = await idOf('moving');
    for (let round = 0; round < 10; round += 1) {
      const parent = (await admin.post('packets', { ...smallPacket(), ...withCustom({ amount: 5 }) })).body
        .id;
      const [, chained] = await Promise.all([
        admin.send('PATCH', `packets/${parent}`, { context: { custom: { amount: null } } }),
        admin.post(`packets/${parent}/chain`, { ...packet(id, {}), inherit: ['custom'] }),
      ]);
      if (chained.status === 201) expect(chained.body.context.custom.amount).toBe(5);
      else expect(chained.body.field).toBe('context.custom');
    }
  });

  it('answers a repeated create as before, whatever became of the schema', async () => {
    const id = await idOf('short-lived');
    const header = { 'idempotency-key': 'once' };
    const first = await admin.post('packets', packet(id, { amount: 1 }), header);
    expect((await admin.send('DELETE', `packets/${first.body.id}`)).status).toBe(204);
    expect((await admin.send('DELETE', `schemas/${id}`)).status).toBe(204);
    const again = await admin.post('packets', packet(id, { amount: 1 }), header);
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect((await admin.post('packets', packet(id, { amount: 1 }))).body.field).toBe('schema_id');
  });

  it('keeps a schema while a packet that is not done names it', async () => {
    const id = await idOf('kept');
    const made = (await admin.post('packets', packet(id, { amount: 1 }))).body;
    expect(await admin.send('DELETE', `schemas/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'schema_in_use' },
    });
    await admin.send('DELETE', `packets/${made.id}`);
    expect((await admin.send('DELETE', `schemas/${id}`)).status).toBe(204);
    expect((await admin.get(`schemas/${id}`)).status).toBe(404);
    expect((await admin.send('DELETE', `schemas/${id}`)).status).toBe(404);
    expect((await register('kept')).body).toMatchObject({ id, version: 1 });
  });

  it('is for writers, and knows nothing of another tenant’s', async () => {
    const id = await idOf('mine');
    for (const role of ['reader', 'agent', 'approver']) {
      const by = gateway.client((await admin.post('keys', { name: role, role })).body.key);
      const tries = [register('x', {}, by), by.get('schemas'), by.get(`schemas/${id}`)];
      for (const answer of await Promise.all([...tries, by.send('DELETE', `schemas/${id}`)]))
        expect(answer.body.code, role).toBe('forbidden');
    }
    expect((await stranger.get(`schemas/${id}`)).status).toBe(404);
    expect((await stranger.send('DELETE', `schemas/${id}`)).status).toBe(404);
    expect((await stranger.get('schemas')).body).toMatchObject({ schemas: [], total: 0 });
    expect((await register('mine', {}, stranger)).body).toMatchObject({ version: 1 });
    expect((await admin.get(`schemas/${id}`)).status).toBe(200);
  });

  it('holds 200 of a tenant', async () => {
    const { total } = (await stranger.get('schemas')).body;
    for (let at = total; at < 200; at += 1) await register('many', {}, stranger);
    expect((await register('many', {}, stranger)).body).toMatchObject({
      code: 'too_many_schemas',
      status: 409,
    });
    const { body } = await stranger.get('schemas?name=many&limit=200');
    expect(body.schemas.map(({ version }: { version: number }) => version)).toEqual(
      Array.from({ length: body.total }, (_, at) => at + 1),
    );
  });
});

const withCustom = (custom: object) => ({ context: { ...smallPacket().context, custom } });
