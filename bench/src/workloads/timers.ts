import { setTimeout as pause } from 'node:timers/promises';
import { connectNats, type LogHook, provision, uuidv7 } from '#libs/event-log';
import { instantAt } from '#libs/packet';
import { startServers, type TestServers } from '#libs/testing';
import { consumeTimers, type Timer, Timers } from '#libs/timers';
import { Latencies, residentMiB } from '../measure.js';
import { atMost, type Figure, plain, record } from '../report.js';

const quiet = (): void => undefined;
const logger: LogHook = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const hourMs = 3_600_000;
const sample = 10_000;
const callers = 64;
const bulk = 500;

/** As the lease of a claim is: tenant, packet, claim. */
const newTimer = (kind: string, at: number): Timer => ({
  kind,
  key: ['default', uuidv7(), uuidv7()],
  at: instantAt(at),
});

const inParallel = async (count: number, workers: number, step: (index: number) => Promise<void>) => {
  let next = 0;
  const loop = async () => {
    for (let index = next++; index < count; index = next++) await step(index);
  };
  await Promise.all(Array.from({ length: workers }, loop));
};

/** Gives the seconds that it took. */
const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};

/** Due more than an hour from now, so that none of them fires while we measure. */
const fill = (timers: Timers, count: number): Promise<void> =>
  inParallel(Math.ceil(count / bulk), 4, async (index) => {
    const size = Math.min(bulk, count - index * bulk);
    const at = () => Date.now() + hourMs + Math.random() * hourMs;
    await timers.set(...Array.from({ length: size }, () => newTimer('lease', at())));
  });

/** Sets timers one by one, as claims do, and takes them back. */
const setAndCancel = async (timers: Timers): Promise<Figure[]> => {
  const made = Array.from({ length: sample }, () => newTimer('lease', Date.now() + hourMs));
  const setting = await secondsOf(() =>
    inParallel(sample, callers, (index) => timers.set(...made.slice(index, index + 1))),
  );
  const cancelling = await secondsOf(async () => {
    timers.cancel(...made);
    const last = made.at(-1);
    while (last && (await timers.pendingAt(last)) !== null) await pause(5);
  });
  return [
    plain(`set, ${callers} callers, one timer each`, sample / setting, '/s'),
    plain('cancelled, gathered', sample / cancelling, '/s'),
  ];
};

/** Lets 10,000 fire within one second and looks how late each is handed to its handler. */
const fireTogether = async (timers: Timers): Promise<Figure[]> => {
  const lateness = new Latencies();
  let early = 0;
  const consumption = consumeTimers(timers, {
    kind: 'expiry',
    handler: async ({ due }) => {
      const late = Date.now() - Date.parse(due);
      lateness.add(late);
      if (late < 0) early += 1;
    },
  });
  const start = Date.now() + 20_000;
  const made = Array.from({ length: sample }, (_, index) =>
    newTimer('expiry', start + (index * 1_000) / sample),
  );
  for (let from = 0; from < sample; from += bulk) await timers.set(...made.slice(from, from + bulk));
  if (Date.now() > start) throw new Error('setting them took too long');
  const end = start + 120_000;
  while (lateness.count < sample && Date.now() < end) await pause(5);
  const allAfter = (Date.now() - start) / 1_000;
  await consumption.stop();
  return [
    plain('10,000 due within one second: lateness p50', lateness.quantile(0.5), 'ms'),
    plain('the same, p99', lateness.quantile(0.99), 'ms'),
    plain('from the first due to the last handled', allAfter, 's'),
    atMost(plain('fired early', early, ''), 0),
    atMost(plain('lost', sample - lateness.count, ''), 0),
  ];
};

/** So many a second, spread evenly: the server looks at what is due at most each 250 ms. */
const fireSteadily = async (timers: Timers, perSecond: number): Promise<Figure[]> => {
  const kind = `steady-${perSecond}`;
  const lateness = new Latencies();
  const consumption = consumeTimers(timers, {
    kind,
    handler: async ({ due }) => lateness.add(Date.now() - Date.parse(due)),
  });
  const count = 10 * perSecond;
  const start = Date.now() + 5_000;
  const made = Array.from({ length: count }, (_, index) =>
    newTimer(kind, start + (index * 1_000) / perSecond),
  );
  for (let from = 0; from < count; from += bulk) await timers.set(...made.slice(from, from + bulk));
  const end = start + 60_000;
  while (lateness.count < count && Date.now() < end) await pause(20);
  await consumption.stop();
  return [
    plain(`${perSecond} a second: lateness p50`, lateness.quantile(0.5), 'ms'),
    plain('the same, p99', lateness.quantile(0.99), 'ms'),
    atMost(plain('the same, lost', count - lateness.count, ''), 0),
  ];
};

/** How long after a SIGKILL of the server the timers are back: one that was due meanwhile has been handed over. */
const recover = async (servers: TestServers, timers: Timers): Promise<Figure[]> => {
  let firedAt = 0;
  const consumption = consumeTimers(timers, {
    kind: 'overdue',
    handler: async () => void (firedAt = performance.now()),
  });
  await timers.set(newTimer('overdue', Date.now() + 500));
  process.kill(servers.nats.pid() ?? 0, 'SIGKILL');
  const killedAt = performance.now();
  while (firedAt === 0) await pause(5);
  await consumption.stop();
  return [plain('from SIGKILL to an overdue timer handled', (firedAt - killedAt) / 1_000, 's')];
};

/** TIMERS: what pending timers cost the server, and how late they are. */
export const timersWorkload = async ({ pending }: { pending: number }) => {
  const servers = await startServers({ durability: 'strict', supervise: true });
  const nats = await connectNats(servers.natsUrl, 'bench');
  await provision(nats, { durability: 'strict', replicas: 1 });
  const timers = new Timers(nats, { logger, timeoutMs: 60_000 });
  try {
    const atRest = residentMiB(servers.nats.pid() ?? 0);
    const filling = await secondsOf(() => fill(timers, pending));
    const full = residentMiB(servers.nats.pid() ?? 0);
    const figures = [
      plain('memory of the server at rest', atRest, 'MiB'),
      plain('with them pending', full, 'MiB'),
      plain('for each', ((full - atRest) * 1024 * 1024) / pending, 'bytes'),
      plain(`set in batches of ${bulk}`, pending / filling, '/s'),
      ...(await setAndCancel(timers)),
      ...(await fireSteadily(timers, 20)),
      ...(await fireSteadily(timers, 200)),
      ...(await fireTogether(timers)),
      ...(await recover(servers, timers)),
    ];
    record(
      {
        workload: 'TIMERS',
        title: 'timers as message schedules',
        setting: `strict durability, ${pending.toLocaleString('en')} timers pending`,
      },
      [
        ...figures,
        plain('memory of the server after all of it', residentMiB(servers.nats.pid() ?? 0), 'MiB'),
      ],
    );
  } finally {
    await timers.close();
    await nats.close();
    await servers.stop();
  }
};
