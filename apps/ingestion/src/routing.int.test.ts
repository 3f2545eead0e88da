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
  type Routing,
  type TenantId,
} from '#libs/packet';
import {
  agentLoads,
  checkpoint,
  createDataSource,
  migrate,
  Projection,
  ReadSource,
  replay,
} from '#libs/read-models';
import { SchemaRegistry } from '#libs/schemas';
import { TenantRegistry } from '#libs/tenants';
import { createLogger, readConfig } from '#libs/service-kit';
import { startServers, type TestServers } from '#libs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ingestionHandler } from './ingestion-handler.js';
import { LateRouting } from './late-routing.js';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const logger = createLogger(readConfig({ HR_LOG_LEVEL: 'silent' }), 'test');
const traceparent = '00-7be1b0c5b8f34a3d9d0c6a3f2e1d4c5b-00f067aa0ba902b7-00';
const limits = { max_bytes: 100_000, max_chain_depth: 32, max_path_repeats: 3 };

/** An ingestion of its own: another one is another process. */
const startIngestion = async (servers: TestServers) => {
  const nats = await connectNats(servers.natsUrl, 'routing-test');
  await provision(nats, { durability: 'relaxed', replicas: 1 });
  const log = new PacketLog(nats, { logger: quiet });
  const agents = await AgentRegistry.open(nats, { logger: quiet, presenceMs: 5_000 });
  const edges = await Edges.open(nats);
  const schemas = await SchemaRegistry.open(nats);
  const tenants = await TenantRegistry.open(nats);
  const reads = new ReadSource(servers.databaseUrl, { poolSize: 2 });
  const loads = (tenant: TenantId, ids: readonly string[]) =>
    reads.use((source) => agentLoads(source, tenant, ids));
  const router = new AgentRouter({ agents, edges, loads });
  const late = new LateRouting({ log, router, reads, agents, logger });
  const stop = async () => {
    await late.onModuleDestroy();
    await reads.close();
    agents.close();
    edges.close();
    tenants.close();
    log.close();
    await nats.close();
  };
  const send = ingestionHandler({ log, edges, router, schemas, tenants, limits });
  return { log, agents, edges, late, send, stop };
};
type Ingestion = Awaited<ReturnType<typeof startIngestion>>;

describe('routing at ingestion', () => {
  let servers: TestServers;
  let rail: Ingestion;
  let stopProjecting: () => Promise<void>;
  const others: Ingestion[] = [];

  const startProjecting = async (): Promise<() => Promise<void>> => {
    const source = createDataSource(servers.databaseUrl, { poolSize: 2 });
    await migrate(source);
    const projection = new Projection(source);
    let stopped = false;
    const loop = async () => {
      for (let from = (await checkpoint(source)) + 1; !stopped;) {
        from = await replay(projection, rail.log, { from });
        await new Promise((next) => setTimeout(next, 10));
      }
    };
    const ended = loop();
    return async () => {
      stopped = true;
      await ended;
      await source.destroy();
    };
  };
  const another = async (): Promise<Ingestion> => {
    const ingestion = await startIngestion(servers);
    others.push(ingestion);
    return ingestion;
  };

  beforeAll(async () => {
    servers = await startServers({ postgres: true });
    rail = await startIngestion(servers);
    stopProjecting = await startProjecting();
  });
  afterEach(async () => {
    await Promise.all(others.splice(0).map((ingestion) => ingestion.stop()));
  });
  afterAll(async () => {
    await stopProjecting();
    await rail.stop();
    await servers.stop();
  });

  const newTenant = () => uuidv7() as TenantId;
  const register = async (tenant: TenantId, id: string, ...capabilities: string[]): Promise<void> => {
    await rail.agents.put(tenant, id, { name: id.toUpperCase(), capabilities });
    await expect.poll(() => rail.agents.isPresent(tenant, id)).toBe(true);
  };
  const ask = <T extends keyof PacketCommandData>(
    type: T,
    { tenant_id, id }: { tenant_id: TenantId; id: PacketId },
    data: PacketCommandData[T],
  ): Promise<CommandReply> =>
    rail.send({
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
  const unnamed = (routing: Routing, source = 'ana') =>
    normalizeNewPacket(
      {
        metadata: { source_agent: { id: source, name: source } },
        context: { summary: 'Refund it' },
        routing,
      },
      { now: instantAt(Date.now()) },
    );
  const made = { trace_id: 'f'.repeat(32), approval_id: uuidv7() };
  const create = async (tenant_id: TenantId, routing: Routing = {}): Promise<PacketDocument> =>
    packetOf(
      await ask('create', { tenant_id, id: uuidv7() as PacketId }, { packet: unnamed(routing), ...made }),
    );
  const targetOf = ({ metadata }: PacketDocument) => metadata.target_agent?.id;
  const eventsOf = async ({ tenant_id, id }: PacketDocument) =>
    (await rail.log.events(tenant_id, id)).map(({ event }) => event.type);

  it('gives a packet its target in the append that makes it', async () => {
    const tenant = newTenant();
    await register(tenant, 'ana', 'billing');
    await register(tenant, 'bo', 'billing');
    const packet = await create(tenant, { capabilities: ['billing'] });
    expect(packet).toMatchObject({ revision: 2, metadata: { target_agent: { id: 'bo', name: 'BO' } } });
    expect(await eventsOf(packet)).toEqual(['packet.created', 'packet.routed']);
  });

  it('gives the child of a chain its target too, in one batch with its parent', async () => {
    const tenant = newTenant();
    await register(tenant, 'bo', 'billing');
    await register(tenant, 'cy', 'mail');
    const parent = await create(tenant, { capabilities: ['billing'] });
    const child = packetOf(
      await ask('chain', parent, {
        ...made,
        child_id: uuidv7() as PacketId,
        child: unnamed({ capabilities: ['mail'] }, 'bo'),
        inherit: 'all',
        limits,
      }),
    );
    expect(targetOf(child)).toBe('cy');
    expect(child).toMatchObject({ revision: 2, parent_packet_id: parent.id });
    const chained = (await rail.log.events(tenant, parent.id)).at(-1)?.event;
    expect(chained).toMatchObject({ type: 'packet.chained', data: { target_agent: { id: 'cy' } } });
  });

  it('shares packets out that come at once', async () => {
    const tenant = newTenant();
    for (const id of ['bo', 'cy', 'di']) await register(tenant, id, 'billing');
    const packets = await Promise.all(Array.from({ length: 30 }, () => create(tenant)));
    const counts = new Map<string | undefined, number>();
    for (const packet of packets) counts.set(targetOf(packet), (counts.get(targetOf(packet)) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({ bo: 10, cy: 10, di: 10 });
  });

  it('prefers who has less to do, by the read models', async () => {
    const tenant = newTenant();
    await register(tenant, 'bo', 'billing');
    for (let n = 0; n < 3; n += 1) await create(tenant);
    await register(tenant, 'cy', 'billing');
    const fresh = await another();
    await expect.poll(() => fresh.agents.list(tenant).length).toBe(2);
    await expect
      .poll(async () => {
        const reader = new ReadSource(servers.databaseUrl, { poolSize: 1 });
        const [load] = await reader.use((source) => agentLoads(source, tenant, ['bo']));
        await reader.close();
        return load?.open_packets;
      })
      .toBe(3);
    const request = { tenant_id: tenant, id: uuidv7() as PacketId };
    const { send } = rail;
    rail.send = fresh.send;
    const reply = await ask('create', request, { packet: unnamed({}), ...made });
    rail.send = send;
    expect(targetOf(packetOf(reply))).toBe('cy');
  });

  it('routes what waits as soon as somebody comes who may have it, once, whoever looks', async () => {
    const tenant = newTenant();
    for (const { late } of [rail, await another(), await another()]) late.onApplicationBootstrap();
    const waiting = await Promise.all(Array.from({ length: 40 }, () => create(tenant)));
    const notForBo = await create(tenant, { exclude: ['bo'] });
    expect(waiting.map(targetOf)).toEqual(waiting.map(() => undefined));
    await register(tenant, 'ana', 'billing');
    await register(tenant, 'bo', 'billing');
    for (const packet of waiting)
      await expect
        .poll(() => eventsOf(packet), { timeout: 5_000 })
        .toEqual(['packet.created', 'packet.routed']);
    expect(await eventsOf(notForBo)).toEqual(['packet.created']);
    await register(tenant, 'cy');
    await expect.poll(() => eventsOf(notForBo), { timeout: 5_000 }).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const packet of [...waiting, notForBo]) expect(await eventsOf(packet)).toHaveLength(2);
  });

  it('routes at its start what was left', async () => {
    const tenant = newTenant();
    const packet = await create(tenant, { capabilities: ['chess'] });
    await rail.late.onModuleDestroy();
    await register(tenant, 'bo', 'chess');
    expect(await eventsOf(packet)).toEqual(['packet.created']);
    (await another()).late.onApplicationBootstrap();
    await expect
      .poll(() => eventsOf(packet), { timeout: 5_000 })
      .toEqual(['packet.created', 'packet.routed']);
  });

  it('keeps to the allowed edges', async () => {
    const tenant = newTenant();
    for (const id of ['bo', 'cy']) await register(tenant, id, 'billing');
    await rail.edges.put(tenant, [{ from: 'ana', to: 'cy' }]);
    await expect.poll(() => rail.edges.allows(tenant, 'ana', 'bo')).toBe(false);
    expect(targetOf(await create(tenant))).toBe('cy');
    await rail.edges.put(tenant, [{ from: 'zoe', to: '*' }]);
    await expect.poll(() => rail.edges.allows(tenant, 'ana', 'cy')).toBe(false);
    expect(targetOf(await create(tenant))).toBeUndefined();
  });
});
