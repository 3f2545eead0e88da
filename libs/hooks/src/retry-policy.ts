import { after, type Instant } from '#libs/packet';
import type { Posted } from './post.js';

/** Waits before the second, third, … attempt, in seconds: after the last of them a delivery is a dead letter. */
export const retrySeconds: readonly number[] = [1, 5, 30, 300, 3_600, 21_600];

const mostRetries = 20;
const longestSeconds = 7 * 24 * 60 * 60;

/** Reads such waits from a text, separated by commas; undefined when it is no list of 1 to 20 such numbers. */
export const parseRetrySeconds = (text: string): readonly number[] | undefined => {
  const waits = text.split(',').map((part) => (/^\s*\d{1,6}\s*$/.test(part) ? Number(part) : NaN));
  const isFine = waits.length <= mostRetries && waits.every((wait) => wait <= longestSeconds);
  return isFine ? waits : undefined;
};

/** Share that is added to a wait at most, so that what failed together does not come back together. */
const mostJitter = 0.2;
/** An endpoint does not put us off for longer than this. */
const longestRetryAfterMs = 6 * 60 * 60 * 1_000;
const failingSeconds = 5 * 24 * 60 * 60;

/** What the endpoint's answer comes to, for its delivery. */
export type Verdict =
  { status: 'delivered' } | { status: 'failed'; retry_in_ms: number } | { status: 'dead_letter' };

export interface Judged {
  posted: Posted;
  /** 1 for the first attempt. */
  attempt: number;
  /** 0 to 1. */
  random: number;
  now: Instant;
  schedule?: readonly number[];
}

/** Success is a 2xx: a redirect is a failure, because it is not followed. */
export const isDelivered = ({ status_code }: Posted): boolean =>
  status_code !== undefined && status_code >= 200 && status_code < 300;

/** The endpoint says that it is gone for good. */
export const isGone = ({ status_code }: Posted): boolean => status_code === 410;

/** How long the endpoint asks us to wait (429 and 503 only), in ms: at most 6 hours; 0: it does not ask. */
export const askedToWaitMs = ({ status_code, retry_after }: Posted, now: Instant): number => {
  if (retry_after === undefined || (status_code !== 429 && status_code !== 503)) return 0;
  const text = retry_after.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.parse(now);
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(0, wait), longestRetryAfterMs);
};

/** Says what becomes of a delivery after an attempt. An endpoint that is gone gets no further one. */
export const judge = ({ posted, attempt, random, now, schedule = retrySeconds }: Judged): Verdict => {
  if (isDelivered(posted)) return { status: 'delivered' };
  const seconds = schedule[attempt - 1];
  if (isGone(posted) || seconds === undefined) return { status: 'dead_letter' };
  const wait = seconds * 1_000 * (1 + mostJitter * random);
  return { status: 'failed', retry_in_ms: Math.round(Math.max(wait, askedToWaitMs(posted, now))) };
};

/** Why an attempt failed, in a sentence; null when it did not. */
export const failureOf = (posted: Posted): string | null => {
  if (isDelivered(posted)) return null;
  const { status_code, error } = posted;
  if (status_code === undefined) return error ?? 'There was no answer.';
  if (status_code >= 300 && status_code < 400) return `Answered ${status_code}: redirects are not followed.`;
  return `Answered ${status_code}.`;
};

/** Whether an endpoint has only failed for so long (5 days) that it is disabled. */
export const isGivenUp = (failingSince: Instant, now: Instant): boolean =>
  now >= after(failingSince, failingSeconds);
