import { epochOf } from '#libs/packet';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { DueTimer, TimerId } from './timer.js';

const timers = new Counter({
  name: 'handoffrail_timers_total',
  help: 'Timers that were set, cancelled, and fired with their work done.',
  labelNames: ['kind', 'what'],
});

const lateness = new Histogram({
  name: 'handoffrail_timer_lateness_seconds',
  help: 'From the time that a timer was set for to its first delivery.',
  labelNames: ['kind'],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600],
});

export const countTimers = (what: 'set' | 'cancelled' | 'fired', ids: readonly TimerId[]): void => {
  for (const { kind } of ids) timers.inc({ kind, what });
};

export const observeLateness = ({ kind, due }: DueTimer): void =>
  lateness.observe({ kind }, Math.max(0, Date.now() - epochOf(due)) / 1_000);

let stored: (() => Promise<number>) | undefined;

/** Says whom to ask, at each scrape, how many timers are stored. */
export const observeStored = (ask: () => Promise<number>): void => {
  stored = ask;
};

new Gauge({
  name: 'handoffrail_timers_pending',
  help: 'Timers that wait for their time, or to be handled. The same in every process that handles some.',
  async collect() {
    try {
      if (stored) this.set(await stored());
    } catch {
      // NATS does not answer: the scrape shows the last value.
    }
  },
});
