import { setTimeout as pause } from 'node:timers/promises';
import {
  createClient,
  realisticPacket,
  startFleet,
  startRail,
  startServers,
  type TestServers,
} from '#libs/testing';
import { agent, drain, type Desk, type Drained, httpDesk, natsDesk } from '../drain.js';
import { Latencies, median } from '../measure.js';
import { atLeast, atMost, exactly, plain, record } from '../report.js';
import { untilProjected } from '../projected.js';
import { seedLog } from '../seed.js';

const workers = 64;

/** How far out of its line a packet was given at most, in places of its level: what workers do at once is not ordered. */
const outOfLine = (given: readonly string[], seeded: readonly string[]): number => {
  const serialOf = new Map(seeded.map((id, serial) => [id, serial]));
  const ahead = new Map<number, number>();
  let most = 0;
  for (const id of given) {
    const serial = serialOf.get(id) ?? 0;
    const level = serial % 4;
    const furthest = Math.max(ahead.get(level) ?? 0, serial);
    ahead.set(level, furthest);
    most = Math.max(most, (furthest - serial) / 4);
  }
  return most;
};

interface Backlog {
  servers: TestServers;
  databaseUrl: string;
  ids: string[];
}

const seeded = async (packets: number): Promise<Backlog> => {
  const servers = await startServers({ postgres: true, durability: 'strict' });
  const ids = await seedLog(servers.natsUrl, packets, { durability: 'strict', claimEvery: 0 });
  return { servers, databaseUrl: servers.databaseUrl, ids };
};

type Run = Drained & { seeded: string[] };

const overHttp = async (packets: number, most = packets): Promise<Run> => {
  const { servers, databaseUrl, ids } = await seeded(packets);
  const rail = await startRail({ env: { NATS_URL: servers.natsUrl, DATABASE_URL: databaseUrl } });
  const desk = httpDesk(rail, workers);
  try {
    await untilProjected(rail.url);
    return { ...(await drain(desk, { workers, most })), seeded: ids };
  } finally {
    await desk.close();
    await rail.stop();
    await servers.stop();
  }
};

const overNats = async (packets: number, most = packets): Promise<Run> => {
  const { servers, databaseUrl, ids } = await seeded(packets);
  const fleet = await startFleet({ natsUrl: servers.natsUrl, databaseUrl });
  const desk = await natsDesk(servers.natsUrl);
  try {
    await untilProjected(fleet.url);
    return { ...(await drain(desk, { workers, most })), seeded: ids };
  } finally {
    await desk.close();
    await fleet.stop();
    await servers.stop();
  }
};

const figuresOf = (way: string, run: Run, target: number) => [
  atLeast(plain(`${way}: packets claimed and completed`, run.perSecond, '/s'), target),
  plain(`${way}: one claim-next, p50`, run.next.quantile(0.5), 'ms'),
  plain(`${way}: one claim-next, p99`, run.next.quantile(0.99), 'ms'),
  exactly(plain(`${way}: packets given`, run.ids.length, ''), run.seeded.length),
  exactly(plain(`${way}: packets given twice`, run.ids.length - new Set(run.ids).size, ''), 0),
  plain(`${way}: out of its line at most, in places`, outOfLine(run.ids, run.seeded), ''),
];

/** W3: 64 workers drain a backlog. */
export const w3 = async ({ backlog }: { backlog: number }) => {
  const http = await overHttp(backlog);
  const nats = await overNats(backlog);
  record(
    {
      workload: backlog === 100_000 ? 'W3' : `W3-${backlog}`,
      title: `claim-next → complete, ${workers} workers, a backlog of ${backlog.toLocaleString('en')}`,
      setting: 'strict durability, 1 run; HTTP to the standalone rail, NATS requests to separate services',
    },
    [...figuresOf('HTTP', http, 1_200), ...figuresOf('NATS', nats, 2_500)],
  );
};

/** W3r: whether a large backlog makes it slower: the first packets of each, in turn. */
export const w3Ratio = async ({ backlog, runs }: { backlog: number; runs: number }) => {
  const few = 1_000;
  const small: number[] = [];
  const large: number[] = [];
  const { servers, databaseUrl, ids } = await seeded(backlog);
  const rail = await startRail({ env: { NATS_URL: servers.natsUrl, DATABASE_URL: databaseUrl } });
  const desk = httpDesk(rail, workers);
  try {
    await untilProjected(rail.url);
    await drain(desk, { workers, most: few });
    for (let run = 0; run < runs; run += 1) {
      large.push((await drain(desk, { workers, most: 5 * few })).perSecond);
      small.push((await overHttp(few)).perSecond);
    }
  } finally {
    await desk.close();
    await rail.stop();
    await servers.stop();
  }
  record(
    {
      workload: 'W3r',
      title: `claim-next → complete with a backlog of ${ids.length.toLocaleString('en')} and of ${few.toLocaleString('en')}`,
      setting: `strict durability, ${workers} workers over HTTP, standalone, median of ${runs} runs of each, in turn`,
    },
    [
      plain('with the large backlog', median(large), '/s'),
      plain('with the small backlog', median(small), '/s'),
      atLeast(plain('ratio', median(large) / median(small), ''), 0.8),
    ],
  );
};

/** One worker that waits, takes, hands in; tells of each packet when it has it. */
const keepTaking = async (desk: Desk, signal: AbortSignal, taken: (id: string) => void): Promise<void> => {
  while (!signal.aborted) {
    const work = await desk.next(2);
    if (work === undefined) continue;
    taken(work.id);
    await desk.complete(work);
  }
};

/** W3b: from a create to the worker that waits. */
export const w3b = async ({ seconds }: { seconds: number }) => {
  const rail = await startRail({ env: { HR_DURABILITY: 'strict' } });
  const desk = httpDesk(rail, 1);
  const client = createClient(rail.url, rail.key, 4);
  const answered = new Map<string, { sent: number; at: number }>();
  const had = new Map<string, number>();
  const stopping = new AbortController();
  const worker = keepTaking(desk, stopping.signal, (id) => had.set(id, performance.now()));
  try {
    await pause(500);
    for (let serial = 0; serial < 20 * seconds; serial += 1) {
      const sent = performance.now();
      const { body } = await client.post('packets', realisticPacket(serial, agent));
      if (serial >= 40) answered.set(body.id, { sent, at: performance.now() });
      await pause(Math.max(0, 50 - (performance.now() - sent)));
    }
    await pause(500);
  } finally {
    stopping.abort();
    await worker;
    await Promise.all([desk.close(), client.close()]);
    await rail.stop();
  }
  const [whole, beyond] = [new Latencies(), new Latencies()];
  for (const [id, { sent, at }] of answered) {
    const time = had.get(id) ?? Number.POSITIVE_INFINITY;
    whole.add(time - sent);
    beyond.add(time - at);
  }
  record(
    {
      workload: 'W3b',
      title: 'pickup: a packet is created while a worker waits',
      setting: `strict durability, standalone, 20 packets/s for ${seconds} s, one worker over HTTP`,
    },
    [
      plain('from the create being sent, p50', whole.quantile(0.5), 'ms'),
      plain('from the create being sent, p99', whole.quantile(0.99), 'ms'),
      atMost(plain('from the create being answered, p50', beyond.quantile(0.5), 'ms'), 5),
      atMost(plain('from the create being answered, p99', beyond.quantile(0.99), 'ms'), 25),
    ],
  );
};
