import { setTimeout as delay } from 'node:timers/promises';
import { AgentRegistry, AgentRouter, Edges, type ReadLoads } from '#libs/agents';
import { connectNats, PacketLog, provision, ServerTooOld, verifyProvisioned } from '#libs/event-log';
import { agentLoads, ReadSource } from '#libs/read-models';
import { SchemaRegistry } from '#libs/schemas';
import { TenantRegistry } from '#libs/tenants';
import { Timers } from '#libs/timers';
import type { NatsConnection } from '@nats-io/nats-core';
import { type Config, requireUrl, StartError } from './config.js';
import { HealthChecks } from './health.js';
import type { Logger } from './logger.js';
import { startMetrics } from './metrics.js';
import { requestOverNats, type Requests } from './nats-requests.js';
import { startTelemetry } from './telemetry.js';

/** How long a service waits for the owner of the streams to have made them. */
const provisionedWithinMs = 30_000;
const patienceMs = 3_000;
const cacheBytes = 32 * 1024 * 1024;

/** What every service has of its own. */
export interface RuntimeParts {
  readonly service: string;
  readonly config: Config;
  readonly logger: Logger;
  readonly nats: NatsConnection;
  readonly log: PacketLog;
  readonly timers: Timers;
  readonly agents: AgentRegistry;
  /** Who may hand to whom. */
  readonly edges: Edges;
  /** The schemas that contexts may have to satisfy. */
  readonly schemas: SchemaRegistry;
  /** What tenants may, and whether they are still there. */
  readonly tenants: TenantRegistry;
  /** Decides who gets a packet. */
  readonly router: AgentRouter;
  /** The read models, for what can do without; undefined: no database is set. */
  readonly reads: ReadSource | undefined;
  readonly health: HealthChecks;
}

/** What every service stands on, started in order. */
export interface Runtime extends RuntimeParts, Requests {
  /** Sends the last spans, closes the log and the connection. Call it when nothing uses them any more. */
  stop(): Promise<void>;
}

export interface RuntimeOptions {
  service: string;
  config: Config;
  logger: Logger;
  /** Whether this process makes and changes the streams; the others wait for them. */
  owner?: boolean;
  /** How the services are reached; over NATS when left out. */
  requests?: (parts: RuntimeParts) => Requests;
}

const natsCheck = (nats: NatsConnection) => async () => {
  const rtt = await Promise.race([nats.rtt(), delay(800)]);
  return rtt === undefined
    ? { ok: false, detail: 'NATS does not answer.' }
    : { ok: true, server: nats.getServer(), version: nats.info?.version, rtt_ms: rtt };
};

const prepareStreams = (nats: NatsConnection, { config, owner }: RuntimeOptions): Promise<void> =>
  owner
    ? provision(nats, { durability: config.durability, replicas: config.replicas })
    : verifyProvisioned(nats, { waitMs: provisionedWithinMs });

/** The first connect waits for the server, however long that takes; whoever started us should know. */
const connectPatiently = async ({ service, config, logger }: RuntimeOptions): Promise<NatsConnection> => {
  const url = requireUrl(config, 'natsUrl', service);
  const hosts = url.replace(/[^/,@]*@/g, '');
  const waiting = setInterval(() => logger.warn(`still waiting for NATS at ${hosts}`), patienceMs);
  try {
    return await connectNats(url, `handoffrail-${service}`);
  } catch (error) {
    if (error instanceof ServerTooOld) throw error;
    throw new StartError(`NATS at ${hosts} refuses the connection: ${String(error)}. Check NATS_URL.`);
  } finally {
    clearInterval(waiting);
  }
};

const logConnection = async (nats: NatsConnection, logger: Logger): Promise<void> => {
  for await (const { type } of nats.status()) {
    if (type === 'disconnect') logger.warn('the connection to NATS is lost');
    if (type === 'reconnect') logger.info('the connection to NATS is back');
  }
};

const openLog = (nats: NatsConnection, timers: Timers, { config, logger }: RuntimeOptions): PacketLog =>
  new PacketLog(nats, {
    logger,
    timers,
    replicas: config.replicas,
    cache: { entries: config.cachePackets, bytes: cacheBytes },
  });

/** Few and short questions: the gateway and the projector have connections of their own. */
const openReads = ({ service, config }: RuntimeOptions): ReadSource | undefined =>
  config.databaseUrl === undefined
    ? undefined
    : new ReadSource(config.databaseUrl, {
        poolSize: 2,
        statementTimeoutMs: 2_000,
        applicationName: `handoffrail-${service}`,
      });

const openParts = async (nats: NatsConnection, options: RuntimeOptions): Promise<RuntimeParts> => {
  const { service, config, logger } = options;
  const tenants = await TenantRegistry.open(nats);
  const [agents, edges, schemas] = await Promise.all([
    AgentRegistry.open(nats, {
      logger,
      presenceMs: config.presenceSeconds * 1_000,
      limitOf: (tenant) => tenants.limits(tenant).agents,
    }),
    Edges.open(nats),
    SchemaRegistry.open(nats),
  ]);
  const health = new HealthChecks();
  health.add('nats', natsCheck(nats));
  const timers = new Timers(nats, { logger });
  const log = openLog(nats, timers, options);
  const reads = openReads(options);
  const loads: ReadLoads | undefined =
    reads && ((tenant, ids) => reads.use((source) => agentLoads(source, tenant, ids)));
  const router = new AgentRouter({ agents, edges, loads });
  const held = { agents, edges, schemas, tenants, router };
  return { service, config, logger, nats, log, timers, ...held, reads, health };
};

/** Connects to NATS, makes or verifies the streams, and opens the log and what is held in memory. */
export const startRuntime = async (options: RuntimeOptions): Promise<Runtime> => {
  const { service, config, logger } = options;
  const stopTelemetry = await startTelemetry(config, service);
  startMetrics(service);
  const nats = await connectPatiently(options);
  void logConnection(nats, logger);
  await prepareStreams(nats, options);
  const parts = await openParts(nats, options);
  const requests = options.requests?.(parts) ?? requestOverNats(nats, { timeoutMs: config.commandTimeoutMs });
  const stop = async (): Promise<void> => {
    parts.log.close();
    await parts.timers.close();
    parts.agents.close();
    parts.edges.close();
    parts.tenants.close();
    await parts.reads?.close().catch(() => undefined);
    await stopTelemetry().catch((error: unknown) =>
      logger.warn({ err: error }, 'the last spans were not sent'),
    );
    await Promise.race([nats.drain(), delay(1_000)]).catch(() => undefined);
    await nats.close();
  };
  return { ...parts, ...requests, stop };
};
