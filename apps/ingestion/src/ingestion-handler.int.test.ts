import type { CommandReply, CommandRequest } from '#libs/contracts';
import { connectNats, newSpanId, newTraceId, PacketLog, provision, uuidv7 } from '#libs/event-log';
import type { NewPacket, PacketId } from '#libs/packet';
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
  const create = (id: PacketId, packet: NewPacket): Promise<CommandReply> =>
    ingestionHandler(log, limits)(createRequest(id, packet));

  beforeAll(async () => {
    servers = await startServers();
    nats = await connectNats(servers.natsUrl, 'ingestion-test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    log = new PacketLog(nats, { logger: quiet });
  });
  afterAll(async () => {
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
