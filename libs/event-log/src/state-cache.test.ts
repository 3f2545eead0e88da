import { describe, expect, it } from 'vitest';
import type { Packet } from '#libs/packet';
import { StateCache } from './state-cache.js';

const packet = { status: 'absent' } satisfies Packet;
const at = (sequence: number) => ({ packet, sequence });

describe('StateCache', () => {
  it('keeps the newer state, whichever comes last', () => {
    const cache = new StateCache({ entries: 10, bytes: 1_000_000 });
    cache.set('a', at(7), 10);
    cache.set('a', at(5), 10);
    expect(cache.get('a')?.sequence).toBe(7);
  });

  it('lets the ones go that were used longest ago', () => {
    const cache = new StateCache({ entries: 2, bytes: 1_000_000 });
    cache.set('a', at(1), 10);
    cache.set('b', at(2), 10);
    cache.get('a');
    cache.set('c', at(3), 10);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toBeDefined();
  });

  it('lets a packet go that has ended', () => {
    const cache = new StateCache({ entries: 10, bytes: 1_000_000 });
    cache.set('a', at(1), 10);
    cache.set('a', { packet: { status: 'cancelled' } as Packet, sequence: 2 }, 10);
    expect(cache.size).toBe(0);
  });

  it('keeps nothing where it may hold 0 packets', () => {
    const cache = new StateCache({ entries: 0, bytes: 1_000_000 });
    cache.set('a', at(1), 10);
    expect(cache.get('a')).toBeUndefined();
  });

  it('counts the events of a packet together and stays within its bytes', () => {
    const cache = new StateCache({ entries: 1_000, bytes: 100_000 });
    for (let sequence = 1; sequence <= 20; sequence += 1) cache.set('long', at(sequence), 1_000);
    expect(cache.bytes).toBeGreaterThan(40_000);
    for (let key = 0; key < 500; key += 1) cache.set(`k${key}`, at(1), 2_000);
    expect(cache.bytes).toBeLessThanOrEqual(100_000);
    expect(cache.get('long')).toBeUndefined();
  });

  it('holds a packet that was updated again and again: only its history is long', () => {
    const cache = new StateCache({ entries: 10, bytes: 10_000_000 });
    for (let sequence = 1; sequence <= 50; sequence += 1) cache.set('a', at(sequence), 1_000_000);
    expect(cache.get('a')?.sequence).toBe(50);
    expect(cache.bytes).toBeLessThanOrEqual(10_000_000);
  });

  it('does not hold a packet that is larger than all of it', () => {
    const cache = new StateCache({ entries: 10, bytes: 10_000 });
    cache.set('a', at(1), 20_000);
    expect(cache.get('a')).toBeUndefined();
  });
});
