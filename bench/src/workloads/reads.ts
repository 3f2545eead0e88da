import { Pool, request } from 'undici';
import { type Rail, startRail, startServers } from '#libs/testing';
import { drive, Latencies, median, timed } from '../measure.js';
import { atLeast, atMost, plain, record } from '../report.js';
import { seedLog } from '../seed.js';
import type { Effort } from './lifecycles.js';

const connections = 64;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the read models hold the whole log. */
const untilProjected = async (url: string) => {
  const lag = async () => {
    const answer = await request(`${url}/metrics`);
    const line = /^handoffrail_projection_lag_events(?:\{[^}]*\})? (\d+)/m.exec(await answer.body.text());
    return line?.[1] === undefined ? Number.POSITIVE_INFINITY : Number(line[1]);
  };
  while ((await lag()) > 0) await pause(1_000);
};

const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;

const filters = (serial: number) =>
  pick([
    `status=created&priority=high`,
    `target_agent=billing-01&tags=customer-${serial % 1000}`,
    `source_agent=sales-01&status=created`,
    `priority=critical&tags=upgrade`,
  ]);

const words = ['enterprise', 'invoice', 'security', '"single sign-on"', 'quote -refund', 'customer'];

const rate = async (effort: Effort, step: (serial: number) => Promise<unknown>) => {
  const latencies = new Latencies();
  const rates: number[] = [];
  let serial = 0;
  for (let run = 0; run < effort.runs; run += 1) {
    rates.push(
      await drive({ workers: connections, seconds: effort.seconds }, async () => {
        await timed(latencies, () => step(serial++));
      }),
    );
  }
  return { perSecond: median(rates), latencies };
};

/** The answers are taken off the wire and not looked into: the generator shares the cores. */
const reader = ({ url, key }: Rail) => {
  const pool = new Pool(url, { connections });
  const read = async (path: string) => {
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: `/api/v1/${path}`,
      headers: { 'x-api-key': key },
    });
    await body.dump({ limit: Infinity });
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
  };
  return { read, close: () => pool.close() };
};

type Read = ReturnType<typeof reader>['read'];

const searches = async (read: Read) => {
  const latencies = new Latencies();
  for (let round = 0; round < 300; round += 1) {
    const q = encodeURIComponent(pick(words));
    await timed(latencies, () => read(`packets/search?q=${q}`));
  }
  return latencies;
};

/** W7: reads out of a large store: get by id, list with two filters, search. */
export const w7 = async (options: Effort & { packets: number }) => {
  const servers = await startServers({ postgres: true, durability: 'relaxed' });
  const databaseUrl = await servers.newDatabase();
  const ids = await seedLog(servers.natsUrl, options.packets);
  const rail = await startRail({
    env: { NATS_URL: servers.natsUrl, DATABASE_URL: databaseUrl, HR_DURABILITY: 'relaxed' },
  });
  const { read, close } = reader(rail);
  try {
    await untilProjected(rail.url);
    const get = await rate(options, () => read(`packets/${pick(ids)}`));
    const list = await rate(options, (serial) => read(`packets?limit=50&${filters(serial)}`));
    const search = await searches(read);
    record(
      {
        workload: options.packets === 1_000_000 ? 'W7' : `W7-${options.packets}`,
        title: `reads with ${options.packets.toLocaleString('en')} packets`,
        setting: `${connections} connections, median of ${options.runs} runs of ${options.seconds} s; searches one at a time`,
      },
      [
        atLeast(plain('get by id', get.perSecond, '/s'), 5_000),
        plain('get by id, p99', get.latencies.quantile(0.99), 'ms'),
        atLeast(plain('list 50, two filters', list.perSecond, '/s'), 600),
        plain('list 50, p99', list.latencies.quantile(0.99), 'ms'),
        plain('search, p50', search.quantile(0.5), 'ms'),
        atMost(plain('search, p95', search.quantile(0.95), 'ms'), 50),
      ],
    );
  } finally {
    await close();
    await rail.stop();
    await servers.stop();
  }
};
