import type { CommandReply, CommandRequest, SendCommand } from '#libs/contracts';
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
  type ExistingPacket,
  instantAt,
  normalizeNewPacket,
  type PacketCommandData,
  type PacketDocument,
  type PacketEvent,
  type PacketId,
  type Principal,
  type TenantId,
} from '#libs/packet';
import { Timers } from '#libs/timers';
import type { NatsConnection } from '@nats-io/nats-core';
import { startServers, type TestServers } from './servers.js';

const quiet = (): void => undefined;

const silent: LogHook = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export const testTenant = 'acme' as TenantId;

/** The key of a program that speaks for many agents. */
export const backend: Principal = { tenant_id: testTenant, key_id: 'k', role: 'writer', type: 'agent' };

export const newTraceparent = (): string => `00-${newTraceId()}-${newSpanId()}-00`;

/** The packet of an accepted command. @throws Error with the whole reply of any other */
export const accepted = (reply: CommandReply): PacketDocument => {
  if (reply.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(reply)}`);
  return reply.packet;
};

const agentOf = (name: string) => ({ id: name, name });

/** A service as a test drives it, without a gateway: a connection, a log and timers of its own. */
export class LogService {
  readonly log: PacketLog;
  readonly timers: Timers;
  readonly #send: SendCommand;

  /** @param handlerOf What answers the commands; the domain alone when left out. */
  constructor(
    readonly nats: NatsConnection,
    handlerOf: (log: PacketLog) => SendCommand = (log) => (request) => handleCommand(log, request),
  ) {
    this.timers = new Timers(nats, { logger: silent });
    this.log = new PacketLog(nats, { logger: silent, timers: this.timers });
    this.#send = handlerOf(this.log);
  }

  // eslint-disable-next-line max-params -- what a command is, in order; the last is rare
  ask<T extends keyof PacketCommandData>(
    type: T,
    packet_id: PacketId,
    data: PacketCommandData[T],
    meta: Partial<CommandRequest['meta']> = {},
  ): Promise<CommandReply> {
    return this.#send({
      type,
      data,
      meta: {
        command_id: uuidv7() as CommandId,
        tenant_id: testTenant,
        packet_id,
        principal: backend,
        traceparent: newTraceparent(),
        ...meta,
      },
    } as CommandRequest);
  }

  /** Creates a packet of ana's for bo. */
  async create(more: Partial<CreateInput> = {}, id = uuidv7() as PacketId): Promise<PacketId> {
    const metadata = { source_agent: agentOf('ana'), target_agent: agentOf('bo') };
    const body = { metadata, context: { summary: 'Pay' }, ...more };
    const packet = normalizeNewPacket(body, { now: instantAt(Date.now()) });
    accepted(await this.ask('create', id, { packet, trace_id: newTraceId(), approval_id: uuidv7() }));
    return id;
  }

  /** @throws Error when there is none */
  async packet(id: PacketId): Promise<ExistingPacket> {
    const { packet } = await this.log.load(testTenant, id);
    if (packet.status === 'absent') throw new Error('no packet');
    return packet;
  }

  async events(id: PacketId): Promise<PacketEvent[]> {
    return (await this.log.events(testTenant, id)).map(({ event }) => event);
  }

  async close(): Promise<void> {
    this.log.close();
    await this.timers.close();
    await this.nats.close();
  }
}

/** NATS with the product's streams, and any number of services on it. */
export class LogRig {
  readonly #services: LogService[] = [];

  private constructor(readonly servers: TestServers) {}

  static async start(): Promise<LogRig> {
    const rig = new LogRig(await startServers());
    const nats = await rig.connect();
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    await nats.close();
    return rig;
  }

  connect(): Promise<NatsConnection> {
    return connectNats(this.servers.natsUrl, 'test');
  }

  /** One more service, as a process of its own would have it; it is closed with the rig. */
  async open<T extends LogService>(make: (nats: NatsConnection) => T): Promise<T> {
    const service = make(await this.connect());
    this.#services.push(service);
    return service;
  }

  async stop(): Promise<void> {
    for (const service of this.#services) await service.close();
    await this.servers.stop();
  }
}
