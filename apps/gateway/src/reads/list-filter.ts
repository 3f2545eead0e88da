import { type BodyClass, type PacketListQuery, readQuery } from '#libs/contracts';
import { instantAt, type Instant, type PacketId, priorityOf } from '#libs/packet';
import type { PacketFilter } from '#libs/read-models';
import type { ApiRequest } from '../http/call.js';
import { invalid, invalidField } from '../http/problem-error.js';
import { given } from '../packets/simple-commands.js';

/** The parameters of a request's query string, typed. @throws ProblemError naming each that is wrong */
export const queryOf = <T extends object>(of: BodyClass<T>, request: ApiRequest): T => {
  const read = readQuery(of, request.query as Record<string, unknown>);
  if ('value' in read) return read.value;
  throw invalid(read.errors);
};

const bands = { low: [1, 3], normal: [4, 6], high: [7, 8], critical: [9, 10] } as const;

const levelsOf = (priority: PacketListQuery['priority']): readonly [number, number] | undefined => {
  if (priority === undefined) return undefined;
  return typeof priority === 'number' ? [priority, priority] : bands[priorityOf(priority).priority];
};

const instantOf = (text: string | undefined): Instant | undefined =>
  text === undefined ? undefined : instantAt(Date.parse(text));

const idOf = (text: string | undefined): PacketId | undefined => text?.toLowerCase() as PacketId | undefined;

/** Only those fields that are there: an absent one narrows nothing. */
const present = <T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

type FilterQuery = Omit<PacketListQuery, 'sort' | 'order'>;

/** What a list or a search is narrowed to. */
export const filterOf = (query: FilterQuery): PacketFilter => ({
  ...given(
    query,
    'source_agent',
    'target_agent',
    'claimed_by',
    'tags',
    'hitl_required',
    'dead_letter',
    'overdue',
  ),
  ...present<PacketFilter>({
    status: query.status as PacketFilter['status'],
    priority_levels: levelsOf(query.priority),
    created_after: instantOf(query.created_after),
    created_before: instantOf(query.created_before),
    parent_packet_id: idOf(query.parent_packet_id),
    root_id: idOf(query.root_id),
  }),
});

/** Refuses a cursor that this list did not give out. */
export const badCursor = () =>
  invalidField(
    'cursor',
    'not_a_cursor',
    'Send the next_cursor of the same list, with the same sort and order.',
  );

/** A cursor that counts: revisions of a history, ranks of a search. */
export const formatCount = (count: number): string => Buffer.from(`n${count}`).toString('base64url');

export const parseCount = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  const count = /^n(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  if (count === undefined) throw badCursor();
  return Number(count);
};
