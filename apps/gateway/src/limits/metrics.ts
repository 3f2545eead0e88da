import type { RateWindowName } from '#libs/contracts';
import { Counter } from 'prom-client';

const refused = new Counter({
  name: 'handoffrail_rate_limited_total',
  help: 'Requests refused because too many were made in a window of the clock.',
  labelNames: ['window'],
});

const counted = new Counter({
  name: 'handoffrail_rate_counts_total',
  help: 'Requests counted against a limit, by who counted.',
  labelNames: ['by'],
});

const streamsRefused = new Counter({
  name: 'handoffrail_feed_refused_total',
  help: 'Live streams refused because their tenant has as many open as it may.',
});

export const countRefused = (window: RateWindowName): void => refused.inc({ window });

/** `nats`: the server, for all gateways; `process`: this gateway alone, because the server did not answer. */
export const countCounted = (by: 'nats' | 'process'): void => counted.inc({ by });

export const countStreamRefused = (): void => streamsRefused.inc();
