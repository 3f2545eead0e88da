import { describe, expect, it } from 'vitest';
import { coversPool, offerOf, ownPools, suits, type Taker } from './offering.js';
import type { ExistingPacket } from './state.js';

const packet = (terms: object = {}, more: object = {}): ExistingPacket =>
  ({
    status: 'created',
    terms: { claim_policy: 'target', ...terms },
    content: { metadata: { target_agent: undefined } },
    rejected_by: [],
    opened_at: '2026-01-01T12:00:00.000Z',
    ...more,
  }) as unknown as ExistingPacket;

const to = (id: string) => ({ content: { metadata: { target_agent: { id, name: id } } } });
const taker = (id: string, ...capabilities: string[]): Taker => ({ id, capabilities: new Set(capabilities) });

describe('what is offered to whom', () => {
  it('offers a packet with a target to it alone', () => {
    const one = packet({}, to('billing'));
    expect(offerOf(one)?.pool).toBe('=billing');
    expect(suits(one, taker('billing'))).toBe(true);
    expect(suits(one, taker('sales'))).toBe(false);
  });

  it('offers an open packet to everybody, also one with a target', () => {
    const one = packet({ claim_policy: 'open' }, to('billing'));
    expect(offerOf(one)?.pool).toBe('*');
    expect(suits(one, taker('sales'))).toBe(true);
  });

  it('asks for all required capabilities, however they are written', () => {
    const one = packet({ routing: { capabilities: ['PDF', 'ocr', 'ocr'] } });
    const { pool } = offerOf(one)!;
    expect(pool).toBe('+["ocr","pdf"]');
    expect(coversPool(taker('a', 'pdf', 'ocr', 'mail'), pool)).toBe(true);
    expect(coversPool(taker('a', 'pdf'), pool)).toBe(false);
    expect(suits(one, taker('a', 'pdf', 'ocr'))).toBe(true);
    expect(suits(one, taker('a', 'pdf'))).toBe(false);
  });

  it('names as much of a long list as an index takes, and still asks for all of it', () => {
    const capabilities = Array.from({ length: 64 }, (_, n) => `capability-${n}`.padEnd(64, 'x'));
    const one = packet({ routing: { capabilities } });
    const { pool } = offerOf(one)!;
    expect(pool.length).toBeLessThan(300);
    expect(coversPool(taker('a', ...capabilities.slice(0, 60)), pool)).toBe(true);
    expect(suits(one, taker('a', ...capabilities.slice(0, 63)))).toBe(false);
    expect(suits(one, taker('a', ...capabilities))).toBe(true);
  });

  it('never offers it to an excluded agent or one that rejected it', () => {
    const one = packet(
      { claim_policy: 'open', routing: { exclude: ['eve'] } },
      { rejected_by: ['mallory', 'eve'] },
    );
    expect(offerOf(one)?.not_for).toEqual(['eve', 'mallory']);
    expect(suits(one, taker('eve'))).toBe(false);
    expect(suits(one, taker('mallory'))).toBe(false);
    expect(suits(one, taker('bob'))).toBe(true);
  });

  it('waits from the end of a delay on, else from when it was opened', () => {
    expect(offerOf(packet())?.offered_at).toBe('2026-01-01T12:00:00.000Z');
    const later = packet({}, { available_at: '2026-01-01T12:05:00.000Z' });
    expect(offerOf(later)?.offered_at).toBe('2026-01-01T12:05:00.000Z');
  });

  it('offers nothing that somebody holds or that has ended', () => {
    for (const status of ['claimed', 'in_progress', 'awaiting_human', 'completed', 'failed'])
      expect(offerOf(packet({}, { status }))).toBeNull();
    expect(suits(packet({}, { status: 'claimed' }), taker('a'))).toBe(false);
  });

  it('looks for every agent into its own pool and into that of everybody', () => {
    expect(ownPools(taker('a'))).toEqual(['=a', '*']);
  });
});
