import type { TenantId } from '#libs/packet';
import { partition } from '../checkpoint/queries.js';
import type { Sql } from '../prepared.js';
import type { PacketCursor, PacketSort, SortOrder } from './cursor.js';
import { conditionsOf, Parameters, statusesOf, type PacketFilter } from './filter.js';
import { ofTag, taggedPackets, withoutTag } from './tag-walk.js';

/** Which page of which order. */
export interface PageRequest {
  sort: PacketSort;
  order: SortOrder;
  /** Rows, 1 or more. */
  limit: number;
  offset: number;
  cursor?: PacketCursor;
}

export interface PacketList {
  filter: PacketFilter;
  request: PageRequest;
  /** The tag of the filter that is walked (`tagToWalk`); undefined: an index of the packets is. */
  tag: string | undefined;
}

/** One stretch of an order: the columns that it is sorted by, and where in it the cursor stands. */
interface Stretch {
  columns: readonly string[];
  where?: string;
  cursor?: readonly unknown[];
}

const types: Record<string, string> = {
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deadline: 'timestamptz',
  priority_level: 'smallint',
  id: 'uuid',
};

const sortColumns: Record<PacketSort, readonly string[]> = {
  created_at: ['created_at', 'id'],
  updated_at: ['updated_at', 'id'],
  priority: ['priority_level', 'created_at', 'id'],
  deadline: ['deadline', 'created_at', 'id'],
};

const placeOf = ({ sort, value, created_at, id }: PacketCursor): unknown[] =>
  sort === 'created_at' || sort === 'updated_at' ? [value, id] : [value, created_at, id];

/** Packets with a deadline first, in either direction, then those without: each stretch has its index. */
const deadlineStretches = (cursor: PacketCursor | undefined): Stretch[] => {
  const rest = { columns: sortColumns.created_at, where: 'p.deadline is null' };
  if (cursor?.value === null) return [{ ...rest, cursor: [cursor.created_at, cursor.id] }];
  const first = { columns: sortColumns.deadline, where: 'p.deadline is not null' };
  return [{ ...first, ...(cursor && { cursor: placeOf(cursor) }) }, rest];
};

const stretchesOf = ({ sort, cursor }: PageRequest): Stretch[] =>
  sort === 'deadline'
    ? deadlineStretches(cursor)
    : [{ columns: sortColumns[sort], ...(cursor && { cursor: placeOf(cursor) }) }];

/** What must hold for a row to stand in this stretch, behind the cursor. */
const standsIn = (
  { columns, where, cursor }: Stretch,
  order: SortOrder,
  parameters: Parameters,
): string[] => {
  if (cursor === undefined) return where === undefined ? [] : [where];
  const place = cursor.map((value, index) => `${parameters.bind(value)}::${types[columns[index] ?? '']}`);
  const row = columns.map((column) => `p.${column}`).join(', ');
  return [...(where ? [where] : []), `(${row}) ${order === 'desc' ? '<' : '>'} (${place.join(', ')})`];
};

const inOrder = (alias: string, columns: readonly string[], order: SortOrder): string =>
  columns.map((column) => `${alias}.${column} ${order}`).join(', ');

const shown = [...Object.keys(types), 'position'].map((column) => `p.${column}`).join(', ');

const hidden: Partial<Record<string, string>> = {
  'p.priority_level': '(p.priority_level + 0)',
  'p.created_at': "(p.created_at + interval '0')",
};

/**
 * A range of a column that the list is not sorted by is looked at row by row. Postgres would rather collect
 * the whole range by that column's index and sort it: right for a narrow one, thousands of rows for a wide one.
 */
const besidesOrder =
  (sort: PacketSort) =>
  (condition: string): string =>
    condition.replace(/p\.(priority_level|created_at)/g, (column) =>
      column.includes(sort) ? column : (hidden[column] ?? column),
    );

interface Walk {
  schema: string;
  request: PageRequest;
  conditions: readonly string[];
  parameters: Parameters;
}

/**
 * Walks each status (and stretch) by its index in the wanted order, only as far as the page needs, and
 * merges the walks: the cost does not grow with the number of packets.
 */
const walkStatuses = ({ schema, request, conditions, parameters }: Walk): string => {
  const take = parameters.bind(request.offset + request.limit + 1);
  const walks = stretchesOf(request).map((stretch) => {
    const where = [...conditions, ...standsIn(stretch, request.order, parameters)];
    return `(select ${shown} from ${schema}.packets p
      where ${['p.tenant_id = $1', 'p.status = s.status', ...where].join(' and ')}
      order by ${inOrder('p', stretch.columns, request.order)} limit ${take})`;
  });
  return `unnest($2::text[]) s(status) cross join lateral (${walks.join(' union all ')}) k`;
};

/** Walks one tag, newest first, and looks each packet up. */
const walkTag = ({ schema, request, conditions, parameters }: Walk, tag: string): string => {
  const stretches = stretchesOf(request).map((stretch) =>
    ['true', ...standsIn(stretch, request.order, parameters)].join(' and '),
  );
  const where = ['p.status = any ($2::text[])', ...conditions, `(${stretches.join(' or ')})`].join(' and ');
  return `(select ${ofTag(shown).replace('t.packet_id', 't.packet_id as id')} from ${taggedPackets(schema, parameters.bind(tag))} and ${ofTag(where)}) k`;
};

/**
 * The statement that reads one page, and one row more when there is another page. `$1` is the tenant, `$2`
 * the statuses; the text depends on the shape of the request only, so that it can be prepared.
 */
export const pageSql = (schema: string, tenant: TenantId, list: PacketList): Sql => {
  const { filter, request, tag } = list;
  const parameters = new Parameters();
  parameters.bind(tenant);
  parameters.bind(statusesOf(filter));
  const walk = {
    schema,
    request,
    conditions: conditionsOf(withoutTag(filter, tag), parameters).map(besidesOrder(request.sort)),
    parameters,
  };
  const rows = tag === undefined ? walkStatuses(walk) : walkTag(walk, tag);
  const order = inOrder('k', sortColumns[request.sort], request.order).replace(
    /(deadline \w+)/,
    '$1 nulls last',
  );
  const [limit, offset] = [parameters.bind(request.limit + 1), parameters.bind(request.offset)];
  const text = `
    select k.*, (select position from ${schema}.checkpoints where partition = ${partition}) as checkpoint
    from ${rows} order by ${order} limit ${limit} offset ${offset}`;
  return { text, values: parameters.values };
};
