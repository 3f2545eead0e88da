/** Failures in a row that open it. */
const mostFailures = 5;
const firstOpenMs = 1_000;
const longestOpenMs = 30_000;

/**
 * What a process knows of an endpoint's health. `closed`: all is well. Else nothing is sent until `openUntil`,
 * and then one delivery as a probe: as it goes, so goes the endpoint.
 */
export interface Breaker {
  /** In a row. */
  failures: number;
  /** Epoch milliseconds; 0: closed. */
  openUntil: number;
  /** How long it was open last, 0 after a success. */
  openMs: number;
}

export const closedBreaker: Breaker = { failures: 0, openUntil: 0, openMs: 0 };

export const isClosed = ({ openUntil }: Breaker): boolean => openUntil === 0;

/** Deliveries that may be under way at once: all, one as a probe, or none. */
export const allowed = ({ openUntil }: Breaker, most: number, now: number): number => {
  if (openUntil === 0) return most;
  return now >= openUntil ? 1 : 0;
};

/** The breaker after a success. */
export const afterSuccess = (): Breaker => closedBreaker;

/**
 * The breaker after a failure: it opens after a few in a row, for longer each time a probe fails; and at once for
 * as long as the endpoint asks us to wait, 30 s at most.
 */
export const afterFailure = (breaker: Breaker, now: number, askedMs = 0): Breaker => {
  const failures = breaker.failures + 1;
  // What was under way when it opened says nothing new.
  const isProbe = breaker.openUntil > 0 && now >= breaker.openUntil;
  if (breaker.openUntil > 0 && !isProbe) return { ...breaker, failures };
  const asked = Math.min(askedMs, longestOpenMs);
  if (failures < mostFailures && asked === 0 && !isProbe) return { ...breaker, failures };
  const openMs = Math.min(Math.max(breaker.openMs * 2, firstOpenMs), longestOpenMs);
  return { failures, openMs, openUntil: now + Math.max(openMs, asked) };
};
