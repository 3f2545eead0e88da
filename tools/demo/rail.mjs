import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { program } from './shell.mjs';

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

const isReady = (url) =>
  fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** A rail as `handoffrail serve` starts it, in a folder that is gone when it stops. */
export const startedRail = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoffrail-recording-'));
  const port = await freePort();
  const [url, key] = [`http://localhost:${port}`, `hr_${randomBytes(32).toString('base64url')}`];
  const child = spawn(process.execPath, [program, 'serve', '--port', `${port}`, '--data-dir', folder], {
    env: { ...process.env, HR_BOOTSTRAP_API_KEY: key },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const end = Date.now() + 60_000;
  while (!(await isReady(url))) {
    if (child.exitCode === null && Date.now() < end) await delay(100);
    else {
      await stop();
      throw new Error('The rail did not start.');
    }
  }
  return { url, key, stop };
};
