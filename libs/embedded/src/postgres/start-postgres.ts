import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { lockDirectory } from '../process/directory-lock.js';
import { freePort } from '../process/local-files.js';
import { type RunningServer, startServer } from '../process/server.js';
import { nativeSite } from './native-site.js';
import { pgliteSite } from './pglite-site.js';
import {
  moveAside,
  postgresDatabase,
  type PostgresSite,
  PostgresUnavailable,
  postgresUser,
  type SiteOptions,
} from './site.js';

export type PostgresEngine = 'auto' | 'native' | 'pglite';

export interface StartPostgresOptions {
  /** Holds the cluster, the password and the lock. Made if missing. */
  dataDir: string;
  /** A free one when left out. */
  port?: number;
  log?: (line: string) => void;
  /** Start the server again on the same port whenever it dies. */
  supervise?: boolean;
  /** `auto`: the native server, or PGlite where that one cannot run. */
  engine?: PostgresEngine;
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

interface Started {
  site: PostgresSite;
  port: number;
  server: RunningServer;
}

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && /could not bind|address already in use/i.test(error.message);

const launch = (site: PostgresSite, port: number, options: StartPostgresOptions): Promise<RunningServer> =>
  startServer({
    name: 'Postgres',
    launch: site.launch(port),
    isReady: (pid) => site.isReady(pid),
    readyMs: 120_000,
    supervise: options.supervise ?? false,
    log: options.log ?? (() => undefined),
  });

const launchOnFreePort = async (site: PostgresSite, options: StartPostgresOptions): Promise<Started> => {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return { site, port, server: await launch(site, port, options) };
    } catch (error) {
      // Somebody may take a free port between our look and the server's start.
      if (options.port !== undefined || attempt === 5 || !isPortTaken(error)) throw error;
    }
  }
};

/** Data that no server starts from is worth nothing: all of it can be rebuilt. So begin anew, once. */
const launchOrRenew = async (site: PostgresSite, options: StartPostgresOptions): Promise<Started> => {
  await site.ensure();
  try {
    return await launchOnFreePort(site, options);
  } catch (error) {
    if (isPortTaken(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const place = await moveAside(site.cluster);
    options.log?.(`${reason}\nits data is moved to ${place}; the read models are rebuilt from the log`);
    await site.ensure();
    return launchOnFreePort(site, options);
  }
};

const startEither = async (place: SiteOptions, options: StartPostgresOptions): Promise<Started> => {
  const { engine = 'auto' } = options;
  if (engine === 'pglite') return launchOrRenew(await pgliteSite(place), options);
  try {
    return await launchOrRenew(await nativeSite(place), options);
  } catch (error) {
    if (engine === 'native' || !(error instanceof PostgresUnavailable)) throw error;
    place.log(`native Postgres does not run on this machine (${error.message}); PGlite takes its place`);
    return launchOrRenew(await pgliteSite(place), options);
  }
};

/**
 * Starts a Postgres server for this process alone: on loopback, with a password of its own, its data in
 * `dataDir` (or, for root, where an unprivileged user can reach it). Where the native server cannot run
 * it is PGlite, unless `engine` says otherwise. Data that no server starts
 * from is moved aside, so it may come up empty. Throws when another process uses the directory, or with
 * the end of the log when the server does not start.
 */
export const startPostgres = async (options: StartPostgresOptions): Promise<EmbeddedPostgres> => {
  const log = options.log ?? (() => undefined);
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const release = await lockDirectory(dataDir, 'postgres');
  try {
    const place = { dataDir, disposable: options.disposable ?? false, log };
    const { site, port, server } = await startEither(place, options);
    log(`${site.source}, serves from ${site.cluster}`);
    const url = `postgres://${postgresUser}:${site.password}@127.0.0.1:${port}/${postgresDatabase}`;
    const stop = async () => {
      await server.stop();
      await release();
    };
    return { url, pid: () => server.pid(), source: site.source, stop };
  } catch (error) {
    await release();
    throw error;
  }
};
