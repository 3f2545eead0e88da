import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptSecret } from '../process/local-files.js';
import { commandLine, endProcess } from '../process/processes.js';
import type { PostgresSite, SiteOptions } from './site.js';

/** The child's program. Tests run from the sources, which Node cannot run: they take the built one. */
const program = (): string => {
  const beside = fileURLToPath(new URL('./pglite-server.js', import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL('../../../../dist/libs/embedded/postgres/pglite-server.js', import.meta.url));
};

const writtenPid = async (file: string): Promise<number> =>
  Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);

const endStale = async (pidFile: string, { dataDir, log }: SiteOptions): Promise<void> => {
  const pid = await writtenPid(pidFile);
  if (!(pid > 0)) return;
  const words = await commandLine(pid);
  if (!words.includes('pglite-server') || !words.includes(dataDir)) return;
  log(`ending the PGlite server ${pid} that an earlier run left behind`);
  await endProcess({ pid, signal: 'SIGTERM', graceMs: 10_000 });
};

/**
 * PGlite, Postgres compiled to WebAssembly, in a process of its own: for machines where the native one
 * does not run. The same wire, under half the speed, one open transaction at a time.
 */
export const pgliteSite = async (options: SiteOptions): Promise<PostgresSite> => {
  const { dataDir } = options;
  const cluster = join(dataDir, 'pglite');
  const pidFile = join(dataDir, 'pglite.pid');
  const secretFile = join(dataDir, 'postgres.secret');
  await endStale(pidFile, options);
  const password = await keptSecret(secretFile);
  return {
    source: 'PGlite (Postgres in WebAssembly: slower, one transaction at a time)',
    cluster,
    password,
    ensure: async () => {
      await mkdir(cluster, { recursive: true, mode: 0o700 });
    },
    launch: (port) => ({
      command: process.execPath,
      args: [program(), cluster, String(port), pidFile, secretFile],
      env: { PATH: process.env['PATH'], TZ: 'UTC' },
      logFile: join(dataDir, 'postgres.log'),
      stopSignal: 'SIGTERM',
      stopGraceMs: 10_000,
    }),
    isReady: async (pid) => (await writtenPid(pidFile)) === pid,
  };
};
