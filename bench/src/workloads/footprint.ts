import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { freePort, startRail } from '#libs/testing';
import { runLifecycles } from '../lifecycle.js';
import { median, residentMiB } from '../measure.js';
import { atMost, plain, record } from '../report.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** W8: memory of the standalone rail's Node process: idle, under W1, and whether it grows. */
export const w8 = async ({ minutes }: { minutes: number }) => {
  const rail = await startRail();
  const pid = rail.process.child.pid ?? 0;
  try {
    await pause(5_000);
    const idle = residentMiB(pid);
    const samples: number[] = [];
    let lifecycles = 0;
    for (let minute = 0; minute < minutes; minute += 1) {
      const run = await runLifecycles(rail, { connections: 64, seconds: 60 });
      lifecycles += run.requests.count / 3;
      samples.push(residentMiB(pid));
    }
    const third = Math.max(1, Math.floor(samples.length / 3));
    const growth = median(samples.slice(-third)) - median(samples.slice(third, 2 * third));
    record(
      {
        workload: 'W8',
        title: 'memory of the standalone rail (its Node process)',
        setting: `strict durability, W1 at full rate for ${minutes} min`,
      },
      [
        atMost(plain('idle', idle, 'MiB'), 180),
        atMost(plain('under W1, highest of a sample a minute', Math.max(...samples), 'MiB'), 400),
        atMost(plain('last third against the middle one', growth, 'MiB'), 20),
        plain('lifecycles done', lifecycles, ''),
      ],
    );
  } finally {
    await rail.stop();
  }
};

const startOnce = async (dataDir: string): Promise<number> => {
  const port = await freePort();
  const start = performance.now();
  const child = spawn('npm', ['start', '--silent'], {
    env: { ...process.env, PORT: String(port), HR_DATA_DIR: dataDir },
    stdio: 'ignore',
    detached: true,
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const isReady = () =>
    request(`http://127.0.0.1:${port}/ready`)
      .then(async (answer) => (await answer.body.dump(), answer.statusCode === 200))
      .catch(() => false);
  while (!(await isReady())) {
    if (performance.now() - start > 60_000) throw new Error('the rail did not get ready in a minute');
    await pause(10);
  }
  const seconds = (performance.now() - start) / 1000;
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await gone;
  return seconds;
};

/** W9: `npm start` after the build, to ready: with an empty data directory, and again. */
export const w9 = async ({ runs }: { runs: number }) => {
  const first: number[] = [];
  const later: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const dataDir = mkdtempSync(join(tmpdir(), 'handoffrail-start-'));
    first.push(await startOnce(dataDir));
    later.push(await startOnce(dataDir));
    rmSync(dataDir, { recursive: true, force: true });
  }
  record(
    { workload: 'W9', title: '`npm start` after the build, to ready', setting: `median of ${runs} runs` },
    [
      atMost(plain('first start (new data directory)', median(first), 's'), 6),
      atMost(plain('later start', median(later), 's'), 3),
    ],
  );
};
