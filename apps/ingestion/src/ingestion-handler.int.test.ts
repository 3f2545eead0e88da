import { AgentRegistry, AgentRouter, Edges } from '#libs/agents';
import type { CommandReply, CommandRequest } from '#libs/contracts';
import { connectNats, newSpanId, newTraceId, PacketLog, provision, uuidv7 } from '#libs/event-log';
import type { NewPacket, PacketId, TenantId } from '#libs/packet';
import { SchemaRegistry } from '#libs/schemas';
import { TenantRegistry } from '#libs/tenants';
import { startServers, type TestServers } from '#libs/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestionHandler } from './ingestion-handler.js';

const limits = { max_bytes: 1_048_576, max_chain_depth: 2, max_path_repeats: 3 };
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const newId = () => uuidv7() as PacketId;

const packetUnder = (parent: PacketId | null, source = 'sales-01'): NewPacket => ({
  content: {
    metadata: {
      source_agent: { id: source, name: source },
      target_agent: { id: 'billing-01', name: 'billing-01' },
      priority: 'normal',
      priority_level: 5,
      tags: [],
    },
    context: { summary: 'An upgrade', conversation_state: [], artifacts: [], custom: {} },
    decisions: [],
    actions: { pending: [], completed: [], failed: [] },
    dependencies: [],
  },
  terms: {
    version: '1.0.0',
    parent_packet_id: parent,
    claim_policy: 'target',
    retry: { max_attempts: 5, backoff_seconds: 0 },
  },
});

const createRequest = (id: PacketId, packet: NewPacket): CommandRequest =>
  ({
    type: 'create',
    meta: {
      command_id: uuidv7(),
      tenant_id: 'default',
      packet_id: id,
      principal: { tenant_id: 'default', key_id: 'k', role: 'writer', type: 'agent' },
      traceparent: `00-${newTraceId()}-${newSpanId()}-00`,
    },
    data: { packet, trace_id: newTraceId(), approval_id: uuidv7() },
  }) as CommandRequest;

describe('a create that names a parent', () => {
  let servers: TestServers;
  let nats: NatsConnection;
  let log: PacketLog;
  let edges: Edges;
  let agents: AgentRegistry;
  let router: AgentRouter;
  let schemas: SchemaRegistry;
  let tenants: TenantRegistry;
  const create = (id: PacketId, packet: NewPacket): Promise<CommandReply> =>
    ingestionHandler({ log, edges, router, schemas, tenants, limits })(createRequest(id, packet));

  beforeAll(async () => {
    servers = await startServers();
    nats = await connectNats(servers.natsUrl, 'ingestion-test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    log = new PacketLog(nats, { logger: quiet });
    edges = await Edges.open(nats);
    agents = await AgentRegistry.open(nats, { logger: quiet });
    router = new AgentRouter({ agents, edges });
    schemas = await SchemaRegistry.open(nats);
    tenants = await TenantRegistry.open(nats);
  });
  afterAll(async () => {
    edges.close();
    tenants.close();
    agents.close();
    log.close();
    await nats.close();
    await servers.stop();
  });

  it('takes its place in the chain of the parent', async () => {
    const [root, child] = [newId(), newId()];
    await create(root, packetUnder(null));
    expect(await create(child, packetUnder(root, 'billing-01'))).toMatchObject({
      outcome: 'accepted',
      packet: {
        parent_packet_id: root,
        chain: { root_id: root, depth: 1, path: ['sales-01', 'billing-01'] },
      },
    });
  });

  it('is refused, and writes nothing, when there is no such packet', async () => {
    const [nobody, child] = [newId(), newId()];
    expect(await create(child, packetUnder(nobody))).toMatchObject({
      outcome: 'refused',
      rejection: { code: 'validation_failed', field: 'parent_packet_id' },
    });
    expect((await log.load('default' as never, child)).packet.status).toBe('absent');
  });

  it('is refused when the chain is as long as it may be', async () => {
    const ids = [newId(), newId(), newId(), newId()];
    const replies: CommandReply[] = [];
    for (const [index, id] of ids.entries())
      replies.push(await create(id, packetUnder(ids[index - 1] ?? null)));
    expect(replies.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted', 'refused']);
    expect(replies[3]).toMatchObject({ rejection: { code: 'chain_too_deep' } });
  });
});

describe('a handoff that the tenant does not allow', () => {
  let servers: TestServers;
  let nats: NatsConnection;
  let log: PacketLog;
  let edges: Edges;
  let agents: AgentRegistry;
  let router: AgentRouter;
  let schemas: SchemaRegistry;
  let tenants: TenantRegistry;
  const send = (request: CommandRequest) =>
    ingestionHandler({ log, edges, router, schemas, tenants, limits })(request);
  const tenant = 'default' as TenantId;
  const refusal = {
    outcome: 'refused',
    rejection: { code: 'edge_not_allowed', field: 'metadata.target_agent.id' },
  };

  beforeAll(async () => {
    servers = await startServers();
    nats = await connectNats(servers.natsUrl, 'ingestion-test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    log = new PacketLog(nats, { logger: quiet });
    edges = await Edges.open(nats);
    agents = await AgentRegistry.open(nats, { logger: quiet });
    router = new AgentRouter({ agents, edges });
    schemas = await SchemaRegistry.open(nats);
    tenants = await TenantRegistry.open(nats);
  });
  afterAll(async () => {
    edges.close();
    tenants.close();
    agents.close();
    log.close();
    await nats.close();
    await servers.stop();
  });

  const chainRequest = (parent: PacketId, childId: PacketId, child: NewPacket): CommandRequest => {
    const { meta } = createRequest(parent, child);
    const ids = { child_id: childId, trace_id: newTraceId(), approval_id: uuidv7() };
    return { type: 'chain', meta, data: { ...ids, child, inherit: 'none', limits } };
  };

  it('is refused at create and at chain, and nothing is written', async () => {
    const [root, forbidden, child] = [newId(), newId(), newId()];
    expect(await send(createRequest(root, packetUnder(null)))).toMatchObject({ outcome: 'accepted' });
    await edges.put(tenant, [{ from: 'sales-01', to: 'support-01' }]);
    expect(await send(createRequest(forbidden, packetUnder(null)))).toMatchObject(refusal);
    expect(await send(createRequest(newId(), packetUnder(root)))).toMatchObject(refusal);
    expect(await send(chainRequest(root, child, packetUnder(null)))).toMatchObject(refusal);
    for (const id of [forbidden, child]) expect((await log.load(tenant, id)).packet.status).toBe('absent');
    expect((await log.load(tenant, root)).packet).toMatchObject({ revision: 1 });
    await edges.put(tenant, [{ from: '*', to: 'billing-01' }]);
    expect(await send(createRequest(forbidden, packetUnder(null)))).toMatchObject({ outcome: 'accepted' });
    expect(await send(chainRequest(root, child, packetUnder(null)))).toMatchObject({ outcome: 'accepted' });
  });

  it('has no say over packets without a target', async () => {
    await edges.put(tenant, []);
    const { target_agent: _target, ...metadata } = packetUnder(null).content.metadata;
    const packet = packetUnder(null);
    const open = { ...packet, content: { ...packet.content, metadata } };
    expect(await send(createRequest(newId(), open))).toMatchObject({ outcome: 'accepted' });
  });

  it('keeps the answer of a request that was allowed when it was first sent', async () => {
    await edges.put(tenant, null);
    const id = newId();
    const request = createRequest(id, packetUnder(null));
    const keyed = { ...request, meta: { ...request.meta, request_digest: 'd' } } as CommandRequest;
    expect(await send(keyed)).toMatchObject({ outcome: 'accepted', replayed: false });
    await edges.put(tenant, []);
    expect(await send(keyed)).toMatchObject({ outcome: 'accepted', replayed: true, packet: { id } });
    expect(await send(createRequest(newId(), packetUnder(null)))).toMatchObject(refusal);
  });
});
