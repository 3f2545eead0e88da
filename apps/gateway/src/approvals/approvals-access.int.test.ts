import { randomUUID } from 'node:crypto';
import { type Client, smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const forbidden = { status: 403, body: { code: 'forbidden' } };
const hitl = (more: object = {}) => ({ reason: 'A large refund', ...more });
const yes = (responded_by = 'Mira') => ({ response: 'Yes', responded_by });

describe('who may decide', () => {
  let gateway: TestGateway;
  let admin: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = gateway.client();
  });
  afterAll(() => gateway?.stop());

  const keyed = async (body: object) => {
    const made = await admin.post('keys', { name: 'k', ...body });
    expect(made.status).toBe(201);
    return { id: made.body.id as string, client: gateway.client(made.body.key) };
  };
  const as = async (role: string, agent_id?: string): Promise<Client> =>
    (await keyed({ role, ...(agent_id && { agent_id }) })).client;
  const waiting = async (policy: object = {}, by = admin) => {
    const { status, body } = await by.post('packets', smallPacket('bo', 'ana', { hitl: hitl(policy) }));
    expect(status, JSON.stringify(body)).toBe(201);
    return { id: body.id as string, approval: body.hitl.id as string };
  };
  /** Both ways to answer, refused alike; nothing has come of it. */
  const expectRefused = async (by: Client, made: ReturnType<typeof waiting>, answer: object) => {
    const { id, approval } = await made;
    for (const path of [`packets/${id}/respond`, `approvals/${approval}/respond`])
      expect(await by.post(path, answer), path).toMatchObject(forbidden);
    expect((await admin.get(`packets/${id}`)).body).toMatchObject({
      status: 'awaiting_human',
      hitl: { id: approval, state: 'open', votes: [] },
    });
  };
  const expectTaken = async (by: Client, policy: object, answer: object) => {
    const { approval } = await waiting(policy);
    const answered = await by.post(`approvals/${approval}/respond`, answer);
    expect(answered, JSON.stringify(answered.body)).toMatchObject({
      status: 200,
      body: { status: 'claimed' },
    });
    return (await admin.get(`approvals/${approval}`)).body.votes;
  };

  it.each([
    ['a reader', 'reader', undefined],
    ['an agent', 'agent', undefined],
    ['a bound agent', 'agent', 'bo'],
    ['a writer that is bound to an agent', 'writer', 'bo'],
    ['an admin that is bound to an agent', 'admin', 'bo'],
  ])('not %s', async (_name, role, agent) => {
    await expectRefused(await as(role, agent), waiting(), yes());
  });

  it('an agent where the policy says so, and a reader never', async () => {
    const policy = { allow_agents: true };
    expect(await expectTaken(await as('agent', 'bo'), policy, yes())).toMatchObject([{ approver: 'bo' }]);
    const { id, client } = await keyed({ role: 'agent' });
    expect(await expectTaken(client, policy, yes())).toMatchObject([{ approver: `key:${id}`, key_id: id }]);
    await expectRefused(await as('reader'), waiting(policy), yes());
  });

  it('never who asked: not by its own key, by that of a backend, or as somebody else', async () => {
    const policy = { allow_agents: true };
    const ana = await as('agent', 'ana');
    await expectRefused(ana, waiting(policy), yes());
    await expectRefused(ana, waiting(policy), yes('Mira'));
    await expectRefused(await as('writer'), waiting(policy), yes('ana'));
    await expectRefused(await as('approver', 'ana'), waiting(policy), yes());
    const backend = await as('agent');
    const { body } = await admin.post('packets', smallPacket('bo', 'ana', { claim_policy: 'open' }));
    await backend.post(`packets/${body.id}/claim`, { agent_id: 'worker' });
    const asked = await backend.post(`packets/${body.id}/request-approval`, { hitl: hitl(policy) });
    const made = Promise.resolve({ id: body.id, approval: asked.body.hitl.id });
    await expectRefused(backend, made, yes());
    await expectRefused(await as('agent', 'worker'), made, yes());
    const nameless = await as('writer');
    const free = (await nameless.post('packets', smallPacket('bo', 'ana'))).body;
    const { hitl: open } = (await nameless.post(`packets/${free.id}/request-approval`, { hitl: hitl() }))
      .body;
    await expectRefused(nameless, Promise.resolve({ id: free.id, approval: open.id }), yes());
  });

  it('only those who are named, where any are', async () => {
    const policy = { approvers: [{ id: 'finance', kind: 'user' }] };
    await expectRefused(await as('approver'), waiting(policy), yes('finance'));
    await expectRefused(await as('approver', 'sales'), waiting(policy), yes('finance'));
    await expectRefused(await as('writer'), waiting(policy), yes('Mira'));
    expect(await expectTaken(await as('approver', 'finance'), policy, yes())).toMatchObject([
      { approver: 'finance', responded_by: 'Mira' },
    ]);
    const backend = await keyed({ role: 'writer' });
    expect(await expectTaken(backend.client, policy, yes('finance'))).toMatchObject([
      { approver: 'finance', key_id: backend.id },
    ]);
    const key = await keyed({ role: 'approver' });
    const named = { approvers: [{ id: `key:${key.id}`, kind: 'user' }] };
    expect(await expectTaken(key.client, named, yes())).toMatchObject([{ approver: `key:${key.id}` }]);
  });

  it('has one vote for each key, whatever names it gives', async () => {
    const { approval } = await waiting({ quorum: { approve: 2 } });
    const [first, second] = [await as('approver'), await as('approver')];
    for (const name of ['Mira', 'Noor', 'Olu'])
      expect((await first.post(`approvals/${approval}/respond`, yes(name))).body).toMatchObject({
        status: 'awaiting_human',
        hitl: { votes: [{ responded_by: name }] },
      });
    expect((await second.post(`approvals/${approval}/respond`, yes())).body.status).toBe('claimed');
  });

  it('asks for approval: who holds the packet or made it, and no other', async () => {
    const { body } = await admin.post('packets', smallPacket('bo', 'ana'));
    await admin.post(`packets/${body.id}/claim`, { agent_id: 'bo' });
    const ask = async (by: Client) => by.post(`packets/${body.id}/request-approval`, { hitl: hitl() });
    for (const role of ['reader', 'approver']) expect(await ask(await as(role))).toMatchObject(forbidden);
    expect(await ask(await as('agent', 'eve'))).toMatchObject({
      status: 403,
      body: { code: 'not_the_claimant' },
    });
    expect((await ask(await as('agent', 'ana'))).status).toBe(200);
  });

  it('shows a foreign tenant nothing on any route of approvals', async () => {
    const { id: other } = (await admin.post('tenants', { name: 'Other', tier: 'unlimited' })).body;
    const stranger = (await keyed({ role: 'admin', tenant_id: other })).client;
    const { id, approval } = await waiting({ approvers: [{ id: 'finance', kind: 'user' }] });
    const before = (await admin.get(`packets/${id}`)).body;
    const { paths } = (await admin.get('/openapi.json')).body as {
      paths: Record<
        string,
        Record<string, { requestBody?: { content: Record<string, { example?: object }> } }>
      >;
    };
    const routes = Object.entries(paths)
      .filter(([path]) => /\/approvals\b|\/respond$|\/request-approval$|\/awaiting$/.test(path))
      .flatMap(([path, methods]) => Object.entries(methods).map(([method, of]) => ({ path, method, of })));
    expect(routes.length).toBeGreaterThanOrEqual(6);
    for (const { path, method, of } of routes) {
      const example = of.requestBody?.content['application/json']?.example;
      const ask = (packet: string, checkpoint: string) => {
        const named = path.replace('{id}', path.includes('/approvals/') ? checkpoint : packet);
        return stranger.send(method.toUpperCase(), named.replace('{link_id}', randomUUID()), example);
      };
      const answer = await ask(id, approval);
      const route = `${method} ${path}`;
      if (!path.includes('{')) {
        const { packets, approvals, total } = answer.body;
        expect({ listed: packets ?? approvals, total, status: answer.status }, route).toEqual({
          listed: [],
          total: 0,
          status: 200,
        });
        continue;
      }
      expect(answer, route).toMatchObject({ status: 404, body: { code: 'not_found' } });
      const unknown = await ask(randomUUID(), randomUUID());
      expect({ ...unknown.body, instance: '', trace_id: '' }, route).toEqual({
        ...answer.body,
        instance: '',
        trace_id: '',
      });
    }
    for (const query of [`packet_id=${id}`, 'approver=finance', 'state=open'])
      expect((await stranger.get(`approvals?${query}`)).body).toMatchObject({ approvals: [], total: 0 });
    expect((await admin.get(`packets/${id}`)).body).toEqual(before);
  });
});
