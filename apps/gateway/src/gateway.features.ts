import { setTimeout as delay } from 'node:timers/promises';
import { approvalsHandler } from '#apps/approvals';
import { ingestionHandler } from '#apps/ingestion';
import { Announcer } from '#apps/projector';
import { AuditFollower } from '#libs/audit';
import type { SendCommand } from '#libs/contracts';
import { handleCommand } from '#libs/event-log';
import { type Applied, checkpoint, createDataSource, migrate, Projection, replay } from '#libs/read-models';
import {
  createLogger,
  localRequests,
  packetLimits,
  readConfig,
  type Runtime,
  type RuntimeParts,
  startRuntime,
} from '#libs/service-kit';
import {
  type Client,
  createClient,
  freePort,
  newApiKey,
  startServers,
  type TestServers,
} from '#libs/testing';
import { bootstrapAdmin } from './auth/bootstrap-admin.js';
import { startGateway } from './start-gateway.js';

export interface TestGateway {
  url: string;
  /** The platform admin's key. */
  key: string;
  runtime: Runtime;
  servers: TestServers;
  /** A client with the admin's key or another one; closed with the gateway. */
  client(key?: string): Client;
  /** The gateway alone; everything else stays. */
  stopGateway(): Promise<void>;
  stop(): Promise<void>;
}

/** `slowMs`: how long each command takes at least. */
const requestsOn =
  (slowMs: number) =>
  ({ log, edges, router, schemas, tenants, config }: RuntimeParts) => {
    const slowly =
      (send: SendCommand): SendCommand =>
      async (request) => {
        if (slowMs > 0) await delay(slowMs);
        return send(request);
      };
    const limits = packetLimits(config);
    const ingestion = ingestionHandler({ log, edges, router, schemas, tenants, limits });
    return localRequests({
      commands: {
        ingestion: slowly(ingestion),
        claiming: slowly((request) => handleCommand(log, request)),
        approvals: slowly(approvalsHandler(log)),
      },
    });
  };

/** A projector in a few lines: the gateway needs its effect, not the service. */
const startProjecting = async (
  { log, nats, logger }: Runtime,
  databaseUrl: string,
): Promise<() => Promise<void>> => {
  const source = createDataSource(databaseUrl, { poolSize: 4 });
  await migrate(source);
  const projection = new Projection(source);
  const audit = new AuditFollower({ nats, databaseUrl, logger });
  await audit.prepared;
  let stopped = false;
  const announcer = new Announcer(nats);
  const onApplied = (applied: Applied) => announcer.announce({ ...applied, traceparents: new Map() });
  const loop = async () => {
    let from = (await checkpoint(source)) + 1;
    announcer.beginAt(from - 1);
    while (!stopped) {
      // A test may take NATS or Postgres away.
      from = await replay(projection, log, { from, onApplied }).catch(() => from);
      await delay(10);
    }
  };
  const ended = loop();
  return async () => {
    stopped = true;
    await Promise.all([ended, audit.stop()]);
    await source.destroy();
  };
};

/** Another gateway on the servers of the first, as another process would be. */
export const startSibling = async (
  first: TestGateway,
): Promise<Pick<TestGateway, 'url' | 'client' | 'stop'>> => {
  const config = { ...first.runtime.config, port: await freePort() };
  const runtime = await startRuntime({ service: 'gateway', config, logger: first.runtime.logger });
  const gateway = await startGateway(runtime);
  const clients: Client[] = [];
  const client = (key = first.key): Client => {
    const made = createClient(gateway.url, key);
    clients.push(made);
    return made;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(clients.map((open) => open.close()));
    await gateway.stop();
    await runtime.stop();
  };
  return { url: gateway.url, client, stop };
};

/** A gateway on real servers, with the commands and a projector in this process. */
export const startTestGateway = async (
  env: Record<string, string> = {},
  slowMs = 0,
): Promise<TestGateway> => {
  const servers = await startServers({ postgres: true });
  const { natsUrl, databaseUrl } = servers;
  const config = readConfig({
    NATS_URL: natsUrl,
    HR_NATS_ISSUER_SEED: servers.nats.issuerSeed,
    HR_NATS_SYSTEM_URL: servers.nats.systemUrl,
    DATABASE_URL: databaseUrl,
    PORT: String(await freePort()),
    HR_LOG_LEVEL: 'silent',
    ...env,
  });
  const logger = createLogger(config, 'gateway');
  const runtime = await startRuntime({
    service: 'gateway',
    config,
    logger,
    owner: true,
    requests: requestsOn(slowMs),
  });
  const key = newApiKey();
  await bootstrapAdmin(runtime.nats, { givenKey: key });
  const stopProjecting = await startProjecting(runtime, databaseUrl);
  const gateway = await startGateway(runtime);
  const clients: Client[] = [];
  const client = (other = key): Client => {
    const made = createClient(gateway.url, other);
    clients.push(made);
    return made;
  };
  let stopped: Promise<void> | undefined;
  const stopGateway = (): Promise<void> => (stopped ??= gateway.stop());
  const stop = async (): Promise<void> => {
    await Promise.all(clients.map((open) => open.close()));
    await stopGateway();
    await stopProjecting();
    await runtime.stop();
    await servers.stop();
  };
  return { url: gateway.url, key, runtime, servers, client, stopGateway, stop };
};
