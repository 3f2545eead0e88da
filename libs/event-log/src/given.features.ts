import { randomUUID } from 'node:crypto';
import type { CommandReply, CommandRequest, RequestMeta } from '#libs/contracts';
import { instantAt, normalizeNewPacket } from '#libs/packet';
import type {
  AgentRef,
  CommandId,
  PacketCommandData,
  PacketCommandType,
  PacketDocument,
  PacketEvent,
  PacketId,
  Principal,
  TenantId,
} from '#libs/packet';
import { startServers } from '#libs/testing';
import type { TestServers } from '#libs/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { connectNats } from './connection.js';
import type { Durability } from './definitions.js';
import { PacketLog } from './packet-log.js';
import type { LogHook, PacketLogOptions } from './packet-log.js';
import { provision } from './provision.js';
import { uuidv7 } from './uuidv7.js';

export const tenant = 'acme' as TenantId;
export const newPacketId = (): PacketId => uuidv7() as PacketId;
export const agent = (id: string): AgentRef => ({ id, name: id.toUpperCase() });

const principal: Principal = { tenant_id: tenant, key_id: 'key-1', role: 'writer', type: 'agent' };

/** What the log said, in order; nothing is printed. */
export class Heard implements LogHook {
  readonly lines: { level: keyof LogHook; fields: object; message: string }[] = [];
  readonly debug = this.#hear('debug');
  readonly info = this.#hear('info');
  readonly warn = this.#hear('warn');
  readonly error = this.#hear('error');

  #hear(level: keyof LogHook) {
    return (fields: object, message: string): void => void this.lines.push({ level, fields, message });
  }
}

/** A NATS server with the product's streams, and logs on connections of their own. */
export class Rig {
  readonly heard = new Heard();
  readonly #logs: PacketLog[] = [];
  readonly #connections: NatsConnection[] = [];

  private constructor(readonly servers: TestServers) {}

  static async start(durability: Durability = 'relaxed'): Promise<Rig> {
    const rig = new Rig(await startServers({ durability }));
    await provision(await rig.connect(), { durability, replicas: 1 });
    return rig;
  }

  async connect(): Promise<NatsConnection> {
    const nats = await connectNats(this.servers.natsUrl, 'test');
    this.#connections.push(nats);
    return nats;
  }

  /** A log as another process would have it: its own connection, its own cache. */
  async log(options: Partial<PacketLogOptions> = {}): Promise<PacketLog> {
    const log = new PacketLog(await this.connect(), { logger: this.heard, ...options });
    this.#logs.push(log);
    return log;
  }

  async stop(): Promise<void> {
    for (const log of this.#logs) log.close();
    await Promise.all(this.#connections.map((nats) => nats.close()));
    await this.servers.stop();
  }
}

export const request = <T extends PacketCommandType>(
  type: T,
  data: PacketCommandData[T],
  meta: Partial<RequestMeta> & Pick<RequestMeta, 'packet_id'>,
): CommandRequest =>
  ({
    type,
    data,
    meta: {
      command_id: randomUUID() as CommandId,
      tenant_id: tenant,
      principal,
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
      ...meta,
    },
  }) as CommandRequest;

type Where = Partial<RequestMeta> & Pick<RequestMeta, 'packet_id'>;

export const newPacket = (summary = 'Move the billing service') =>
  normalizeNewPacket(
    { metadata: { source_agent: agent('ana'), target_agent: agent('bo') }, context: { summary } },
    { now: instantAt(Date.now()) },
  );

export const create = (meta: Where, summary?: string): CommandRequest =>
  request(
    'create',
    { packet: newPacket(summary), trace_id: 'f'.repeat(32), approval_id: 'approval-1' },
    meta,
  );

export const claim = (meta: Where, by = 'bo'): CommandRequest =>
  request('claim', { agent: agent(by), claim_id: `claim-${by}-${uuidv7()}` }, meta);

export const progress = (meta: Where, percent: number): CommandRequest =>
  request('progress', { percent }, meta);

export const complete = (meta: Where): CommandRequest =>
  request('complete', { result: { done: true } }, meta);

const limits = { max_bytes: 1_000_000, max_chain_depth: 32, max_path_repeats: 3 };

export const chain = (meta: Where, childId: PacketId): CommandRequest =>
  request(
    'chain',
    {
      child_id: childId,
      child: newPacket('The next step'),
      inherit: 'all',
      limits,
      trace_id: 'e'.repeat(32),
      approval_id: 'approval-2',
    },
    meta,
  );

/** The packet of a reply that must be an acceptance. */
export const packetOf = (reply: CommandReply): PacketDocument => {
  if (reply.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(reply)}`);
  return reply.packet;
};

/** A bare event of a packet, for tests beneath the commands. */
export const progressed = (packet_id: PacketId, revision: number, causation_id = uuidv7()): PacketEvent => ({
  id: uuidv7(),
  type: 'packet.progressed',
  schema: 1,
  tenant_id: tenant,
  packet_id,
  revision,
  occurred_at: instantAt(Date.now()),
  actor: { type: 'agent', id: 'bo', key_id: 'key-1' },
  causation_id: causation_id as CommandId,
  correlation_id: packet_id,
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
  data: { percent: revision % 100 },
});

/** Asks again and again until it is true; fails after the limit. */
export const until = async (isTrue: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> => {
  const deadline = Date.now() + limitMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${limitMs} ms: ${isTrue}`);
    await new Promise((next) => setTimeout(next, 10));
  }
};
