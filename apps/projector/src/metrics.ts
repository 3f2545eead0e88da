import { epochOf } from '#libs/packet';
import type { Change } from '#libs/read-models';
import { Counter, Gauge, Histogram } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

const lagSeconds = new Histogram({
  name: 'handoffrail_projection_lag_seconds',
  help: 'From an event to the commit of the read models that hold it: the oldest event of each batch.',
  buckets: seconds,
});

const batchSize = new Histogram({
  name: 'handoffrail_projection_batch_size',
  help: 'Events per transaction.',
  buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
});

const batchSeconds = new Histogram({
  name: 'handoffrail_projection_batch_seconds',
  help: 'Time to fold and write one batch.',
  buckets: seconds,
});

const eventsTotal = new Counter({
  name: 'handoffrail_projection_events_total',
  help: 'Events projected.',
});

/** Starts the clock of a batch; call what it returns at the commit. */
export const timeBatch = (): (() => number) => batchSeconds.startTimer();

/** Counts a committed batch. */
export const observeBatch = (changes: readonly Change[]): void => {
  const [oldest] = changes;
  if (oldest === undefined) return;
  batchSize.observe(changes.length);
  eventsTotal.inc(changes.length);
  lagSeconds.observe(Math.max(0, Date.now() - epochOf(oldest.event.occurred_at)) / 1_000);
};

interface Standing {
  isActive: boolean;
  /** Events on the log that the read models do not hold. */
  lag: number;
}

let standingNow = (): Promise<Standing> => Promise.resolve({ isActive: false, lag: 0 });

/** Says whom to ask, at each scrape, where the projection stands. */
export const observeStanding = (ask: () => Promise<Standing>): void => {
  standingNow = ask;
};

const gauge = (name: string, help: string, valueOf: (standing: Standing) => number): Gauge =>
  new Gauge({
    name,
    help,
    async collect() {
      try {
        this.set(valueOf(await standingNow()));
      } catch {
        // The log does not answer: the scrape shows the last value, and readiness tells the reason.
      }
    },
  });

gauge(
  'handoffrail_projection_active',
  '1 while this process is the one that projects, 0 while it stands by.',
  ({ isActive }) => (isActive ? 1 : 0),
);
gauge(
  'handoffrail_projection_lag_events',
  'Events on the log that the read models do not hold.',
  ({ lag }) => lag,
);
