import { mkdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { lockDirectory } from '../process/directory-lock.js';
import { freePort, keptSecret } from '../process/local-files.js';
import { type RunningServer, startServer } from '../process/server.js';
import { type PostgresBinaries, postgresBinaries } from './binaries.js';
import {
  clusterFolder,
  endStalePostgres,
  ensureCluster,
  moveAside,
  postgresEnv,
  postgresUser,
} from './cluster.js';
import { type Owner, unprivilegedOwner } from './owner.js';
import { postgresArguments } from './postgres-settings.js';

export interface StartPostgresOptions {
  /** Holds the cluster, the password and the lock. Made if missing. */
  dataDir: string;
  /** A free one when left out. */
  port?: number;
  log?: (line: string) => void;
  /** Start the server again on the same port whenever it dies. */
  supervise?: boolean;
  /** Trade every guarantee about the disk for speed: for data that is thrown away after the run. */
  disposable?: boolean;
}

export interface EmbeddedPostgres {
  /** `postgres://user:password@127.0.0.1:port/database` */
  url: string;
  /** The server's process, undefined while there is none. */
  pid(): number | undefined;
  /** One line: which server this is. */
  source: string;
  /** Stops the server and gives the data directory free. */
  stop(): Promise<void>;
}

interface Site {
  dataDir: string;
  cluster: string;
  logFile: string;
  owner: Owner | undefined;
  binaries: PostgresBinaries;
  password: string;
}

const database = 'postgres';

/** True when the server on this cluster is our child and takes connections: it says so in its pid file. */
const isServing = async (cluster: string, pid: number): Promise<boolean> => {
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
};

const launch = async (site: Site, port: number, options: StartPostgresOptions): Promise<RunningServer> => {
  const { owner, cluster } = site;
  const disposable = options.disposable ?? false;
  return startServer({
    name: 'Postgres',
    launch: {
      command: join(site.binaries.bin, 'postgres'),
      args: postgresArguments({ cluster, port, disposable }),
      env: postgresEnv(),
      logFile: site.logFile,
      stopSignal: disposable ? 'SIGQUIT' : 'SIGINT',
      stopGraceMs: 10_000,
      ...(owner === undefined ? {} : { uid: owner.uid, gid: owner.gid }),
    },
    isReady: (pid) => isServing(cluster, pid),
    readyMs: 120_000,
    supervise: options.supervise ?? false,
    log: options.log ?? (() => undefined),
  });
};

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && /could not bind|address already in use/i.test(error.message);

const launchOnFreePort = async (site: Site, options: StartPostgresOptions) => {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return { port, server: await launch(site, port, options) };
    } catch (error) {
      // Somebody may take a free port between our look and the server's start.
      if (options.port !== undefined || attempt === 5 || !isPortTaken(error)) throw error;
    }
  }
};

/** A cluster that does not start is worth nothing: all it holds can be rebuilt. So begin anew, once. */
const launchOrRenew = async (site: Site, options: StartPostgresOptions) => {
  const log = options.log ?? (() => undefined);
  await ensureCluster(site, log);
  try {
    return await launchOnFreePort(site, options);
  } catch (error) {
    if (isPortTaken(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    log(
      `${reason}\nthe cluster is moved to ${await moveAside(site.cluster)}; the read models are rebuilt from the log`,
    );
    await ensureCluster(site, log);
    return launchOnFreePort(site, options);
  }
};

const survey = async (dataDir: string, log: (line: string) => void): Promise<Site> => {
  const owner = await unprivilegedOwner();
  const binaries = await postgresBinaries(owner);
  const cluster = await clusterFolder(dataDir, owner);
  await endStalePostgres(cluster, log);
  const secretFile = join(dataDir, 'postgres.secret');
  const isKnown = await stat(secretFile).then(
    () => true,
    () => false,
  );
  const isThere = await stat(cluster).then(
    () => true,
    () => false,
  );
  if (isThere && !isKnown) {
    log(
      `the password of the cluster is lost: moved to ${await moveAside(cluster)}; the read models are rebuilt`,
    );
  }
  const password = await keptSecret(secretFile);
  return { dataDir, cluster, logFile: join(dataDir, 'postgres.log'), owner, binaries, password };
};

/**
 * Starts a Postgres server for this process alone: on loopback, with a password of its own, its data in
 * `dataDir` (or, for root, where an unprivileged user can reach it). A cluster that cannot be used is
 * moved aside and made anew, so it may come up empty. Throws when another process uses the directory,
 * when there are no binaries for this platform, or with the end of the log when it does not start.
 */
export const startPostgres = async (options: StartPostgresOptions): Promise<EmbeddedPostgres> => {
  const log = options.log ?? (() => undefined);
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const release = await lockDirectory(dataDir, 'postgres');
  try {
    const site = await survey(dataDir, log);
    const { port, server } = await launchOrRenew(site, options);
    const asUser = site.owner === undefined ? '' : `, run as ${site.owner.name} because root may not`;
    const source = `Postgres ${site.binaries.version} of the npm package${asUser}`;
    log(`${source}, serves from ${site.cluster}`);
    const url = `postgres://${postgresUser}:${site.password}@127.0.0.1:${port}/${database}`;
    const stop = async () => {
      await server.stop();
      await release();
    };
    return { url, pid: () => server.pid(), source, stop };
  } catch (error) {
    await release();
    throw error;
  }
};
