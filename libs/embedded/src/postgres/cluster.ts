import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isThere, remove, writePrivate } from '../process/local-files.js';
import { commandLine, endProcess } from '../process/processes.js';
import type { PostgresBinaries } from './binaries.js';
import { canEnter, type Owner } from './owner.js';
import { moveAside, PostgresUnavailable, postgresUser } from './site.js';
import { stagedPlace } from './staging.js';

const run = promisify(execFile);

/** Where the cluster lies: in the data directory, unless root's unprivileged Postgres cannot go there. */
export const clusterFolder = async (dataDir: string, owner: Owner | undefined): Promise<string> => {
  if (owner === undefined || (await canEnter(dataDir, owner))) return join(dataDir, 'cluster');
  return join(await stagedPlace(dataDir), 'cluster');
};

/** Environment of every Postgres program: one locale and zone, whatever the user's shell says. */
export const postgresEnv = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' });

/** Ends a server that an earlier, killed parent left behind on this cluster. */
export const endStalePostgres = async (cluster: string, log: (line: string) => void): Promise<void> => {
  const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(pidFile, 10);
  if (!(pid > 0)) return;
  const words = await commandLine(pid);
  if (!words.includes('postgres') || !words.includes(cluster)) return;
  log(`ending the Postgres server ${pid} that an earlier run left behind`);
  await endProcess({ pid, signal: 'SIGINT', graceMs: 10_000 });
};

interface NewCluster {
  cluster: string;
  binaries: PostgresBinaries;
  owner: Owner | undefined;
  password: string;
}

const giveTo = async (path: string, owner: Owner | undefined): Promise<void> => {
  if (owner !== undefined) await chown(path, owner.uid, owner.gid);
};

const runInitdb = (
  folder: string,
  passwordFile: string,
  { binaries, owner }: NewCluster,
): Promise<unknown> => {
  const words = [
    ['-D', folder, '--username', postgresUser, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ['--no-sync', '--no-instructions'],
  ].flat();
  return run(join(binaries.bin, 'initdb'), words, {
    env: postgresEnv(),
    cwd: '/',
    timeout: 120_000,
    windowsHide: true,
    ...(owner === undefined ? {} : { uid: owner.uid, gid: owner.gid }),
  });
};

/** Makes the cluster in a draft folder first: an interrupted attempt leaves none rather than half of one. */
const initialise = async (facts: NewCluster): Promise<void> => {
  const draft = `${facts.cluster}.new`;
  const passwordFile = `${facts.cluster}.password`;
  await remove(draft);
  // The owner may be unable to make a folder in the data directory, but it can fill one of its own.
  await mkdir(draft, { mode: 0o700 });
  await giveTo(draft, facts.owner);
  await writePrivate(passwordFile, facts.password);
  await giveTo(passwordFile, facts.owner);
  try {
    await runInitdb(draft, passwordFile, facts);
    await rename(draft, facts.cluster);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new PostgresUnavailable(`initdb failed: ${stderr?.trim() || message}`);
  } finally {
    await remove(passwordFile);
    await remove(draft);
  }
};

/** Makes the cluster if there is none, and anew if the one there is of another major version. */
export const ensureCluster = async (facts: NewCluster, log: (line: string) => void): Promise<void> => {
  const { cluster, binaries } = facts;
  const major = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (major === binaries.major) return;
  if (await isThere(cluster)) {
    const reason = major === '' ? 'is incomplete' : `is of Postgres ${major}`;
    log(
      `the read models' cluster ${reason}: moved to ${await moveAside(cluster)}; they are rebuilt from the log`,
    );
  }
  await initialise(facts);
};
