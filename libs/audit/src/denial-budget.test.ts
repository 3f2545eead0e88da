import type { TenantId } from '#libs/packet';
import { describe, expect, it } from 'vitest';
import { DenialBudget } from './denial-budget.js';

const acme = 'acme' as TenantId;
const other = 'other' as TenantId;
const limits = {
  all: { burst: 6, perMinute: 60 },
  tenant: { burst: 4, perMinute: 60 },
  key: { burst: 2, perMinute: 60 },
};
const start = Date.UTC(2026, 0, 1);

describe('what of refused attempts is kept', () => {
  const budget = (): DenialBudget => new DenialBudget(limits, start);
  const times = (count: number, take: () => number | null) => Array.from({ length: count }, take);

  it('keeps a few of each key, and tells with the next how many it did not', () => {
    const kept = budget();
    expect(times(4, () => kept.take(acme, 'k1', start))).toEqual([0, 0, null, null]);
    expect(kept.take(acme, 'k2', start)).toBe(2);
    expect(kept.take(acme, 'k2', start)).toBe(0);
  });

  it('keeps a few of each tenant, however many keys it has', () => {
    const kept = budget();
    const taken = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => kept.take(acme, key, start));
    expect(taken).toEqual([0, 0, 0, 0, null, null]);
    expect(kept.take(other, 'a', start)).toBe(0);
  });

  it('keeps a few in all, however many tenants there are', () => {
    const kept = budget();
    const taken = times(8, () => 0).map((_, index) => kept.take(`t-${index}` as TenantId, 'k', start));
    expect(taken.filter((dropped) => dropped === 0)).toHaveLength(6);
  });

  it('has room again as time passes, and never more than the burst', () => {
    const kept = budget();
    times(3, () => kept.take(acme, 'k1', start));
    expect(kept.take(acme, 'k1', start + 1_000)).toBe(1);
    expect(kept.take(acme, 'k1', start + 1_000)).toBeNull();
    const later = start + 3_600_000;
    expect(times(3, () => kept.take(acme, 'k1', later))).toEqual([1, 0, null]);
  });

  it('counts a clock that goes back as one that stands', () => {
    const kept = budget();
    times(2, () => kept.take(acme, 'k1', start));
    expect(kept.take(acme, 'k1', start - 60_000)).toBeNull();
  });
});
