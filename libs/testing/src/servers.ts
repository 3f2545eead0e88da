import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedNats, type EmbeddedPostgres, startNats, startPostgres } from '#libs/embedded';
import { Client } from 'pg';

export interface StartServersOptions {
  /** Also give a database: on the run's shared server, or on one started for this call. */
  postgres?: boolean;
  durability?: 'strict' | 'relaxed';
  /** Start the servers again when they die: for tests that kill them. Postgres is then this call's own. */
  supervise?: boolean;
}

export interface TestServers {
  natsUrl: string;
  /** A fresh, empty database. Throws when `postgres` was not asked for. */
  readonly databaseUrl: string;
  nats: EmbeddedNats;
  /** Only where this call started the server itself. */
  postgres?: EmbeddedPostgres;
  /** One more fresh, empty database on the same server; dropped at `stop`. */
  newDatabase(): Promise<string>;
  /** Stops what this call started and removes its folders. */
  stop(): Promise<void>;
}

const prefix = 'handoffrail-test-';

/** A folder of its own beneath the system's temporary one; its name tells whose it is. */
const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  // Where the tests run as root, Postgres runs as another user, who must be able to pass.
  await chmod(folder, 0o755);
  return folder;
};

const isGone = (pid: number): boolean => {
  try {
    return !process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};

/** Removes what interrupted runs left in the temporary folder: their servers are gone, their files are not. */
export const removeLeftFolders = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split('-')[0] : NaN);
    if (pid > 0 && isGone(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
};

/** Starts a Postgres whose data is thrown away with it. */
export const startDisposablePostgres = async (supervise = false): Promise<EmbeddedPostgres> => {
  const dataDir = await temporaryFolder();
  const removeFolder = () => rm(dataDir, { recursive: true, force: true });
  try {
    const postgres = await startPostgres({ dataDir, supervise, disposable: !supervise });
    const stop = async () => {
      await postgres.stop();
      await removeFolder();
    };
    return { ...postgres, stop };
  } catch (error) {
    await removeFolder();
    throw error;
  }
};

const asAdmin = async (serverUrl: string, statement: string): Promise<void> => {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

interface Databases {
  create(): Promise<string>;
  dropAll(): Promise<void>;
}

const databasesOn = (serverUrl: string): Databases => {
  const names: string[] = [];
  return {
    create: async () => {
      const name = `hr_${randomBytes(6).toString('hex')}`;
      await asAdmin(serverUrl, `CREATE DATABASE ${name}`);
      names.push(name);
      const url = new URL(serverUrl);
      url.pathname = `/${name}`;
      return url.href;
    },
    dropAll: async () => {
      for (const name of names.splice(0)) {
        await asAdmin(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }
    },
  };
};

const noDatabases = (): Databases => ({
  create: () => Promise.reject(new Error('startServers was not asked for Postgres')),
  dropAll: () => Promise.resolve(),
});

/** The url of the Postgres that vitest's global setup started for the whole run, if it did. */
const sharedPostgresUrl = async (): Promise<string | undefined> => {
  // Outside a test run (a benchmark, say) vitest is not there to be asked.
  if (process.env['VITEST'] === undefined) return undefined;
  const { inject } = await import('vitest');
  return inject('postgresUrl');
};

const ownNats = async (options: StartServersOptions): Promise<EmbeddedNats> => {
  const dataDir = await temporaryFolder();
  const removeFolder = () => rm(dataDir, { recursive: true, force: true });
  const { durability = 'relaxed', supervise = false } = options;
  try {
    const nats = await startNats({ dataDir, durability, supervise });
    const stop = async () => {
      await nats.stop();
      await removeFolder();
    };
    return { ...nats, stop };
  } catch (error) {
    await removeFolder();
    throw error;
  }
};

interface PostgresSide {
  databases: Databases;
  own?: EmbeddedPostgres;
  first?: string;
}

const postgresSide = async (options: StartServersOptions): Promise<PostgresSide> => {
  if (options.postgres !== true) return { databases: noDatabases() };
  const shared = options.supervise === true ? undefined : await sharedPostgresUrl();
  if (shared !== undefined) {
    const databases = databasesOn(shared);
    return { databases, first: await databases.create() };
  }
  const own = await startDisposablePostgres(options.supervise);
  const databases = databasesOn(own.url);
  return { databases, own, first: await databases.create() };
};

/**
 * Starts a NATS server of its own, and gives a database if asked, on free ports and in fresh temporary
 * folders. Call `stop` when done; should the process end without it, the servers end with it.
 */
export const startServers = async (options: StartServersOptions = {}): Promise<TestServers> => {
  const [nats, side] = await Promise.all([ownNats(options), postgresSide(options)]);
  const stop = async () => {
    // A server of our own takes its databases with it.
    await Promise.all([nats.stop(), side.own === undefined ? side.databases.dropAll() : side.own.stop()]);
  };
  return {
    natsUrl: nats.url,
    get databaseUrl(): string {
      if (side.first === undefined) throw new Error('startServers was not asked for Postgres');
      return side.first;
    },
    nats,
    ...(side.own === undefined ? {} : { postgres: side.own }),
    newDatabase: () => side.databases.create(),
    stop,
  };
};
