import type { Client } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const work = (summary: string, more: object = {}) => ({
  metadata: { source_agent: { id: 'sales-01', name: 'SalesBot' } },
  context: { summary },
  ...more,
});
const needs = (...capabilities: string[]) => ({ routing: { capabilities } });

describe('POST /route', () => {
  let gateway: TestGateway;
  let admin: Client;
  let stranger: Client;
  const register = (id: string, ...capabilities: string[]) =>
    admin.send('PUT', `agents/${id}`, { name: id.toUpperCase(), capabilities });
  const keyed = async (body: object): Promise<Client> =>
    gateway.client((await admin.post('keys', { name: 'k', ...body })).body.key);

  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = gateway.client();
    await Promise.all([
      register('bo', 'billing', 'refunds'),
      register('cy', 'Billing'),
      register('di', 'data-migration'),
      register('sales-01', 'billing', 'refunds', 'data-migration'),
    ]);
    const { id } = (await admin.post('tenants', { name: 'Other', tier: 'unlimited' })).body;
    stranger = await keyed({ role: 'admin', tenant_id: id });
  });
  afterAll(() => gateway?.stop());

  it('tells to whom a packet would go, with reasons, and writes nothing', async () => {
    const before = await gateway.runtime.log.lastSequence();
    const answer = await admin.post('route', work('Anything', needs('billing', 'refunds')));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        target: { id: 'bo', name: 'BO' },
        candidates: [{ id: 'bo', score: 0.9, why: expect.stringContaining('all required capabilities') }],
        strategy: 'capability',
        confidence: 0.9,
      },
    });
    expect((await admin.post('route', work('Please migrate the data'))).body).toMatchObject({
      target: { id: 'di' },
      strategy: 'keywords',
    });
    const pending = [{ id: 'a', description: 'Correct the billing', assignee: 'whoever' }];
    expect((await admin.post('route', work('Go on', { actions: { pending } }))).body).toMatchObject({
      strategy: 'keywords',
      candidates: [{ id: 'bo' }, { id: 'cy' }],
    });
    expect(await gateway.runtime.log.lastSequence()).toBe(before);
  });

  it('tells what a create then does', async () => {
    const body = work('Anything', { routing: { capabilities: ['billing'], prefer: ['cy'] } });
    const { target, candidates, strategy, confidence } = (await admin.post('route', body)).body;
    const created = await admin.post('packets', body);
    expect(created).toMatchObject({ status: 201, headers: { etag: '"2"' } });
    expect(created.body.metadata.target_agent).toEqual({ id: 'cy', name: 'CY' });
    const { events } = (await admin.get(`packets/${created.body.id}/history`)).body;
    expect(events).toMatchObject([
      { event_type: 'packet.created' },
      { event_type: 'packet.routed', details: { target, candidates, strategy, confidence } },
    ]);
    expect(events).toHaveLength(2);
  });

  it('says why there is nobody', async () => {
    const exclude = ['bo', 'cy', 'di'];
    expect((await admin.post('route', work('Anything', { routing: { exclude } }))).body).toEqual({
      target: null,
      reason: expect.stringContaining('excluded'),
    });
    expect((await stranger.post('route', work('Anything', needs('billing')))).body).toEqual({
      target: null,
      reason: expect.stringContaining('No agent'),
    });
  });

  it('keeps to the allowed edges, for a named target too', async () => {
    await admin.send('PUT', 'routing/edges', { edges: [{ from: 'sales-01', to: 'cy' }] });
    const named = (id: string) => ({
      ...work('Anything'),
      metadata: { ...work('').metadata, target_agent: { id, name: id } },
    });
    await expect
      .poll(async () => (await admin.post('route', work('Anything', needs('billing')))).body.candidates)
      .toMatchObject([{ id: 'cy' }]);
    expect((await admin.post('route', named('cy'))).body).toMatchObject({
      target: { id: 'cy' },
      strategy: 'named',
      confidence: 1,
    });
    expect(await admin.post('route', named('bo'))).toMatchObject({
      status: 403,
      body: { code: 'edge_not_allowed', field: 'metadata.target_agent.id' },
    });
    await admin.send('PUT', 'routing/edges', { edges: null });
  });

  it('needs a key of an agent, and a body that could be a create’s', async () => {
    const reader = await keyed({ role: 'reader' });
    expect((await reader.post('route', work('Anything'))).status).toBe(403);
    const worker = await keyed({ role: 'agent' });
    expect((await worker.post('route', work('Anything'))).status).toBe(200);
    for (const body of [{}, work(''), { ...work('x'), priority: 'high' }])
      expect((await admin.post('route', body)).status).toBe(422);
  });
});
