import { describe, expect, it } from 'vitest';
import { answeredBefore, recorded } from './answered.js';
import type { Answered } from './answered.js';
import { claim, create, eventsOf, given, having, packetAfter, verdictOf } from './given.features.js';
import { after } from './ids.js';
import type { CommandId, Instant } from './ids.js';

const noon = '2026-01-01T12:00:00.000Z' as Instant;
const id = (n: number) => `command-${n}` as CommandId;
const [event] = eventsOf(verdictOf(packetAfter(create()), claim()));

/** What is remembered after these keyed commands, one for each revision, so many hours after noon. */
const remembering = (
  [from, to]: [from: number, to: number],
  hours: number,
  before: Answered = [],
): Answered => {
  let answered = before;
  for (let revision = from; revision <= to; revision++) {
    const at = after(noon, hours * 3_600);
    const next = { causation_id: id(revision), revision, occurred_at: at, request_digest: 'd' };
    answered = recorded(answered, { ...event!, ...next });
  }
  return answered;
};
const kept = (answered: Answered, ...revisions: number[]): number[] =>
  revisions.filter((n) => answeredBefore(answered, id(n))?.revision === n);

describe('answered commands', () => {
  it('are found again, a command of several events at its last one', () => {
    const answered = remembering([1, 1_000], 0);
    expect(kept(answered, 1, 2, 65, 66, 500, 1_000)).toHaveLength(6);
    expect(answeredBefore(answered, id(1_001))).toBeUndefined();
    const again = { causation_id: id(1_000), revision: 1_001, request_digest: 'd' };
    expect(answeredBefore(recorded(answered, { ...event!, ...again }), id(1_000))?.revision).toBe(1_001);
  });

  it('are kept for a day at least, a create for ever, and the rest is let go', () => {
    const first = remembering([1, 300], 0);
    expect(kept(remembering([301, 400], 23, first), 1, 2, 300, 301, 400)).toHaveLength(5);
    const later = remembering([301, 500], 25, first);
    expect(kept(later, 1, 2, 150, 301, 500)).toEqual([1, 301, 500]);
    expect(later.length).toBeLessThan(7);
  });

  it('cost a new one no copy of all the others', () => {
    const before = remembering([1, 999], 0);
    const answered = remembering([1_000, 1_000], 0, before);
    const copied = answered.filter((page, index) => page !== before[index]);
    expect(Object.keys(copied[0] ?? {}).length).toBeLessThanOrEqual(64);
    expect(copied).toHaveLength(1);
  });

  it('are only those whose caller may ask again', () => {
    expect(packetAfter(create(), claim()).answered).toEqual([]);
    const { command_id } = { command_id: 'constructor' as CommandId };
    given(create())
      .when(having({ command_id, request_digest: 'd' }, claim()))
      .then('packet.claimed');
  });
});
