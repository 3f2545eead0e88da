import {
  type Config,
  localRequests,
  type Logger,
  nestLogger,
  packetLimits,
  type Requests,
  rootModule,
  type Running,
  type Runtime,
  type RuntimeParts,
  startRuntime,
} from '#libs/service-kit';
import { NestFactory } from '@nestjs/core';
import { banner } from './banner.js';
import { checkPort } from './check-port.js';
import { say } from './say.js';
import { configOn, startServers } from './servers.js';
import { untilReady } from './until-ready.js';

/** The applications, loaded while the servers start. */
const loadApps = async () => {
  const [gateway, ingestion, claiming, approvals, projector, webhooks] = await Promise.all([
    import('#apps/gateway'),
    import('#apps/ingestion'),
    import('#apps/claiming'),
    import('#apps/approvals'),
    import('#apps/projector'),
    import('#apps/webhooks'),
  ]);
  return { ...gateway, ...ingestion, ...claiming, ...approvals, ...projector, ...webhooks };
};

type Apps = Awaited<ReturnType<typeof loadApps>>;

/** What answers calls, and goes on by itself. */
interface Answering {
  claimNext: ReturnType<Apps['openClaimNext']>;
  webhooks: Awaited<ReturnType<Apps['Webhooks']['open']>>;
}

interface Started {
  runtime: Runtime;
  answering: Answering;
}

const requestsIn = (apps: Apps, parts: RuntimeParts, answering: Promise<Answering>): Requests => {
  const { log, agents, edges, router, schemas, tenants, timers, config } = parts;
  const limits = packetLimits(config);
  const hooks = async () => (await answering).webhooks.answers;
  return localRequests({
    commands: {
      ingestion: apps.ingestionHandler({ log, edges, router, schemas, tenants, limits }),
      claiming: apps.claimingHandler(log, router),
      approvals: apps.approvalsHandler(log),
    },
    calls: {
      heartbeat: apps.answerHeartbeat({ log, timers, agents }),
      claim_next: async (call, signal) => (await answering).claimNext.answer(call, signal),
      test_hook: async (call) => (await hooks()).test_hook(call),
      replay_delivery: async (call) => (await hooks()).replay_delivery(call),
      recover_hook: async (call) => (await hooks()).recover_hook(call),
      replay_missing: async (call) => (await hooks()).replay_missing(call),
    },
  });
};

const openAnswering = async (apps: Apps, parts: RuntimeParts): Promise<Answering> => ({
  claimNext: apps.openClaimNext(parts),
  webhooks: await apps.Webhooks.open(parts),
});

const startOn = async (config: Config, logger: Logger, apps: Apps): Promise<Started> => {
  let opening: Promise<Answering> | undefined;
  const runtime = await startRuntime({
    service: 'standalone',
    config,
    logger,
    owner: true,
    requests: (parts) => {
      opening = openAnswering(apps, parts);
      // Whoever waits for it is told; it must not end the process before.
      opening.catch(() => undefined);
      return requestsIn(apps, parts, opening);
    },
  });
  return { runtime, answering: await (opening ?? openAnswering(apps, runtime)) };
};

interface Standalone extends Running {
  runtime: Runtime;
  newKey: string | null;
}

const startApps = async (config: Config, logger: Logger, apps: Apps): Promise<Standalone> => {
  const { runtime, answering } = await startOn(config, logger, apps);
  const newKey = await apps.bootstrapAdmin(runtime.nats, { givenKey: config.bootstrapApiKey });
  const followers = await NestFactory.createApplicationContext(
    rootModule(
      runtime,
      apps.ProjectorModule,
      apps.LeaseTimersModule,
      apps.ExpiryTimersModule,
      apps.ApprovalTimersModule,
      apps.LateRoutingModule,
    ),
    { logger: nestLogger(logger), abortOnError: false },
  );
  const gateway = await apps.startGateway(runtime);
  const stop = async (): Promise<void> => {
    runtime.health.draining = true;
    await gateway.stop();
    await followers.close();
    await Promise.all([answering.claimNext.stop(), answering.webhooks.stop()]);
    await runtime.stop();
  };
  return { runtime, newKey, stop };
};

/** The whole rail in this process, on servers of its own unless it was pointed at some. */
export const startStandalone = async (config: Config, logger: Logger): Promise<Running> => {
  await checkPort(config);
  const [servers, apps] = await Promise.all([startServers(config, logger), loadApps()]);
  try {
    const rail = await startApps(configOn(config, servers), logger, apps);
    await untilReady(rail.runtime.health);
    say(banner({ config, servers, newKey: rail.newKey, startedInMs: process.uptime() * 1_000 }));
    const stop = async (): Promise<void> => {
      await rail.stop();
      await servers.stop();
    };
    return { stop };
  } catch (error) {
    await servers.stop();
    throw error;
  }
};
