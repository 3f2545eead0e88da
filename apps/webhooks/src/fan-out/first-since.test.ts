import type { PacketLog } from '#libs/event-log';
import { instantAt } from '#libs/packet';
import { describe, expect, it } from 'vitest';
import { firstSince } from './first-since.js';

const minute = 60_000;

/** One event a minute; `c` stands for one that was counted against a quota, whose message is right before it. */
const logOf = (events: string): { log: PacketLog; times: (number | null)[] } => {
  const times = [...events].flatMap((event, nth) => (event === 'c' ? [null, nth * minute] : [nth * minute]));
  const read = (from: number, limit: number) => {
    const page = times.slice(from - 1, from - 1 + limit);
    const found = page.flatMap((time, nth) =>
      time === null ? [] : [{ sequence: from + nth, event: { occurred_at: instantAt(time) } }],
    );
    return Promise.resolve({ events: found, next: from + page.length, end: from + limit > times.length });
  };
  const log = { read, lastSequence: () => Promise.resolve(times.length) };
  return { log: log as unknown as PacketLog, times };
};

describe('where the log has what happened since a time', () => {
  it.each(['', 'e', 'c', 'eeeeeeee', 'cccccccc', 'ecceececcceeeceeceecccec'])(
    'is right before the first of it, in %j',
    async (events) => {
      const { log, times } = logOf(events);
      for (let at = 0; at <= (events.length + 3) * minute; at += minute / 2) {
        const first = await firstSince(log, instantAt(at));
        const missed = times.slice(0, first - 1).filter((time) => time !== null && time >= at - minute);
        expect(missed).toEqual([]);
        const needless = times.slice(first - 1).filter((time) => time !== null && time < at - minute);
        expect(needless).toEqual([]);
      }
    },
  );
});
