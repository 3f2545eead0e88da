import type { Instant, PacketId, PacketStatus } from '#libs/packet';

/** What a list or a search is narrowed to; every part that is given must hold. */
export interface PacketFilter {
  /** Any of these. */
  status?: readonly PacketStatus[];
  source_agent?: string;
  target_agent?: string;
  claimed_by?: string;
  /** All of these. */
  tags?: readonly string[];
  /** First and last level of the wanted band, 1-10. */
  priority_levels?: readonly [number, number];
  created_after?: Instant;
  created_before?: Instant;
  hitl_required?: boolean;
  dead_letter?: boolean;
  /** Live and past its deadline. */
  overdue?: boolean;
  parent_packet_id?: PacketId;
  /** The packets of a chain, its root included. */
  root_id?: PacketId;
}

/** Parameters of one statement, numbered as they are bound. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Binds a value and returns its place: `$3`. */
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

const live = ['created', 'claimed', 'in_progress', 'awaiting_human'] as const;
const ended = ['completed', 'failed', 'rejected', 'cancelled', 'expired'] as const;
const every: readonly PacketStatus[] = [...live, ...ended];

/** The statuses that can match: the filter's own, and only live ones for what is overdue. */
export const statusesOf = ({ status = every, overdue }: PacketFilter): PacketStatus[] =>
  every.filter((one) => status.includes(one) && (overdue !== true || live.some((alive) => alive === one)));

/** One condition per part of the filter, on the alias `p`. The status is left to the query that walks it. */
type Parts = Required<Omit<PacketFilter, 'status'>>;
type Bind = (value: unknown) => string;
type Conditions = { [K in keyof Parts]: (value: Parts[K], bind: Bind) => string };

const is = (column: string) => (value: string, bind: Bind) => `p.${column} = ${bind(value)}`;
const flag = (column: string) => (value: boolean) => `${value ? '' : 'not '}p.${column}`;

const conditions: Conditions = {
  source_agent: is('source_agent'),
  target_agent: is('target_agent'),
  claimed_by: is('claimed_by'),
  tags: (tags, bind) => `p.tags @> ${bind(tags)}::text[]`,
  priority_levels: ([from, to], bind) => `p.priority_level between ${bind(from)} and ${bind(to)}`,
  created_after: (at, bind) => `p.created_at > ${bind(at)}::timestamptz`,
  created_before: (at, bind) => `p.created_at < ${bind(at)}::timestamptz`,
  hitl_required: flag('hitl_required'),
  dead_letter: flag('dead_letter'),
  overdue: (overdue) =>
    overdue
      ? 'p.deadline < now()'
      : `(p.deadline is null or p.deadline >= now() or p.status in (${ended.map((one) => `'${one}'`).join(', ')}))`,
  parent_packet_id: is('parent_packet_id'),
  // Two narrow index lookups: only packets that have a parent are indexed by their root.
  root_id: (root, bind) => {
    const id = bind(root);
    return `(p.id = ${id} or (p.root_id = ${id} and p.parent_packet_id is not null))`;
  },
};

const conditionOf = <K extends keyof Parts>(key: K, parts: Partial<Parts>, bind: Bind): string[] => {
  const value: Parts[K] | undefined = parts[key];
  return value === undefined ? [] : [conditions[key](value, bind)];
};

/** The filter as SQL conditions on the alias `p`, without status and tenant. */
export const conditionsOf = (filter: PacketFilter, parameters: Parameters): string[] =>
  (Object.keys(conditions) as (keyof Parts)[]).flatMap((key) =>
    conditionOf(key, filter, (value) => parameters.bind(value)),
  );
