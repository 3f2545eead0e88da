import type { Backlog } from '#libs/deliveries';
import { Counter, Gauge, Histogram } from 'prom-client';

/** How an attempt ended, and with it perhaps its delivery. */
export type AttemptOutcome = 'delivered' | 'failed' | 'dead_letter';

const attempts = new Counter({
  name: 'handoffrail_webhook_attempts_total',
  help: 'Attempts to deliver to a webhook, by what became of the delivery.',
  labelNames: ['outcome'],
});

const attemptSeconds = new Histogram({
  name: 'handoffrail_webhook_attempt_seconds',
  help: 'Time of one attempt, from the request to the end of the answer.',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
});

const deliverySeconds = new Histogram({
  name: 'handoffrail_webhook_delivery_seconds',
  help: 'From an event to the success of its delivery, failed attempts and their waits included.',
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300, 3_600, 21_600, 86_400],
});

const fannedOutEvents = new Counter({
  name: 'handoffrail_webhook_fan_out_events_total',
  help: 'Events of the log that were looked at for webhooks.',
});

const fannedOut = new Counter({
  name: 'handoffrail_webhook_fan_out_deliveries_total',
  help: 'Deliveries that came of them.',
});

const disabled = new Counter({
  name: 'handoffrail_webhook_disabled_total',
  help: 'Webhooks that were disabled because they are gone or only failed.',
  labelNames: ['reason'],
});

const swept = new Counter({
  name: 'handoffrail_webhook_swept_total',
  help: 'Deliveries that were forgotten for their age.',
});

export const countAttempt = (outcome: AttemptOutcome, durationMs: number): void => {
  attempts.inc({ outcome });
  attemptSeconds.observe(durationMs / 1_000);
};

/** Counts a delivery of what happened at that time. */
export const countDelivered = (occurredAt: Date): void =>
  deliverySeconds.observe(Math.max(0, Date.now() - occurredAt.getTime()) / 1_000);

export const countFannedOut = (events: number, deliveries: number): void => {
  fannedOutEvents.inc(events);
  fannedOut.inc(deliveries);
};

export const countDisabled = (reason: string): void => disabled.inc({ reason });

export const countSwept = (deliveries: number): void => swept.inc(deliveries);

/** What this process knows of its endpoints at a scrape. */
export interface Standing {
  inFlight: number;
  openCircuits: number;
}

let standing: () => Standing = () => ({ inFlight: 0, openCircuits: 0 });
let backlog: () => Promise<Backlog> = () => Promise.resolve({ waiting: 0, oldest_seconds: 0 });

/** Says whom to ask at each scrape. */
export const observeStanding = (ask: () => Standing): void => void (standing = ask);
export const observeBacklog = (ask: () => Promise<Backlog>): void => void (backlog = ask);

new Gauge({
  name: 'handoffrail_webhook_attempts_in_flight',
  help: 'Requests to webhooks that wait for their answer now.',
  collect() {
    this.set(standing().inFlight);
  },
});

new Gauge({
  name: 'handoffrail_webhook_open_circuits',
  help: 'Webhooks that this process leaves alone for a while because they fail.',
  collect() {
    this.set(standing().openCircuits);
  },
});

const ofBacklog = (name: string, help: string, valueOf: (backlog: Backlog) => number): Gauge =>
  new Gauge({
    name,
    help,
    async collect() {
      try {
        this.set(valueOf(await backlog()));
      } catch {
        // Postgres does not answer: the scrape shows the last value, and readiness tells the reason.
      }
    },
  });

ofBacklog(
  'handoffrail_webhook_deliveries_waiting',
  'Deliveries that are due and with nobody, of all copies; counted up to 100,000.',
  ({ waiting }) => waiting,
);
ofBacklog(
  'handoffrail_webhook_oldest_waiting_seconds',
  'How long the first of them has been due.',
  ({ oldest_seconds }) => oldest_seconds,
);
