import { describe, expect, it } from 'vitest';
import { uuidv7 } from './uuidv7.js';

describe('uuidv7', () => {
  it('has the shape, the version and the variant of RFC 9562', () => {
    for (let count = 0; count < 1_000; count += 1) {
      expect(uuidv7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('sorts in the order of making, also when a millisecond runs over', () => {
    const made = Array.from({ length: 50_000 }, uuidv7);
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('carries the time', () => {
    const before = Date.now();
    const at = Number.parseInt(uuidv7().replaceAll('-', '').slice(0, 12), 16);
    // Ids made in a rush borrow from the milliseconds to come.
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThan(before + 60_000);
  });
});
