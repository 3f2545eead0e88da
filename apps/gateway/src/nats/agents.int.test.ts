import { uuidv7 } from '#libs/event-log';
import { type Client, smallPacket } from '#libs/testing';
import { nuid } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { makeKey, type MadeKey, NatsAgent } from './nats.features.js';

const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 5_000, interval: 20 });

let gateway: TestGateway;
let admin: Client;
const agents: NatsAgent[] = [];

const connectAs = async (key: MadeKey): Promise<NatsAgent> => {
  const agent = await NatsAgent.connect(gateway.servers, key);
  agents.push(agent);
  return agent;
};

const newAgent = async (facts: object = {}): Promise<NatsAgent> =>
  connectAs(await makeKey(admin, { name: 'an agent', role: 'writer', ...facts }));

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = gateway.client();
});

afterAll(async () => {
  await Promise.all(agents.map(({ nats }) => nats.close()));
  await gateway.stop();
});

describe('an agent on NATS', () => {
  it('creates a packet, claims it, works on it and completes it, and hears of all that', async () => {
    const agent = await newAgent();
    const heard: string[] = [];
    const feed = agent.nats.subscribe(`hr.feed.${agent.key.tenant_id}.>`, {
      callback: (_error, message) => void heard.push(message.subject.split('.').slice(4).join('.')),
    });
    await agent.nats.flush();

    const made = await agent.ask('create', { body: smallPacket() });
    expect(made.status).toBe(201);
    expect(made.message.headers?.get('location')).toBe(`/api/v1/packets/${made.body.id}`);
    const id: string = made.body.id;
    const claimed = await agent.ask('claim', { id, body: { agent_id: 'billing-01', lease_seconds: 60 } });
    expect(claimed.body.status).toBe('claimed');
    const head = { 'HandoffRail-Claim': claimed.body.claim.claim_id };
    expect((await agent.ask('start', { id, head })).body.status).toBe('in_progress');
    expect((await agent.ask('progress', { id, head, body: { percent: 40 } })).body.progress.percent).toBe(40);
    const done = await agent.ask('complete', { id, head, body: { result: { ok: true } } });
    expect(done.body).toMatchObject({ status: 'completed', result: { ok: true } });
    expect((await agent.ask('get', { id })).body).toEqual((await admin.get(`packets/${id}`)).body);
    await eventually(() => expect(heard).toContain('packet.completed'));
    expect(heard[0]).toBe('packet.created');
    feed.unsubscribe();
  });

  it('is who its key is: another actor in headers or in the body changes nothing', async () => {
    const agent = await newAgent({ role: 'writer', agent_id: 'billing-01' });
    const forged = {
      'x-api-key': gateway.key,
      authorization: `Bearer ${gateway.key}`,
      'x-tenant-id': 'default',
      'ce-tenantid': 'another',
      'ce-actor': '{"type":"human","id":"root"}',
    };
    const refused = await agent.ask('create', { body: smallPacket(), head: forged });
    expect(refused.status).toBe(403);
    const own = await agent.ask('create', { body: smallPacket('sales-01', 'billing-01'), head: forged });
    expect(own.status).toBe(201);
    const { body } = await admin.get(`packets/${own.body.id}/history`);
    expect(body.events).toMatchObject([{ actor: { id: 'billing-01', key_id: agent.key.id } }]);
  });

  it('may do over NATS what its role allows over HTTP', async () => {
    const reader = await newAgent({ role: 'reader' });
    const { body, status, message } = await reader.ask('create', { body: smallPacket() });
    expect(status).toBe(403);
    expect(body.code).toBe('forbidden');
    expect(message.headers?.get('Nats-Service-Error-Code')).toBe('403');
    expect(message.headers?.get('Nats-Service-Error')).toBe('forbidden');
    expect((await reader.ask('list', { body: { limit: 1 } })).status).toBe(200);
  });

  it('gets the problems of the HTTP API', async () => {
    const agent = await newAgent();
    const wrong = await agent.ask('create', { body: { metadata: {} } });
    expect(wrong.status).toBe(422);
    const { body } = await admin.post('packets', { metadata: {} });
    expect({ ...wrong.body, trace_id: '' }).toEqual({ ...body, trace_id: '' });
    expect((await agent.ask('get', { id: 'nothing' })).body.code).toBe('not_found');
    expect((await agent.ask('drop-everything')).body.code).toBe('not_found');
    expect((await agent.ask('create', { id: 'x', body: smallPacket() })).body.code).toBe('not_found');
    expect((await agent.ask('constructor')).body.code).toBe('not_found');
    expect((await agent.ask('list', { body: { status: ['nonsense'] } })).status).toBe(422);
    const raw = await agent.nats.request(agent.subject('create'), '{"a":', { timeout: 2_000 });
    expect(raw.json<{ code: string }>().code).toBe('malformed_json');
  });

  it('repeats a request, whichever way the first one came', async () => {
    const agent = await newAgent();
    const [head, body] = [{ 'Idempotency-Key': nuid.next() }, smallPacket()];
    const first = await agent.ask('create', { body, head });
    const second = await agent.ask('create', { body, head });
    const third = await admin.post('packets', body, head);
    expect(second.body.id).toBe(first.body.id);
    expect(second.message.headers?.get('idempotency-replayed')).toBe('true');
    expect(third.body.id).toBe(first.body.id);
  });

  it('keeps its trace', async () => {
    const agent = await newAgent();
    const trace = 'a'.repeat(32);
    const head = { traceparent: `00-${trace}-${'b'.repeat(16)}-01` };
    const { body, message } = await agent.ask('create', { body: smallPacket(), head });
    expect(body.trace_id).toBe(trace);
    expect(message.headers?.get('traceparent')).toContain(trace);
  });

  it('registers, under any id, and is heard of', async () => {
    const agent = await newAgent({ role: 'writer' });
    const id = Buffer.from('Ärger & Söhne/1').toString('base64url');
    const made = await agent.ask('register-agent', { id, body: { name: 'Ä', capabilities: ['sums'] } });
    expect([200, 201]).toContain(made.status);
    const beat = await agent.ask('agent-heartbeat', { id, body: {} });
    expect(beat.status).toBeLessThan(300);
    const { body } = await admin.get(`agents/${encodeURIComponent('Ärger & Söhne/1')}`);
    expect(body.capabilities).toEqual(['sums']);
    expect(await agent.ask('unregister-agent', { id })).toMatchObject({ status: 204, body: undefined });
    expect((await agent.ask('agent-heartbeat', { id, body: {} })).status).toBe(404);
  });
});

describe('a gateway that gets more than it can work on', () => {
  let slow: TestGateway;
  let agent: NatsAgent;

  beforeAll(async () => {
    slow = await startTestGateway({}, 1_000);
    agent = await NatsAgent.connect(
      slow.servers,
      await makeKey(slow.client(), { name: 'busy', role: 'writer' }),
    );
    agents.push(agent);
  });

  afterAll(async () => {
    await agent.nats.close();
    await slow.stop();
  });

  it('tells agents to try again', async () => {
    const answers = await Promise.all(
      Array.from({ length: 1_100 }, () =>
        agent.ask('claim', { id: uuidv7(), body: { agent_id: 'a' }, timeout: 20_000 }),
      ),
    );
    const told = answers.filter(({ status }) => status === 503);
    expect(told.length).toBe(100);
    expect(told[0]?.body).toMatchObject({ code: 'unavailable', retry_after: 1 });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404, 503]));
  }, 30_000);

  it('loses at most the requests of agents for a moment, and never the ground that it stands on', async () => {
    const lost: string[] = [];
    void (async () => {
      for await (const { type } of slow.runtime.nats.status()) lost.push(type);
    })();
    const context = { summary: 's', working_memory: { x: 'x'.repeat(900_000) } };
    const large = smallPacket('a', 'b', { context });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 150 }, () => agent.ask('create', { body: large })),
    );
    expect(outcomes.length).toBe(150);
    await eventually(async () => expect((await agent.ask('list', { body: { limit: 1 } })).status).toBe(200));
    expect(lost).not.toContain('disconnect');
  }, 30_000);
});
