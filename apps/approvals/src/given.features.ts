import type { CommandReply, CommandRequest } from '#libs/contracts';
import {
  connectNats,
  type LogHook,
  newSpanId,
  newTraceId,
  PacketLog,
  provision,
  uuidv7,
} from '#libs/event-log';
import {
  type ApprovalInput,
  type CommandId,
  instantAt,
  normalizeNewPacket,
  type PacketCommandData,
  type PacketDocument,
  type PacketEvent,
  type PacketEventType,
  type PacketId,
  type Principal,
  type TenantId,
} from '#libs/packet';
import { startServers, type TestServers } from '#libs/testing';
import { Timers } from '#libs/timers';
import type { NatsConnection } from '@nats-io/nats-core';
import { ApprovalTimers } from './approval-timers.js';
import { approvalsHandler } from './approvals-handler.js';

const quiet = (): void => undefined;
const silent: LogHook = { debug: quiet, info: quiet, warn: quiet, error: quiet };
export const tenant = 'acme' as TenantId;
export const backend: Principal = { tenant_id: tenant, key_id: 'k', role: 'writer', type: 'agent' };
/** A person with a key of their own. */
export const person = (id: string): Principal => ({
  tenant_id: tenant,
  key_id: `k-${id}`,
  role: 'approver',
  type: 'human',
  agent_id: id,
});

/** An approvals service of its own: connection, log, timers. */
export class Approvals {
  readonly clocks: ApprovalTimers;
  readonly log: PacketLog;
  readonly timers: Timers;

  constructor(readonly nats: NatsConnection) {
    this.timers = new Timers(nats, { logger: silent });
    this.log = new PacketLog(nats, { logger: silent, timers: this.timers });
    this.clocks = new ApprovalTimers(this.log, this.timers);
  }

  // eslint-disable-next-line max-params -- what a command is, in order; the last is rare
  ask<T extends keyof PacketCommandData>(
    type: T,
    packet_id: PacketId,
    data: PacketCommandData[T],
    principal = backend,
  ): Promise<CommandReply> {
    const traceparent = `00-${newTraceId()}-${newSpanId()}-00`;
    const command_id = uuidv7() as CommandId;
    const meta = { command_id, tenant_id: tenant, packet_id, principal, traceparent };
    return approvalsHandler(this.log)({ type, data, meta } as CommandRequest);
  }

  /** A packet that waits at a checkpoint. */
  async waiting(policy: Partial<ApprovalInput> = {}): Promise<PacketId> {
    const id = uuidv7() as PacketId;
    const agent = (name: string) => ({ id: name, name });
    const metadata = { source_agent: agent('ana'), target_agent: agent('bo') };
    const body = { metadata, context: { summary: 'Pay' }, hitl: { reason: 'Sure?', ...policy } };
    const packet = normalizeNewPacket(body, { now: instantAt(Date.now()) });
    accepted(await this.ask('create', id, { packet, trace_id: newTraceId(), approval_id: uuidv7() }));
    return id;
  }

  respond(id: PacketId, response: string, by: Principal): Promise<CommandReply> {
    return this.ask('respond', id, { response, next_claim_id: uuidv7() }, by);
  }

  async packet(id: PacketId) {
    const { packet } = await this.log.load(tenant, id);
    if (packet.status === 'absent') throw new Error('no packet');
    return packet;
  }

  async events(id: PacketId): Promise<PacketEvent[]> {
    return (await this.log.events(tenant, id)).map(({ event }) => event);
  }

  async types(id: PacketId): Promise<PacketEventType[]> {
    return (await this.events(id)).map(({ type }) => type);
  }
}

export const accepted = (reply: CommandReply): PacketDocument => {
  if (reply.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(reply)}`);
  return reply.packet;
};

/** NATS with the product's streams, and any number of approvals services on it. */
export class Rig {
  readonly #services: Approvals[] = [];

  private constructor(readonly servers: TestServers) {}

  static async start(): Promise<Rig> {
    const rig = new Rig(await startServers());
    const nats = await connectNats(rig.servers.natsUrl, 'approvals-test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    await nats.close();
    return rig;
  }

  async approvals(): Promise<Approvals> {
    const service = new Approvals(await connectNats(this.servers.natsUrl, 'approvals-test'));
    this.#services.push(service);
    return service;
  }

  async stop(): Promise<void> {
    for (const { clocks, log, timers, nats } of this.#services) {
      await clocks.onModuleDestroy();
      log.close();
      await timers.close();
      await nats.close();
    }
    await this.servers.stop();
  }
}
