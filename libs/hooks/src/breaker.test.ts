import { expect, test } from 'vitest';
import { afterFailure, afterSuccess, allowed, type Breaker, closedBreaker, isClosed } from './breaker.js';

const failed = (times: number, now: number, from: Breaker = closedBreaker): Breaker =>
  times === 0 ? from : failed(times - 1, now, afterFailure(from, now));

test('a few failures in a row open it, and fewer do not', () => {
  expect(isClosed(failed(4, 1_000))).toBe(true);
  expect(failed(5, 1_000)).toMatchObject({ openUntil: 2_000, openMs: 1_000 });
  expect(failed(4, 1_000, afterSuccess())).toMatchObject({ openUntil: 0 });
});

test('while it is open nothing is sent, and then one at a time', () => {
  const open = failed(5, 1_000);
  expect([allowed(closedBreaker, 8, 0), allowed(open, 8, 1_999), allowed(open, 8, 2_000)]).toEqual([8, 0, 1]);
});

test('each probe that fails opens it for longer, up to 30 s', () => {
  let breaker = failed(5, 0);
  const lengths = [breaker.openMs];
  for (let probe = 0; probe < 6; probe += 1) {
    breaker = afterFailure(breaker, breaker.openUntil);
    lengths.push(breaker.openMs);
  }
  expect(lengths).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('what fails while it is open, sent before, does not make it longer', () => {
  const open = failed(5, 1_000);
  expect(failed(10, 1_500, open)).toMatchObject({ openUntil: open.openUntil, openMs: open.openMs });
});

test('who asks for a pause gets it at once, but 30 s at most', () => {
  expect(afterFailure(closedBreaker, 1_000, 7_000).openUntil).toBe(8_000);
  expect(afterFailure(closedBreaker, 1_000, 3_600_000).openUntil).toBe(31_000);
});
