import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, smallPacket } from '#libs/testing';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';

const path = 'routing/edges';
const handoff = (from: string, to: string) => {
  const agent = (id: string) => ({ id, name: id });
  return {
    ...smallPacket(),
    metadata: { source_agent: agent(from), target_agent: agent(to) },
  };
};

describe('edges over HTTP', () => {
  let gateway: TestGateway;
  let sibling: Awaited<ReturnType<typeof startSibling>>;
  let admin: Client;
  let stranger: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    sibling = await startSibling(gateway);
    admin = gateway.client();
    const { id } = (await admin.post('tenants', { name: 'Other', tier: 'unlimited' })).body;
    stranger = gateway.client(
      (await admin.post('keys', { name: 'o', role: 'admin', tenant_id: id })).body.key,
    );
  });
  afterAll(async () => {
    await sibling?.stop();
    await gateway?.stop();
  });

  const set = (body: unknown, by = admin) => by.send('PUT', path, body);
  const refused = { status: 403, body: { code: 'edge_not_allowed', field: 'metadata.target_agent.id' } };

  it('allows every handoff at first', async () => {
    expect((await admin.get(path)).body).toEqual({ edges: null, updated_at: null });
    expect((await admin.post('packets', handoff('a', 'b'))).status).toBe(201);
  });

  it('refuses at create, chain and in a batch what is not allowed, and writes nothing', async () => {
    const { id } = (await admin.post('packets', handoff('a', 'c'))).body;
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'lead', to: '*' },
    ];
    const answer = await set({ edges });
    expect(answer).toMatchObject({ status: 200, body: { edges, updated_at: expect.any(String) } });
    expect((await admin.get(path)).body).toEqual(answer.body);
    const count = async () => (await admin.get('packets')).body.packets.length;
    const before = await count();
    expect(await admin.post('packets', handoff('a', 'c'))).toMatchObject(refused);
    expect(await admin.post(`packets/${id}/chain`, handoff('c', 'd'))).toMatchObject(refused);
    const batch = await admin.post('packets/batch', {
      packets: [handoff('a', 'b'), handoff('b', 'a'), handoff('lead', 'x')],
    });
    expect(batch.body.created).toHaveLength(2);
    expect(batch.body.errors).toMatchObject([{ index: 1, error: { code: 'edge_not_allowed', status: 403 } }]);
    expect(await count()).toBe(before + 2);
    expect((await admin.get(`packets/${id}`)).body.revision).toBe(1);
    expect((await admin.post(`packets/${id}/chain`, handoff('lead', 'd'))).status).toBe(201);
  });

  it('shows on one gateway within a second what was set on another', async () => {
    await set({ edges: [] });
    const soon = { timeout: 1_000, interval: 10 };
    const there = sibling.client();
    await expect.poll(async () => (await there.get(path)).body.edges, soon).toEqual([]);
    await there.send('PUT', path, { edges: null });
    const create = async () => (await admin.post('packets', handoff('x', 'y'))).status;
    await expect.poll(create, soon).toBe(201);
    await set({});
    expect((await admin.get(path)).body).toMatchObject({ edges: null, updated_at: expect.any(String) });
  });

  const many = Array.from({ length: 5_001 }, (_, index) => ({ from: 'a', to: `b${index}` }));
  it.each<[string, unknown, [string, string]]>([
    ['an edge without a target', { edges: [{ from: 'a' }] }, ['edges.0.to', 'required']],
    ['an edge without a source', { edges: [{ to: 'a' }] }, ['edges.0.from', 'required']],
    ['an empty id', { edges: [{ from: '', to: 'a' }] }, ['edges.0.from', 'too_short']],
    ['a long id', { edges: [{ from: 'a', to: 'x'.repeat(257) }] }, ['edges.0.to', 'too_long']],
    ['an id with U+0000', '{"edges":[{"from":"\\u0000","to":"a"}]}', ['edges.0.from', 'text_not_storable']],
    ['an id that is no text', { edges: [{ from: 1, to: 'a' }] }, ['edges.0.from', 'wrong_type']],
    ['an edge that is no object', { edges: ['a'] }, ['edges.0', 'wrong_type']],
    [
      'an edge with more fields',
      { edges: [{ from: 'a', to: 'b', via: 'c' }] },
      ['edges.0.via', 'unknown_field'],
    ],
    ['too many edges', { edges: many }, ['edges', 'too_many']],
    ['edges that are no list', { edges: {} }, ['edges', 'wrong_type']],
    ['an unknown field', { edge: [] }, ['edge', 'unknown_field']],
  ])('refuses %s', async (_what, body, [field, code]) => {
    const answer = await set(body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed', field } });
    expect(answer.body.errors).toMatchObject([{ field, code }]);
    expect((await admin.get(path)).body.edges).toBeNull();
  });

  it('lets readers read and admins write, each in their own tenant', async () => {
    for (const role of ['reader', 'agent', 'writer', 'approver']) {
      const by = gateway.client((await admin.post('keys', { name: 'k', role })).body.key);
      expect((await by.get(path)).status).toBe(200);
      expect(await set({ edges: [] }, by)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await set({ edges: [] }, stranger)).status).toBe(200);
    expect((await admin.get(path)).body.edges).toBeNull();
    expect((await admin.post('packets', handoff('a', 'b'))).status).toBe(201);
    expect(await stranger.post('packets', handoff('a', 'b'))).toMatchObject(refused);
  });
});
