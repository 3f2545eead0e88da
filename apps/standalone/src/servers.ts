import { join, resolve } from 'node:path';
import type * as embedded from '#libs/embedded';
import { type Config, type Logger, StartError } from '#libs/service-kit';
import { say } from './say.js';

/** The NATS and Postgres that a rail stands on: its own, or the ones it was pointed at. */
export interface Servers {
  natsUrl: string;
  databaseUrl: string;
  /** One line for the banner: where NATS came from. */
  natsSource: string;
  postgresSource: string;
  /** Stops the embedded ones. */
  stop(): Promise<void>;
}

interface Server {
  url: string;
  source: string;
  stop(): Promise<void>;
}

const outside = (url: string, variable: string): Server => ({
  url,
  source: `the one in ${variable}`,
  stop: () => Promise.resolve(),
});

const timed = async (name: string, start: () => Promise<Server>): Promise<Server> => {
  const startedAt = performance.now();
  try {
    const server = await start();
    say(`${name} ready in ${Math.round(performance.now() - startedAt)} ms: ${server.source}`);
    return server;
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
};

const ownNats = async ({ startNats }: typeof embedded, config: Config, logger: Logger): Promise<Server> => {
  const { durability } = config;
  const dataDir = join(resolve(config.dataDir), 'nats');
  return startNats({ dataDir, durability, supervise: true, log: (line) => logger.info(line) });
};

const ownPostgres = async (
  { startPostgres }: typeof embedded,
  config: Config,
  logger: Logger,
): Promise<Server> => {
  const dataDir = join(resolve(config.dataDir), 'postgres');
  return startPostgres({ dataDir, supervise: true, log: (line) => logger.info(line) });
};

const startBoth = async (config: Config, logger: Logger): Promise<[Server, Server]> => {
  const { natsUrl, databaseUrl } = config;
  const own = await import('#libs/embedded');
  const started = await Promise.allSettled([
    natsUrl === undefined ? timed('NATS', () => ownNats(own, config, logger)) : outside(natsUrl, 'NATS_URL'),
    databaseUrl === undefined
      ? timed('Postgres', () => ownPostgres(own, config, logger))
      : outside(databaseUrl, 'DATABASE_URL'),
  ]);
  const [nats, postgres] = started;
  if (nats.status === 'fulfilled' && postgres.status === 'fulfilled') return [nats.value, postgres.value];
  for (const one of started) if (one.status === 'fulfilled') await one.value.stop();
  throw started.find((one) => one.status === 'rejected')?.reason;
};

/**
 * Starts what the configuration does not point at, both at once, supervised, in the data directory.
 * @throws StartError with a sentence when one cannot be started; the other is stopped then.
 */
export const startServers = async (config: Config, logger: Logger): Promise<Servers> => {
  const [nats, postgres] = await startBoth(config, logger);
  return {
    natsUrl: nats.url,
    databaseUrl: postgres.url,
    natsSource: nats.source,
    postgresSource: postgres.source,
    stop: async () => {
      await Promise.all([nats.stop(), postgres.stop()]);
    },
  };
};
