import { badCursor } from '../reads/list-filter.js';

/** What a list that is held in memory is ordered by. */
interface Placed {
  id: string;
  created_at: string;
}

const placeOf = ({ created_at, id }: Placed): string => `${created_at} ${id}`;
const place = /^\d{4}-\d\d-\d\dT[\d:.]+Z [a-z0-9_-]{1,64}$/;

const parseCursor = (cursor: string): string => {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!place.test(text)) throw badCursor();
  return text;
};

/** A page of what is held in memory. @throws ProblemError for a cursor that is none */
export const pageOf = <T extends Placed>(
  all: readonly T[],
  { limit = 50, cursor }: { limit?: number; cursor?: string },
  order: 'newest' | 'oldest',
) => {
  const isBefore = (a: string, b: string): boolean => (order === 'oldest' ? a < b : a > b);
  const sorted = [...all].sort((a, b) => (isBefore(placeOf(a), placeOf(b)) ? -1 : 1));
  const from = cursor === undefined ? undefined : parseCursor(cursor);
  const rest = from === undefined ? sorted : sorted.filter((item) => isBefore(from, placeOf(item)));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const next_cursor =
    last && rest.length > items.length ? Buffer.from(placeOf(last)).toString('base64url') : null;
  return { items, page: { total: all.length, limit, next_cursor } };
};
