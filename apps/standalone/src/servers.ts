import { join, resolve } from 'node:path';
import { type Config, type Logger, noteServers, StartError } from '#libs/service-kit';
import { say } from './say.js';

interface Server {
  url: string;
  /** One line for the banner: where it came from. */
  source: string;
  stop(): Promise<void>;
}

/** NATS, and where it is our own what lets agents in. */
interface NatsServer extends Server {
  systemUrl?: string;
  issuerSeed?: string;
}

/** The NATS and Postgres that a rail stands on: its own, or the ones it was pointed at. */
export interface Servers {
  nats: NatsServer;
  postgres: Server;
  /** Stops the embedded ones. */
  stop(): Promise<void>;
}

/** From then on the person who waits wants to know what for. */
const slowMs = 2_500;

const outside = (url: string, variable: string): Promise<Server> =>
  Promise.resolve({ url, source: `the one in ${variable}`, stop: () => Promise.resolve() });

// What a server says while it starts is for debugging; later it only speaks up when something is wrong.
const lineLogger = (logger: Logger): { log: (line: string) => void; started: () => void } => {
  let level: 'debug' | 'warn' = 'debug';
  return { log: (line) => logger[level](line), started: () => (level = 'warn') };
};

const embed = async <T extends Server>(
  name: string,
  logger: Logger,
  start: (log: (line: string) => void) => Promise<T>,
): Promise<T> => {
  const { log, started } = lineLogger(logger);
  const startedAt = performance.now();
  const slow = setTimeout(() => say(`${name} is being fetched or set up, which takes longer once …`), slowMs);
  try {
    const server = await start(log);
    started();
    say(`${name} ready in ${Math.round(performance.now() - startedAt)} ms (${server.source})`);
    return server;
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(slow);
  }
};

const ownNats = ({ dataDir, durability, natsPort: port }: Config, logger: Logger): Promise<NatsServer> =>
  embed('NATS', logger, async (log) => {
    const { startNats } = await import('#libs/embedded');
    const place = { dataDir: join(resolve(dataDir), 'nats'), ...(port !== undefined && { port }) };
    return startNats({ ...place, durability, supervise: true, log });
  });

const ownPostgres = ({ dataDir, embeddedPostgres: engine }: Config, logger: Logger): Promise<Server> =>
  embed('Postgres', logger, async (log) => {
    const { startPostgres } = await import('#libs/embedded');
    return startPostgres({ dataDir: join(resolve(dataDir), 'postgres'), supervise: true, engine, log });
  });

/** The configuration on these servers. */
export const configOn = (config: Config, { nats, postgres }: Servers): Config => ({
  ...config,
  natsUrl: nats.url,
  databaseUrl: postgres.url,
  ...(nats.systemUrl !== undefined && { natsSystemUrl: nats.systemUrl }),
  ...(nats.issuerSeed !== undefined && { natsIssuerSeed: nats.issuerSeed }),
});

/**
 * Starts what the configuration does not point at, both at once, supervised, in the data directory.
 * @throws StartError with a sentence when one cannot be started; the other is stopped then.
 */
export const startServers = async (config: Config, logger: Logger): Promise<Servers> => {
  const { natsUrl, databaseUrl } = config;
  const [nats, postgres] = await Promise.allSettled([
    natsUrl === undefined ? ownNats(config, logger) : outside(natsUrl, 'NATS_URL'),
    databaseUrl === undefined ? ownPostgres(config, logger) : outside(databaseUrl, 'DATABASE_URL'),
  ]);
  if (nats.status === 'rejected') {
    if (postgres.status === 'fulfilled') await postgres.value.stop();
    throw nats.reason;
  }
  if (postgres.status === 'rejected') {
    await nats.value.stop();
    throw postgres.reason;
  }
  const forget = await noteServers(config.dataDir, {
    ...(natsUrl === undefined && { natsUrl: nats.value.url }),
    ...(databaseUrl === undefined && { databaseUrl: postgres.value.url }),
  });
  const stop = async (): Promise<void> => {
    await forget();
    await Promise.all([nats.value.stop(), postgres.value.stop()]);
  };
  return { nats: nats.value, postgres: postgres.value, stop };
};
