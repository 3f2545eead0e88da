import { type Rail, startRail } from '#libs/testing';
import { runLifecycles } from '../lifecycle.js';
import { median } from '../measure.js';
import { atLeast, atMost, plain, record } from '../report.js';

const connections = 64;

/** Warm-up, then `runs` measured runs on one rail. */
const measure = async (rail: Rail, runs: number, seconds: number) => {
  await runLifecycles(rail, { connections, seconds: Math.min(5, seconds) });
  const done = [];
  for (let run = 0; run < runs; run += 1) done.push(await runLifecycles(rail, { connections, seconds }));
  return {
    perSecond: median(done.map((run) => run.perSecond)),
    p50: median(done.map((run) => run.requests.quantile(0.5))),
    p99: median(done.map((run) => run.requests.quantile(0.99))),
    errors: done.reduce((sum, run) => sum + run.errors, 0),
  };
};

const lifecycleWorkload = async (options: {
  name: string;
  title: string;
  services: boolean;
  target: number;
  durability: 'strict' | 'relaxed';
  runs: number;
  seconds: number;
}) => {
  const rail = await startRail({ services: options.services, env: { HR_DURABILITY: options.durability } });
  try {
    const figures = await measure(rail, options.runs, options.seconds);
    const p99 = plain('one request, p99', figures.p99, 'ms');
    record(
      {
        workload: options.name,
        title: options.title,
        setting: `${options.durability} durability, ${connections} connections, median of ${options.runs} runs of ${options.seconds} s`,
      },
      [
        atLeast(plain('lifecycles', figures.perSecond, '/s'), options.target),
        plain('one request, p50', figures.p50, 'ms'),
        options.services ? p99 : atMost(p99, 60),
        atMost(plain('failed requests', figures.errors, ''), 0),
      ],
    );
  } finally {
    await rail.stop();
  }
};

export interface Effort {
  runs: number;
  seconds: number;
}

/** W1: the standalone rail, every acknowledged event on stable storage. */
export const w1 = (effort: Effort) =>
  lifecycleWorkload({
    name: 'W1',
    title: 'create → claim → complete over HTTP, standalone',
    services: false,
    target: 1_000,
    durability: 'strict',
    ...effort,
  });

/** W1 with the relaxed setting: what strict durability costs. */
export const w1Relaxed = (effort: Effort) =>
  lifecycleWorkload({
    name: 'W1r',
    title: 'create → claim → complete over HTTP, standalone, relaxed',
    services: false,
    target: 1_000,
    durability: 'relaxed',
    ...effort,
  });

/** W1c: one process per service, every hop over NATS. */
export const w1c = (effort: Effort) =>
  lifecycleWorkload({
    name: 'W1c',
    title: 'create → claim → complete over HTTP, separate services',
    services: true,
    target: 500,
    durability: 'strict',
    ...effort,
  });
