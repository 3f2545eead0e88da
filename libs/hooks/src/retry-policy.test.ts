import type { Instant } from '#libs/packet';
import { expect, test } from 'vitest';
import type { Posted } from './post.js';
import {
  askedToWaitMs,
  failureOf,
  isDelivered,
  isGivenUp,
  judge,
  parseRetrySeconds,
  retrySeconds,
} from './retry-policy.js';

const now = '2026-03-01T12:00:00.000Z' as Instant;
const answered = (status_code: number, retry_after?: string): Posted => ({
  duration_ms: 3,
  status_code,
  ...(retry_after !== undefined && { retry_after }),
});
const silent: Posted = { duration_ms: 15_000, error: 'No answer within 15000 ms.' };
const after = (posted: Posted, attempt: number, random = 0) => judge({ posted, attempt, random, now });

test.each([200, 201, 204, 299])('%i is a success', (status) => {
  expect(isDelivered(answered(status))).toBe(true);
  expect(after(answered(status), 7)).toEqual({ status: 'delivered' });
  expect(failureOf(answered(status))).toBeNull();
});

test.each([100, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])('%i is a failure', (status) => {
  expect(after(answered(status), 1)).toMatchObject({ status: 'failed' });
  expect(failureOf(answered(status))).toMatch(String(status));
});

test('seven attempts, then it is a dead letter', () => {
  const waits = retrySeconds.map((_, nth) => after(silent, nth + 1));
  expect(waits).toEqual(
    [1_000, 5_000, 30_000, 300_000, 3_600_000, 21_600_000].map((retry_in_ms) => ({
      status: 'failed',
      retry_in_ms,
    })),
  );
  expect(after(silent, 7)).toEqual({ status: 'dead_letter' });
});

test('a wait grows by a fifth at most', () => {
  expect(after(silent, 2, 0.5)).toEqual({ status: 'failed', retry_in_ms: 5_500 });
  expect(after(silent, 2, 1)).toEqual({ status: 'failed', retry_in_ms: 6_000 });
});

test('a deployment may have a schedule of its own', () => {
  const schedule = [2];
  expect(judge({ posted: silent, attempt: 1, random: 0, now, schedule })).toMatchObject({
    retry_in_ms: 2_000,
  });
  expect(judge({ posted: silent, attempt: 2, random: 0, now, schedule })).toEqual({ status: 'dead_letter' });
});

test('410 is the end at once', () => {
  expect(after(answered(410), 1)).toEqual({ status: 'dead_letter' });
});

test.each([
  [answered(429, '7'), 7_000],
  [answered(503, ' 120 '), 120_000],
  [answered(429, 'Sun, 01 Mar 2026 12:00:30 GMT'), 30_000],
  [answered(429, 'Sun, 01 Mar 2026 11:00:00 GMT'), 0],
  [answered(429, 'soon'), 0],
  [answered(429, '-5'), 0],
  [answered(429, '999999999999'), 21_600_000],
  [answered(500, '7'), 0],
  [answered(429), 0],
])('%j asks for a wait of %i ms', (posted, wait) => {
  expect(askedToWaitMs(posted, now)).toBe(wait);
});

test('a wait that was asked for counts when it is the longer one', () => {
  expect(after(answered(429, '60'), 1)).toEqual({ status: 'failed', retry_in_ms: 60_000 });
  expect(after(answered(429, '2'), 3)).toEqual({ status: 'failed', retry_in_ms: 30_000 });
});

test('an endpoint is given up after five days of nothing but failures', () => {
  expect(isGivenUp('2026-02-24T12:00:00.001Z' as Instant, now)).toBe(false);
  expect(isGivenUp('2026-02-24T12:00:00.000Z' as Instant, now)).toBe(true);
});

test.each([
  ['1,5, 30', [1, 5, 30]],
  ['0', [0]],
  ['', undefined],
  ['1,', undefined],
  ['1.5', undefined],
  ['-1', undefined],
  ['700000', undefined],
  [Array.from({ length: 21 }, () => 1).join(), undefined],
])('a schedule %j is read as %j', (text, waits) => {
  expect(parseRetrySeconds(text)).toEqual(waits);
});
