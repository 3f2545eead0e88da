import { AgentRegistry, AgentRouter, Edges } from '#libs/agents';
import type { CommandReply, CommandRequest } from '#libs/contracts';
import { connectNats, PacketLog, provision, uuidv7 } from '#libs/event-log';
import {
  type CommandId,
  instantAt,
  normalizeNewPacket,
  type PacketCommandData,
  type PacketDocument,
  type PacketId,
  type Route,
  type TenantId,
} from '#libs/packet';
import { startServers, type TestServers } from '#libs/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimingHandler } from './claiming-handler.js';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const traceparent = '00-7be1b0c5b8f34a3d9d0c6a3f2e1d4c5b-00f067aa0ba902b7-00';
const refTo = (id: string) => ({ id, name: id });

describe('a routed packet that is rejected', () => {
  let servers: TestServers;
  let nats: NatsConnection;
  let log: PacketLog;
  let agents: AgentRegistry;
  let edges: Edges;
  let send: (request: CommandRequest) => Promise<CommandReply>;
  beforeAll(async () => {
    servers = await startServers();
    nats = await connectNats(servers.natsUrl, 'reject-test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    log = new PacketLog(nats, { logger: quiet });
    agents = await AgentRegistry.open(nats, { logger: quiet });
    edges = await Edges.open(nats);
    send = claimingHandler(log, new AgentRouter({ agents, edges }));
  });
  afterAll(async () => {
    agents.close();
    edges.close();
    log.close();
    await nats.close();
    await servers.stop();
  });

  const tenantWith = async (...ids: string[]): Promise<TenantId> => {
    const tenant = uuidv7() as TenantId;
    for (const id of ids) await agents.put(tenant, id, { name: id, capabilities: ['billing'] });
    await expect.poll(() => ids.every((id) => agents.isPresent(tenant, id))).toBe(true);
    return tenant;
  };
  const ask = <T extends keyof PacketCommandData>(
    type: T,
    { tenant_id, id }: { tenant_id: TenantId; id: PacketId },
    data: PacketCommandData[T],
  ): Promise<CommandReply> =>
    send({
      type,
      data,
      meta: {
        command_id: uuidv7() as CommandId,
        tenant_id,
        packet_id: id,
        principal: { tenant_id, key_id: 'k', role: 'writer', type: 'agent' },
        traceparent,
      },
    } as CommandRequest);
  const packetOf = (reply: CommandReply): PacketDocument => {
    if (reply.outcome !== 'accepted') throw new Error(JSON.stringify(reply));
    return reply.packet;
  };
  const create = async (tenant_id: TenantId, target?: string): Promise<PacketDocument> => {
    const packet = normalizeNewPacket(
      {
        metadata: { source_agent: refTo('ana'), target_agent: target === undefined ? null : refTo(target) },
        context: { summary: 'Refund it' },
        routing: { capabilities: ['billing'] },
      },
      { now: instantAt(Date.now()) },
    );
    const data = { packet, trace_id: 'f'.repeat(32), approval_id: uuidv7() };
    return packetOf(await ask('create', { tenant_id, id: uuidv7() as PacketId }, data));
  };
  const targetOf = ({ metadata }: PacketDocument) => metadata.target_agent?.id;
  const reject = async (packet: PacketDocument, agent_id: string) =>
    packetOf(await ask('reject', packet, { agent_id, reason: 'No time' }));

  it('goes to the next candidate each time, never back, and waits when there is none', async () => {
    const tenant = await tenantWith('ana', 'bo', 'cy', 'di');
    let packet = await create(tenant, 'bo');
    const seen = ['bo'];
    for (let target = targetOf(packet); target !== undefined; target = targetOf(packet)) {
      packet = await reject(packet, target);
      expect(packet.status).toBe('created');
      if (targetOf(packet) !== undefined) seen.push(targetOf(packet)!);
    }
    expect(seen).toEqual(['bo', 'cy', 'di']);
    const events = (await log.events(tenant, packet.id)).map(({ event }) => event);
    expect(events.map(({ type }) => type)).toEqual([
      'packet.created',
      'packet.rejected',
      'packet.routed',
      'packet.rejected',
      'packet.routed',
      'packet.rejected',
    ]);
    expect((events[2]!.data as Route).candidates.map(({ id }) => id)).toEqual(['cy', 'di']);
    expect(events[2]!.causation_id).toBe(events[1]!.causation_id);
    expect(await ask('claim', packet, { agent: refTo('bo'), claim_id: 'c' })).toMatchObject({
      outcome: 'refused',
      rejection: { code: 'not_the_target' },
    });
  });

  it('goes on from a claim too, and takes the names of all who reject it', async () => {
    const tenant = await tenantWith('bo', 'cy');
    const packet = await create(tenant, 'bo');
    await ask('claim', packet, { agent: refTo('bo'), claim_id: uuidv7() });
    const next = packetOf(await ask('reject', packet, { reason: 'No time' }));
    expect(next).toMatchObject({ status: 'created', claim: null });
    expect(targetOf(next)).toBe('cy');
  });

  it('keeps to the allowed edges', async () => {
    const tenant = await tenantWith('bo', 'cy', 'di');
    await edges.put(tenant, [
      { from: 'ana', to: 'bo' },
      { from: 'ana', to: 'di' },
    ]);
    await expect.poll(() => edges.allows(tenant, 'ana', 'cy')).toBe(false);
    expect(targetOf(await reject(await create(tenant, 'bo'), 'bo'))).toBe('di');
  });

  it('shares packets out by what was given before', async () => {
    const tenant = await tenantWith('bo', 'cy', 'di');
    const targets: (string | undefined)[] = [];
    for (let n = 0; n < 6; n += 1) targets.push(targetOf(await reject(await create(tenant, 'bo'), 'bo')));
    expect(targets).toEqual(['cy', 'di', 'cy', 'di', 'cy', 'di']);
  });

  it('is refused to whom it is not addressed, and stays where it is', async () => {
    const packet = await create(await tenantWith('bo', 'cy'), 'bo');
    expect(await ask('reject', packet, { agent_id: 'cy', reason: 'No time' })).toMatchObject({
      outcome: 'refused',
      rejection: { code: 'not_the_target' },
    });
    expect((await log.load(packet.tenant_id, packet.id)).packet).toMatchObject({ revision: 1 });
  });
});
