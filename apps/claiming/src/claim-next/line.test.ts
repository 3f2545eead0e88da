import { describe, expect, it } from 'vitest';
import { compareInLine, lineUp, rankOf, type Waiting } from './line.js';
import { Turns } from './turns.js';

const minute = 60_000;
const now = 1_000_000_000;
const ageingMs = 10 * minute;

let serial = 0;
const packet = (more: Partial<Waiting> = {}): Waiting => {
  serial += 1;
  const id = `p${String(serial).padStart(6, '0')}`;
  return { id, level: 5, source: 'a', deadline: null, offered_at: now - 1_000 + serial / 1_000, ...more };
};

const line = (packets: readonly Waiting[], turns = new Turns()) => lineUp(packets, { now, ageingMs, turns });
const idsOf = (packets: readonly Waiting[]) => packets.map(({ id }) => id);

/** A generator of its own, so that a failure can be looked at again. */
const dice = (seed: number) => {
  let state = seed;
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
};

describe('the line of packets that wait', () => {
  it('goes by level, then deadline, then age', () => {
    const old = packet({ offered_at: now - 5_000 });
    const late = packet({ deadline: now + 2_000 });
    const soon = packet({ deadline: now + 1_000 });
    const urgent = packet({ level: 10 });
    const low = packet({ level: 2, deadline: now });
    expect(idsOf(line([old, low, late, urgent, soon]))).toEqual(idsOf([urgent, soon, late, old, low]));
  });

  it('raises a packet by one level per interval that it has waited, without an end', () => {
    const waited = (minutes: number) =>
      rankOf(packet({ level: 2, offered_at: now - minutes * minute }), { now, ageingMs });
    expect([0, 9.9, 10, 29.9, 30, 200].map(waited)).toEqual([2, 2, 3, 4, 5, 22]);
    expect(rankOf(packet({ level: 2, offered_at: now + minute }), { now, ageingMs })).toBe(2);
    const old = packet({ level: 2, offered_at: now - 90 * minute });
    expect(idsOf(line([packet({ level: 10 }), old]))[0]).toBe(old.id);
  });

  it('gives the sources of a level their turns', () => {
    const flood = Array.from({ length: 100 }, () => packet());
    const few = Array.from({ length: 10 }, () => packet({ source: 'b' }));
    const order = idsOf(line([...flood, ...few]));
    const last = Math.max(...few.map(({ id }) => order.indexOf(id)));
    expect(last).toBeLessThan(20);
  });

  it('lets a turn go on where the last line ended', () => {
    const turns = new Turns();
    const flood = Array.from({ length: 50 }, () => packet());
    for (const one of line(flood, turns).slice(0, 20)) turns.served(one);
    // Who comes late has saved nothing up and is owed nothing: it is next, and then they alternate.
    const few = Array.from({ length: 5 }, () => packet({ source: 'b' }));
    const sources = line([...flood.slice(20), ...few], turns)
      .slice(0, 10)
      .map(({ source }) => source);
    expect(sources.filter((source) => source === 'b')).toHaveLength(5);
  });

  it('keeps a packet that was found twice once', () => {
    const one = packet();
    expect(line([one, one, packet()])).toHaveLength(2);
  });

  it('forgets sources that owe nothing', () => {
    const turns = new Turns();
    for (let n = 0; n < 5_000; n += 1)
      turns.served({ rank: 5, source: `s${n}`, turn: turns.next({ rank: 5, source: `s${n}` }) });
    expect(turns.next({ rank: 5, source: 's4999' })).toBeLessThanOrEqual(5);
  });
});

describe('whatever waits', () => {
  const some = (roll: (sides: number) => number) =>
    Array.from({ length: 1 + roll(60) }, () =>
      packet({
        level: 1 + roll(10),
        source: `s${roll(4)}`,
        deadline: roll(2) === 0 ? null : now + roll(100_000),
        offered_at: now - roll(60 * minute),
      }),
    );

  it('no packet is lost, none of a higher level stands behind one of a lower', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const packets = some(dice(seed));
      const order = line(packets);
      expect(idsOf(order).sort()).toEqual(idsOf(packets).sort());
      order.reduce((before, one) => {
        expect(one.rank).toBeLessThanOrEqual(before.rank);
        expect(compareInLine(before, one)).toBeLessThan(0);
        return one;
      });
    }
  });

  it('inside a level each source goes by due time and age', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const last = new Map<string, Waiting>();
      for (const one of line(some(dice(seed)))) {
        const before = last.get(`${one.rank} ${one.source}`);
        if (before !== undefined) {
          const [due, next] = [before.deadline ?? Infinity, one.deadline ?? Infinity];
          expect(due < next || (due === next && before.offered_at <= one.offered_at)).toBe(true);
        }
        last.set(`${one.rank} ${one.source}`, one);
      }
    }
  });

  it('a source with something to give waits for at most one packet of each other, also over many lines', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const roll = dice(seed);
      const turns = new Turns();
      let waiting = Array.from({ length: 60 }, () => packet({ source: `s${roll(4)}` }));
      const passed = new Map<string, number>();
      while (waiting.length > 0) {
        // Lines are short-lived: each gives a few packets away, then comes a new one.
        for (const one of line(waiting, turns).slice(0, 1 + roll(5))) {
          turns.served(one);
          waiting = waiting.filter(({ id }) => id !== one.id);
          const others = new Set(idsOfSources(waiting.filter(({ source }) => source !== one.source)));
          for (const source of others) passed.set(source, (passed.get(source) ?? 0) + 1);
          passed.set(one.source, 0);
          expect(Math.max(...passed.values())).toBeLessThanOrEqual(2 * 4);
        }
        if (roll(3) === 0 && waiting.length < 60) waiting.push(packet({ source: `s${roll(4)}` }));
      }
    }
  });
});

const idsOfSources = (packets: readonly Waiting[]) => packets.map(({ source }) => source);
