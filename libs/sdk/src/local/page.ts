import { invalid } from './refusal.js';

/** Entries per page when nothing is said. */
const defaultLimit = 50;
const mostPerPage = 200;

const numberIn = (
  query: URLSearchParams,
  field: string,
  { from, to }: { from: number; to: number },
): number | undefined => {
  const text = query.get(field);
  if (text === null) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw invalid([{ field, code: 'wrong_form', message: `Send a whole number from ${from} to ${to}.` }]);
};

export const pageFields = ['limit', 'offset', 'cursor'] as const;

export interface Page<T> {
  items: T[];
  limit: number;
  offset: number;
  next_cursor: string | null;
}

/** The part of a list that a query asks for; a cursor is the number of entries before it. @throws Refusal */
export const pageOf = <T>(all: readonly T[], query: URLSearchParams): Page<T> => {
  const limit = numberIn(query, 'limit', { from: 1, to: mostPerPage }) ?? defaultLimit;
  const offset = numberIn(query, 'offset', { from: 0, to: 10_000 }) ?? 0;
  const cursor = numberIn(query, 'cursor', { from: 0, to: Number.MAX_SAFE_INTEGER });
  const start = (cursor ?? 0) + (cursor === undefined ? offset : 0);
  const end = start + limit;
  return {
    items: all.slice(start, end),
    limit,
    offset,
    next_cursor: end < all.length ? String(end) : null,
  };
};
