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
import { startServers } from './servers.js';
import { untilReady } from './until-ready.js';

/** The applications, loaded while the servers start. */
const loadApps = async () => {
  const [gateway, ingestion, claiming, approvals, projector] = await Promise.all([
    import('#apps/gateway'),
    import('#apps/ingestion'),
    import('#apps/claiming'),
    import('#apps/approvals'),
    import('#apps/projector'),
  ]);
  return { ...gateway, ...ingestion, ...claiming, ...approvals, ...projector };
};

type Apps = Awaited<ReturnType<typeof loadApps>>;

type ClaimNext = ReturnType<Apps['openClaimNext']>;

interface Started {
  runtime: Runtime;
  claimNext: ClaimNext;
}

const requestsIn = (apps: Apps, parts: RuntimeParts, claimNext: ClaimNext): Requests => {
  const { log, agents, edges, router, timers, config } = parts;
  return localRequests({
    commands: {
      ingestion: apps.ingestionHandler({ log, edges, router, limits: packetLimits(config) }),
      claiming: apps.claimingHandler(log, router),
      approvals: apps.approvalsHandler(log),
    },
    calls: {
      heartbeat: apps.answerHeartbeat({ log, timers, agents }),
      claim_next: (call, signal) => claimNext.answer(call, signal),
    },
  });
};

const startOn = (config: Config, logger: Logger, apps: Apps): Promise<Started> =>
  new Promise((resolve, reject) => {
    let claimNext: ClaimNext;
    startRuntime({
      service: 'standalone',
      config,
      logger,
      owner: true,
      requests: (parts) => {
        claimNext = apps.openClaimNext(parts);
        return requestsIn(apps, parts, claimNext);
      },
    }).then((runtime) => resolve({ runtime, claimNext }), reject);
  });

interface Standalone extends Running {
  runtime: Runtime;
  newKey: string | null;
}

const startApps = async (config: Config, logger: Logger, apps: Apps): Promise<Standalone> => {
  const { runtime, claimNext } = await startOn(config, logger, apps);
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
    await claimNext.stop();
    await runtime.stop();
  };
  return { runtime, newKey, stop };
};

/** The whole rail in this process, on servers of its own unless it was pointed at some. */
export const startStandalone = async (config: Config, logger: Logger): Promise<Running> => {
  await checkPort(config);
  const [servers, apps] = await Promise.all([startServers(config, logger), loadApps()]);
  const urls = { natsUrl: servers.nats.url, databaseUrl: servers.postgres.url };
  try {
    const rail = await startApps({ ...config, ...urls }, logger, apps);
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
