import { setTimeout as delay } from 'node:timers/promises';
import { type ClaimNextCall, feedSubject, formatPosition } from '#libs/contracts';
import {
  connectNats,
  handleCommand,
  type LogHook,
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
  offerOf,
  type PacketCommandData,
  type PacketCommandType,
  type PacketDocument,
  type PacketId,
  type Principal,
  type TenantId,
} from '#libs/packet';
import { type Change, checkpoint, createDataSource, migrate, Projection, replay } from '#libs/read-models';
import { startServers, type TestServers } from '#libs/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { ClaimNext } from './claim-next.js';

const quiet = (): void => undefined;
const silent: LogHook = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const principal = (tenant_id: TenantId): Principal => ({
  tenant_id,
  key_id: 'k',
  role: 'admin',
  type: 'agent',
});

/** What a test says of a packet; the rest is as small as it can be. */
export interface Wanted {
  source?: string;
  target?: string;
  priority?: number;
  tags?: string[];
  deadline?: string;
  routing?: object;
  policy?: 'target' | 'open';
}

const inputOf = ({ source = 'a', target, routing, policy = 'open', ...metadata }: Wanted): CreateInput => ({
  metadata: {
    source_agent: { id: source, name: source },
    ...(target !== undefined && { target_agent: { id: target, name: target } }),
    ...metadata,
  },
  context: { summary: 'Some work' },
  ...(routing && { routing }),
  claim_policy: policy,
});

const announce = (nats: NatsConnection, { event, sequence, after }: Change): void => {
  const data = after.status === 'absent' ? {} : { metadata: after.content.metadata, offer: offerOf(after) };
  const message = { packet_id: event.packet_id, position: formatPosition(sequence), data };
  nats.publish(feedSubject(event.tenant_id, event.packet_id, event.type), JSON.stringify(message));
};

/** A rail for claim-next alone: a log, read models that follow it, and any number of copies of the service. */
export class Rail {
  readonly tenant: TenantId;
  readonly #services: ClaimNext[] = [];
  readonly #connections: NatsConnection[] = [];
  readonly #logs: PacketLog[] = [];
  readonly source: ReturnType<typeof createDataSource>;
  readonly known = new Map<string, { capabilities: string[]; max_concurrency?: number }>();
  #stopped = false;
  #projecting: Promise<void> | undefined;
  /** Nothing is projected meanwhile. */
  isPaused = false;

  private constructor(
    readonly servers: TestServers,
    readonly nats: NatsConnection,
    readonly log: PacketLog,
  ) {
    this.tenant = 'acme' as TenantId;
    this.source = createDataSource(servers.databaseUrl, { poolSize: 3 });
  }

  static async start(): Promise<Rail> {
    const servers = await startServers({ postgres: true });
    const nats = await connectNats(servers.natsUrl, 'test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    const rail = new Rail(servers, nats, new PacketLog(nats, { logger: silent }));
    await migrate(rail.source);
    rail.#projecting = rail.#project();
    return rail;
  }

  /** One more copy of the service, as a process of its own would have it. */
  async service(more: { ageingMs?: number; databaseUrl?: string } = {}): Promise<ClaimNext> {
    const nats = await connectNats(this.servers.natsUrl, 'claiming');
    const log = new PacketLog(nats, { logger: silent });
    const service = ClaimNext.open({
      nats,
      log,
      databaseUrl: this.servers.databaseUrl,
      ageingMs: 600_000,
      agents: { get: (_tenant, id) => this.known.get(id), touch: quiet },
      claim: (request) => handleCommand(log, request),
      logger: { error: (fields) => void process.stderr.write(`${JSON.stringify(fields)}\n`) },
      ...more,
    });
    await nats.flush();
    this.#connections.push(nats);
    this.#logs.push(log);
    this.#services.push(service);
    return service;
  }

  async create(wanted: Wanted = {}, tenant = this.tenant): Promise<PacketId> {
    const packet = normalizeNewPacket(inputOf(wanted), { now: instantAt(Date.now()) });
    const data = { packet, trace_id: newTraceId(), approval_id: uuidv7() };
    return (await this.send('create', uuidv7() as PacketId, data, tenant)).id;
  }

  async createMany(count: number, wanted: Wanted = {}): Promise<PacketId[]> {
    const ids: PacketId[] = [];
    while (ids.length < count) {
      const some = Math.min(500, count - ids.length);
      ids.push(...(await Promise.all(Array.from({ length: some }, () => this.create(wanted)))));
    }
    return ids;
  }

  // eslint-disable-next-line max-params -- a command in the order of its parts; nearly every test leaves the tenant out
  async send<T extends PacketCommandType>(
    type: T,
    packet_id: PacketId,
    data: PacketCommandData[T],
    tenant = this.tenant,
  ): Promise<PacketDocument> {
    const reply = await handleCommand(this.log, {
      type,
      data,
      meta: {
        command_id: uuidv7() as CommandId,
        tenant_id: tenant,
        packet_id,
        principal: principal(tenant),
        traceparent: `00-${newTraceId()}-00f067aa0ba902b7-00`,
      },
    } as unknown as Parameters<typeof handleCommand>[1]);
    if (reply.outcome !== 'accepted') throw new Error(JSON.stringify(reply));
    return reply.packet;
  }

  call(agent: string, more: Partial<ClaimNextCall> = {}): ClaimNextCall {
    return {
      tenant_id: this.tenant,
      principal: principal(this.tenant),
      traceparent: `00-${newTraceId()}-00f067aa0ba902b7-00`,
      agent: { id: agent, name: agent },
      capabilities: [],
      tags: [],
      max: 1,
      wait_ms: 0,
      ...more,
    };
  }

  /** What an agent is given. */
  async next(
    service: ClaimNext,
    agent: string,
    { signal, ...more }: Partial<ClaimNextCall> & { signal?: AbortSignal } = {},
  ): Promise<PacketDocument[]> {
    const reply = await service.answer(this.call(agent, more), signal);
    if (reply.outcome !== 'answered') throw new Error(JSON.stringify(reply));
    return reply.answer.packets;
  }

  /** Waits until the read models hold the whole log, and the services have heard of it. */
  async settled(): Promise<void> {
    const last = await this.log.lastSequence();
    while ((await checkpoint(this.source)) < last) await delay(5);
    await this.nats.flush();
    await Promise.all(this.#connections.map((nats) => nats.flush()));
    await delay(5);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.stop()));
    this.#stopped = true;
    await this.#projecting;
    this.#logs.forEach((log) => log.close());
    this.log.close();
    await Promise.all([...this.#connections, this.nats].map((nats) => nats.close()));
    await this.source.destroy();
    await this.servers.stop();
  }

  async #project(): Promise<void> {
    const projection = new Projection(this.source);
    let from = 1;
    while (!this.#stopped) {
      const onApplied = ({ changes }: { changes: readonly Change[] }) =>
        changes.forEach((change) => announce(this.nats, change));
      if (!this.isPaused) from = await replay(projection, this.log, { from, onApplied }).catch(() => from);
      await delay(2);
    }
  }
}
