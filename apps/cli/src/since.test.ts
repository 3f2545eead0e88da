import { expect, test } from 'vitest';
import { since } from './since.js';

test('a span is before now, an instant stands for itself', () => {
  expect(Date.now() - Date.parse(since('2h'))).toBeGreaterThanOrEqual(7_200_000);
  expect(Date.now() - Date.parse(since('2h'))).toBeLessThan(7_260_000);
  expect(since('2026-12-24T18:00:00+01:00')).toBe('2026-12-24T17:00:00.000Z');
  expect(() => since('yesterday')).toThrow(/An instant/);
});
