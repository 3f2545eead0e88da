import { Counter, Gauge, Histogram } from 'prom-client';

/** How a call ended. */
export type CallOutcome = 'given' | 'empty' | 'gone' | 'unavailable';

const seconds = new Histogram({
  name: 'handoffrail_claim_next_seconds',
  help: 'Time from a claim-next to its answer, waiting for work included.',
  labelNames: ['outcome'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 10, 30],
});

const candidates = new Histogram({
  name: 'handoffrail_claim_next_candidates',
  help: 'Packets that one look into the read models found on offer.',
  buckets: [0, 1, 4, 16, 64, 256, 1_024],
});

const lost = new Counter({
  name: 'handoffrail_claim_next_lost_total',
  help: "Packets that were meant to be given away, but were another's: by where that came to light.",
  labelNames: ['where'],
});

const waited = new Histogram({
  name: 'handoffrail_claim_next_time_to_claim_seconds',
  help: 'How long the packets that claim-next gave away had been on offer.',
  buckets: [0.005, 0.01, 0.025, 0.1, 0.5, 1, 5, 30, 60, 300, 1_800, 3_600, 21_600, 86_400],
});

let open: () => number = () => 0;

new Gauge({
  name: 'handoffrail_claim_next_waiting',
  help: 'Calls that wait for work now.',
  collect() {
    this.set(open());
  },
});

/** Shows in the metrics how many calls wait. */
export const watchWaiting = (count: () => number): void => void (open = count);

/** Counts a call that began at `startedAt` (performance.now). */
export const countCall = (outcome: CallOutcome, startedAt: number): void =>
  seconds.observe({ outcome }, (performance.now() - startedAt) / 1_000);

export const countCandidates = (found: number): void => candidates.observe(found);

export const countLost = (where: 'reservation' | 'claim', packets: number): void =>
  lost.inc({ where }, packets);

/** Counts a packet given away that was on offer since then (epoch milliseconds). */
export const countGiven = (offeredAt: number): void =>
  waited.observe(Math.max(0, Date.now() - offeredAt) / 1_000);
