import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parsePosition, positionSubject } from '#libs/contracts';
import { connectNats } from '#libs/event-log';
import { createClient, realisticPacket, startRail, startServers } from '#libs/testing';
import { runLifecycles } from '../lifecycle.js';
import { Latencies } from '../measure.js';
import { atLeast, atMost, plain, record } from '../report.js';
import type { Effort } from './lifecycles.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Tells when the projector has committed a position: the waits are settled in order. */
const followPositions = async (natsUrl: string) => {
  const nc = await connectNats(natsUrl, 'bench');
  const waits: { sequence: number; since: number }[] = [];
  const lags = new Latencies();
  nc.subscribe(positionSubject, {
    callback: (_error, message) => {
      const reached = parsePosition(message.json<{ position: string }>().position) ?? 0;
      const now = performance.now();
      while (waits[0] && waits[0].sequence <= reached) lags.add(now - (waits.shift()?.since ?? now));
    },
  });
  return {
    lags,
    expect: (token: string) => waits.push({ sequence: parsePosition(token) ?? 0, since: performance.now() }),
    close: () => nc.close(),
  };
};

const rebuild = async (env: Record<string, string>) => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['dist/apps/projector/cli.js', 'rebuild', '--json'],
    { env: { ...process.env, ...env }, maxBuffer: 2 ** 26 },
  );
  const last = stdout.trim().split('\n').at(-1) ?? '{}';
  return JSON.parse(last) as { events: number; seconds: number };
};

/** W4: how far the read models are behind under W1, and how fast they are rebuilt from the log. */
export const w4 = async ({ seconds }: Effort) => {
  const servers = await startServers({ postgres: true, durability: 'strict' });
  const env = { NATS_URL: servers.natsUrl, DATABASE_URL: await servers.newDatabase() };
  const rail = await startRail({ env });
  const positions = await followPositions(servers.natsUrl);
  const client = createClient(rail.url, rail.key, 1);
  try {
    const load = runLifecycles(rail, { connections: 63, seconds });
    const end = performance.now() + seconds * 1000;
    // One probe a few milliseconds apart beside the load: its write's position until the projector tells it.
    for (let serial = 0; performance.now() < end; serial += 1) {
      const answer = await client.post('packets', realisticPacket(serial));
      positions.expect(String(answer.headers['handoffrail-position']));
      await pause(5);
    }
    const run = await load;
    await pause(1_000);
    await rail.stop();
    const rebuilt = await rebuild(env);
    record(
      {
        workload: 'W4',
        title: 'projection: lag under W1, rebuild from the log',
        setting: `strict durability, ${seconds} s of W1, 1 run`,
      },
      [
        plain('lifecycles meanwhile', run.perSecond, '/s'),
        plain('lag from answer to commit, p50', positions.lags.quantile(0.5), 'ms'),
        atMost(plain('lag from answer to commit, p99', positions.lags.quantile(0.99), 'ms'), 150),
        atLeast(plain('rebuild', rebuilt.events / rebuilt.seconds, 'events/s'), 6_000),
        plain('events rebuilt', rebuilt.events, ''),
      ],
    );
  } finally {
    await positions.close();
    await client.close();
    await servers.stop();
  }
};
