import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endOf, startStandalone } from '../standalone-process.js';
import type { Shell } from '../shell.js';

/** A rail for a while: its data is gone when it stops. */
export interface OwnRail {
  baseUrl: string;
  apiKey: string;
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

const isReady = (baseUrl: string): Promise<boolean> =>
  fetch(`${baseUrl}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Starts a rail in a directory of its own. @throws with what it said when it does not start */
export const startOwnRail = async (env: Shell['env'], signal: AbortSignal): Promise<OwnRail> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'handoffrail-demo-'));
  const port = await freePort();
  const baseUrl = `http://localhost:${port}`;
  const apiKey = `hr_${randomBytes(32).toString('base64url')}`;
  const settings = { ...env, PORT: String(port), HR_DATA_DIR: dataDir, HR_BOOTSTRAP_API_KEY: apiKey };
  const child = startStandalone(settings, ['ignore', 'pipe', 'pipe', 'ipc']);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(-4_000)));
  const ended = endOf(child);
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  while (!(await isReady(baseUrl))) {
    if (child.exitCode === null && !signal.aborted) await delay(100);
    else {
      await stop();
      signal.throwIfAborted();
      throw new Error(`The rail did not start:\n${said}`);
    }
  }
  return { baseUrl, apiKey, stop };
};
