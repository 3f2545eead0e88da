import type { TenantId } from '#libs/packet';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KnownLoads } from './load-figures.js';

const acme = 'acme' as TenantId;
const other = 'other' as TenantId;

describe('the load of agents', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const counting = (open: () => number) => {
    let reads = 0;
    const loads = new KnownLoads((tenant, ids) => {
      reads += 1;
      return Promise.resolve(ids.map((id) => ({ id, open_packets: tenant === acme ? open() : 0 })));
    });
    const openOf = async (tenant = acme) => (await loads.of(tenant, ['bo'])).get('bo')?.open_packets;
    return { loads, openOf, reads: () => reads };
  };

  it('is read once in some seconds, of each tenant', async () => {
    let open = 3;
    const { openOf, reads } = counting(() => open);
    expect(await openOf()).toBe(3);
    open = 7;
    expect(await openOf()).toBe(3);
    expect(await openOf(other)).toBe(0);
    expect(reads()).toBe(2);
    await vi.advanceTimersByTimeAsync(3_001);
    await openOf();
    await vi.advanceTimersByTimeAsync(1);
    expect(await openOf()).toBe(7);
    expect(reads()).toBe(3);
  });

  it('grows with each packet that is given, until it is read again', async () => {
    const { loads, openOf } = counting(() => 3);
    await openOf();
    loads.given(acme, 'bo');
    loads.given(acme, 'bo');
    expect(await openOf()).toBe(5);
    await vi.advanceTimersByTimeAsync(3_001);
    await openOf();
    await vi.advanceTimersByTimeAsync(1);
    expect(await openOf()).toBe(3);
  });

  it('is none without a database, and when that fails or is slow, but for what was given', async () => {
    const failing = new KnownLoads(() => Promise.reject(new Error('away')));
    const slow = new KnownLoads(() => new Promise(() => undefined));
    for (const loads of [new KnownLoads(undefined), failing, slow]) {
      const first = loads.of(acme, ['bo']);
      await vi.advanceTimersByTimeAsync(250);
      expect((await first).size).toBe(0);
      loads.given(acme, 'bo');
      const second = loads.of(acme, ['bo']);
      await vi.advanceTimersByTimeAsync(250);
      expect((await second).get('bo')?.open_packets).toBe(1);
    }
  });
});
