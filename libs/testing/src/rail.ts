import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { freePort } from './free-port.js';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** The options that `npm start` gives to Node, so that what is measured is what people run. */
const nodeOptions = (): string[] => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.match(/--max-\S+/g) ?? [];
};

/** An admin key of the right form, new each time. */
export const newApiKey = (): string => `hr_${randomBytes(32).toString('base64url')}`;

export interface ServiceProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** Everything it wrote, both streams. */
  output(): string;
  /** Sends the signal and waits for the exit. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a built application: `entry` is a path below `dist/apps`. */
export const startProcess = (entry: string, env: Record<string, string>): ServiceProcess => {
  const child = spawn(process.execPath, [...nodeOptions(), join(repository, 'dist/apps', entry)], {
    cwd: repository,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (chunk: Buffer) => (text = (text + chunk.toString()).slice(-4_000_000));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  void gone.then(() => process.off('exit', abandon));
  return {
    name: entry,
    child,
    output: () => text,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await gone;
      clearTimeout(late);
    },
  };
};

/** Polls until the URL answers 200; fails with what the process said when it does not in time. */
export const untilReady = async (url: string, process: ServiceProcess, timeoutMs = 60_000): Promise<void> => {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    if (process.child.exitCode !== null) break;
    const status = await request(url)
      .then(async (answer) => (await answer.body.dump(), answer.statusCode))
      .catch(() => 0);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${process.name} did not become ready at ${url}:\n${process.output().slice(-4_000)}`);
};

export interface Rail {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** A platform admin key. */
  readonly key: string;
  readonly dataDir: string;
  readonly process: ServiceProcess;
  stop(): Promise<void>;
}

/**
 * A whole rail as users start it, on a free port and a data directory of its own: the standalone process,
 * or one process per service.
 */
export const startRail = async (
  options: { services?: boolean; env?: Record<string, string>; dataDir?: string; key?: string } = {},
): Promise<Rail> => {
  const port = await freePort();
  const key = options.key ?? newApiKey();
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'handoffrail-'));
  const url = `http://127.0.0.1:${port}`;
  const rail = startProcess(options.services ? 'standalone/services.js' : 'standalone/main.js', {
    PORT: String(port),
    HR_DATA_DIR: dataDir,
    HR_BOOTSTRAP_API_KEY: key,
    HR_LOG_LEVEL: 'warn',
    ...options.env,
  });
  await untilReady(`${url}/ready`, rail);
  return {
    url,
    key,
    dataDir,
    process: rail,
    stop: async () => {
      await rail.stop('SIGINT');
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
