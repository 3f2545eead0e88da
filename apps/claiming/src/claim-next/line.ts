import type { Turns } from './turns.js';

/** What a packet's place in the line depends on. Instants in epoch milliseconds. */
export interface Waiting {
  id: string;
  /** 1-10, 10 most urgent. */
  level: number;
  source: string;
  deadline: number | null;
  /** Since when it waits. */
  offered_at: number;
}

/** A packet with its place. */
export type InLine<T extends Waiting> = T & {
  /** Its level, raised by how long it has waited. */
  rank: number;
  /** In which round of its rank its source's turn is. */
  turn: number;
};

export interface LineOptions {
  /** Epoch milliseconds. */
  now: number;
  /** A waiting packet gains one level per so many milliseconds. */
  ageingMs: number;
  turns: Turns;
}

/** The level of a packet now. Nothing bounds it: whatever is urgent, what has waited long enough comes first. */
export const rankOf = (
  { level, offered_at }: Waiting,
  { now, ageingMs }: Pick<LineOptions, 'now' | 'ageingMs'>,
): number => level + Math.max(0, Math.floor((now - offered_at) / ageingMs));

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Soonest deadline first, then longest wait. */
const compareDue = (a: Waiting, b: Waiting): number => {
  const [due, other] = [a.deadline ?? Number.MAX_VALUE, b.deadline ?? Number.MAX_VALUE];
  return due - other || a.offered_at - b.offered_at || compareText(a.id, b.id);
};

/** Which of two comes first: negative, the first one. Level, then the turns of the sources, then due time and age. */
export const compareInLine = (a: InLine<Waiting>, b: InLine<Waiting>): number =>
  b.rank - a.rank || a.turn - b.turn || compareDue(a, b);

/**
 * Lines packets up: level first, inside a level the sources in turn, of each source what is due soonest, then
 * what has waited longest. A packet that is given twice stands once.
 */
export const lineUp = <T extends Waiting>(packets: readonly T[], options: LineOptions): InLine<T>[] => {
  const unique = [...new Map(packets.map((one) => [one.id, one])).values()];
  const ranked = unique.map((one) => ({ ...one, rank: rankOf(one, options), turn: 0 }));
  ranked.sort((a, b) => b.rank - a.rank || compareDue(a, b));
  const next = new Map<string, number>();
  for (const one of ranked) {
    const key = `${one.rank} ${one.source}`;
    one.turn = next.get(key) ?? options.turns.next(one);
    next.set(key, one.turn + 1);
  }
  return ranked.sort(compareInLine);
};
