import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere, keptSecret } from '../process/local-files.js';
import { postgresBinaries } from './binaries.js';
import { clusterFolder, endStalePostgres, ensureCluster, postgresEnv } from './cluster.js';
import { unprivilegedOwner } from './owner.js';
import { postgresArguments } from './postgres-settings.js';
import { moveAside, type PostgresSite, type SiteOptions } from './site.js';

/** True when the server on this cluster is our child and takes connections: it says so in its pid file. */
const isServing = async (cluster: string, pid: number): Promise<boolean> => {
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
};

/** The password of a cluster was set when it was made; without it, the cluster cannot be opened. */
const passwordOf = async (cluster: string, { dataDir, log }: SiteOptions): Promise<string> => {
  const file = join(dataDir, 'postgres.secret');
  if ((await isThere(cluster)) && !(await isThere(file))) {
    log(`the cluster's password is lost: moved to ${await moveAside(cluster)}; the read models are rebuilt`);
  }
  return keptSecret(file);
};

/** The native server from the npm package's binaries. Fails with PostgresUnavailable where it cannot run. */
export const nativeSite = async (options: SiteOptions): Promise<PostgresSite> => {
  const { dataDir, disposable, log } = options;
  const owner = await unprivilegedOwner();
  const binaries = await postgresBinaries(owner);
  const cluster = await clusterFolder(dataDir, owner);
  await endStalePostgres(cluster, log);
  const password = await passwordOf(cluster, options);
  const asUser = owner === undefined ? '' : `, run as ${owner.name} because root may not`;
  return {
    source: `Postgres ${binaries.version} of the npm package${asUser}`,
    cluster,
    password,
    ensure: () => ensureCluster({ cluster, binaries, owner, password }, log),
    launch: (port) => ({
      command: join(binaries.bin, 'postgres'),
      args: postgresArguments({ cluster, port, disposable }),
      env: postgresEnv(),
      logFile: join(dataDir, 'postgres.log'),
      stopSignal: disposable ? 'SIGQUIT' : 'SIGINT',
      stopGraceMs: 10_000,
      ...(owner === undefined ? {} : { uid: owner.uid, gid: owner.gid }),
    }),
    isReady: (pid) => isServing(cluster, pid),
  };
};
