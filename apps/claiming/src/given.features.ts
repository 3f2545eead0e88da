import type { CommandReply, CommandRequest, HeartbeatCall } from '#libs/contracts';
import {
  connectNats,
  handleCommand,
  type LogHook,
  newSpanId,
  newTraceId,
  PacketLog,
  provision,
  uuidv7,
} from '#libs/event-log';
import {
  type CommandId,
  type CreateInput,
  instantAt,
  normalizeNewPacket,
  type PacketCommandData,
  type PacketDocument,
  type PacketId,
  type Principal,
  type TenantId,
} from '#libs/packet';
import { startServers, type TestServers } from '#libs/testing';
import { Timers } from '#libs/timers';
import type { NatsConnection } from '@nats-io/nats-core';
import { answerHeartbeat } from './heartbeat.js';
import { LeaseTimers } from './lease-timers.js';

const quiet = (): void => undefined;
const silent: LogHook = { debug: quiet, info: quiet, warn: quiet, error: quiet };
export const tenant = 'acme' as TenantId;
export const backend: Principal = { tenant_id: tenant, key_id: 'k', role: 'writer', type: 'agent' };
export const bound = (agent_id: string): Principal => ({ ...backend, key_id: `k-${agent_id}`, agent_id });
const traceparent = () => `00-${newTraceId()}-${newSpanId()}-00`;

/** A claiming service of its own: connection, log, timers. */
export class Claiming {
  readonly leases: LeaseTimers;
  readonly log: PacketLog;
  readonly timers: Timers;
  /** Agents that were heard of. */
  readonly seen: string[] = [];
  readonly agents = { touch: (_tenant: TenantId, id: string) => void this.seen.push(id) };

  constructor(readonly nats: NatsConnection) {
    this.timers = new Timers(nats, { logger: silent });
    this.log = new PacketLog(nats, { logger: silent, timers: this.timers });
    this.leases = new LeaseTimers(this.log, this.timers);
  }

  // eslint-disable-next-line max-params -- what a command is, in order; the last is rare
  ask<T extends keyof PacketCommandData>(
    type: T,
    packet_id: PacketId,
    data: PacketCommandData[T],
    meta: Partial<CommandRequest['meta']> = {},
  ): Promise<CommandReply> {
    return handleCommand(this.log, {
      type,
      data,
      meta: {
        command_id: uuidv7() as CommandId,
        tenant_id: tenant,
        packet_id,
        principal: backend,
        traceparent: traceparent(),
        ...meta,
      },
    } as CommandRequest);
  }

  async created(more: Partial<CreateInput> = {}): Promise<PacketId> {
    const id = uuidv7() as PacketId;
    const agent = (name: string) => ({ id: name, name });
    const metadata = { source_agent: agent('ana'), target_agent: agent('bo') };
    const body = { metadata, context: { summary: 'Pay' }, claim_policy: 'open' as const, ...more };
    const packet = normalizeNewPacket(body, { now: instantAt(Date.now()) });
    accepted(await this.ask('create', id, { packet, trace_id: newTraceId(), approval_id: uuidv7() }));
    return id;
  }

  /** Claims in the name of an agent; the claim's id is `claim-<agent>`. */
  async claimed(id: PacketId, by: string, lease_seconds?: number): Promise<PacketDocument> {
    const agent = { id: by, name: by };
    const lease = lease_seconds === undefined ? {} : { lease_seconds };
    return accepted(await this.ask('claim', id, { agent, claim_id: `claim-${by}`, ...lease }));
  }

  async heartbeat(packet_id: PacketId, more: Partial<HeartbeatCall> = {}) {
    return answerHeartbeat(this)({
      tenant_id: tenant,
      principal: backend,
      traceparent: traceparent(),
      packet_id,
      claim_id: 'claim-bo',
      ...more,
    });
  }

  async packet(id: PacketId) {
    const { packet } = await this.log.load(tenant, id);
    if (packet.status === 'absent') throw new Error('no packet');
    return packet;
  }

  async history(id: PacketId): Promise<string[]> {
    return (await this.log.events(tenant, id)).map(({ event }) => event.type);
  }
}

export const accepted = (reply: CommandReply): PacketDocument => {
  if (reply.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(reply)}`);
  return reply.packet;
};

/** NATS with the product's streams, and any number of claiming services on it. */
export class Rig {
  readonly #services: Claiming[] = [];

  private constructor(readonly servers: TestServers) {}

  static async start(): Promise<Rig> {
    const rig = new Rig(await startServers());
    const nats = await connectNats(rig.servers.natsUrl, 'claiming-test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    await nats.close();
    return rig;
  }

  async claiming(): Promise<Claiming> {
    const service = new Claiming(await connectNats(this.servers.natsUrl, 'claiming-test'));
    this.#services.push(service);
    return service;
  }

  async stop(): Promise<void> {
    for (const { leases, log, timers, nats } of this.#services) {
      await leases.onModuleDestroy();
      log.close();
      await timers.close();
      await nats.close();
    }
    await this.servers.stop();
  }
}
