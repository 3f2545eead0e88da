import { StreamSlots } from '#libs/event-log';
import { HookRegistry } from '#libs/hooks';
import { nestLogger, requireUrl, rootModule, type Runtime, type Running } from '#libs/service-kit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { installAudit } from './audit/audit-hooks.js';
import { openAudit } from './audit/parts.js';
import { ControlData } from './auth/control-data.js';
import { KeyUses } from './auth/key-uses.js';
import { GatewayModule, type GatewayParts } from './gateway.module.js';
import { routeUpgrades } from './feeds/upgrades.js';
import { installHooks, makeRequestId, refuseEarly } from './http/hooks.js';
import { KnownPaths } from './http/known-paths.js';
import { ProblemFilter } from './http/problem-filter.js';
import { refuseConnection } from './http/problems.js';
import { openAgentsDoor } from './nats/agents-door.js';
import { RequestRates } from './limits/request-rates.js';
import { ProjectedPosition } from './reads/projected-position.js';
import { ReadDatabase } from './reads/read-database.js';
import { compileBodies } from './http/compile-bodies.js';

/** A gateway that listens. */
export interface RunningGateway extends Running {
  /** Where it does, without a slash at the end. */
  readonly url: string;
}

/** Nest's adapter would strip Fastify's errors of their codes, by which we tell them apart. */
class PlainFastifyAdapter extends FastifyAdapter {
  override mapException(error: unknown): unknown {
    return error;
  }
}

/** A request whose headers or body do not arrive in this time is given up. */
const requestTimeoutMs = 30_000;
/** UTF-16 units of one segment of a path: an agent's id has up to 256 characters. */
const maxParamLength = 1_024;

const openParts = async (runtime: Runtime): Promise<GatewayParts> => {
  const { nats, config, tenants } = runtime;
  const database = new ReadDatabase(requireUrl(config, 'databaseUrl', 'gateway'));
  const projected = new ProjectedPosition(nats, () => database.position());
  const [control, uses, hooks] = await Promise.all([
    ControlData.open(nats, tenants),
    KeyUses.open(nats),
    HookRegistry.open(nats, { limitOf: (tenant) => tenants.limits(tenant).webhooks }),
  ]);
  const rates = RequestRates.open(runtime, control);
  const audit = openAudit(nats, control);
  return { control, audit, uses, rates, slots: new StreamSlots(nats), hooks, database, projected };
};

const addChecks = ({ health, log }: Runtime, { database, projected }: GatewayParts): void => {
  health.add('postgres', async () => {
    projected.advance(await database.position());
    return { ok: true };
  });
  health.add('projection', async () => ({
    ok: true,
    lag_events: Math.max(0, (await log.lastSequence()) - projected.reached),
  }));
};

const createApp = async (runtime: Runtime, parts: GatewayParts): Promise<NestFastifyApplication> => {
  const { config, logger } = runtime;
  const paths = new KnownPaths();
  const adapter = new PlainFastifyAdapter({
    genReqId: makeRequestId,
    frameworkErrors: refuseEarly,
    clientErrorHandler: (_error, socket) => refuseConnection(socket),
    requestTimeout: requestTimeoutMs,
    routerOptions: { maxParamLength },
    // A request that comes on an open connection while we stop is still answered.
    return503OnClosing: false,
  });
  installHooks(adapter.getInstance(), {
    control: parts.control,
    uses: parts.uses,
    rates: parts.rates,
    paths,
    logger,
    maxBodyBytes: config.maxPacketBytes,
    corsOrigins: config.corsOrigins,
  });
  const { recorder } = parts.audit;
  installAudit(adapter.getInstance(), { recorder, logger, isSignUpOpen: config.signup === 'open' });
  const app = await NestFactory.create<NestFastifyApplication>(
    rootModule(runtime, GatewayModule.with(parts)),
    adapter,
    { logger: nestLogger(logger), bodyParser: false, abortOnError: false },
  );
  routeUpgrades(app.getHttpServer(), adapter.getInstance());
  return app.useGlobalFilters(new ProblemFilter(paths));
};

/** Closes connections as they fall idle: their keep-alive would hold the server open long after its last answer. */
const closeApp = async (app: NestFastifyApplication, drainMs: number): Promise<void> => {
  const server = app.getHttpServer();
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const late = setTimeout(() => server.closeAllConnections(), drainMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
};

const closeParts = async (parts: GatewayParts): Promise<void> => {
  const { control, audit, uses, rates, slots, hooks, database, projected } = parts;
  projected.close();
  rates.close();
  audit.close();
  await slots.close();
  await uses.close();
  control.close();
  hooks.close();
  await database.close();
};

/**
 * Serves the HTTP API on the configured host and port. Stopping takes no more connections, answers what is
 * in flight and lets go of the read models; the runtime stays for its owner to stop. The streams and buckets
 * must be provisioned; Postgres may come later.
 */
export const startGateway = async (runtime: Runtime): Promise<RunningGateway> => {
  const { host, port, drainMs } = runtime.config;
  const parts = await openParts(runtime);
  const app = await createApp(runtime, parts);
  await app.init();
  const instance = app.getHttpAdapter().getInstance();
  await instance.ready();
  // Before anybody is let in: with a wrong setting nothing listens.
  const agents = await openAgentsDoor(runtime, { ...parts, instance });
  await app.listen(port, host);
  addChecks(runtime, parts);
  compileBodies();
  return {
    url: (await app.getUrl()).replace(/\/$/, ''),
    stop: async () => {
      await agents?.close();
      await closeApp(app, drainMs);
      await agents?.stop();
      await closeParts(parts);
    },
  };
};
