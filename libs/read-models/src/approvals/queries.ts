import type { Approval, ApprovalState, Instant, PacketId, PacketStatus, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { Parameters } from '../packets/filter.js';
import { queryPrepared } from '../prepared.js';
import { formatApprovalCursor, type ApprovalCursor } from './cursor.js';
import { inboxOf } from './project.js';

/** What an inbox is narrowed to; every part that is given must hold. */
export interface ApprovalFilter {
  /** Any of these. */
  states?: readonly ApprovalState[];
  /** Those that name this user or group, and those that anybody may answer. */
  approver?: string;
  /** Open, and past the time to answer or to the next step. */
  overdue?: boolean;
  packet_id?: PacketId;
}

/** A checkpoint as the read models have it. */
export interface StoredApproval {
  packet_id: PacketId;
  approval: Approval;
}

/** A checkpoint with what an approver wants to know of its packet. */
export interface InboxEntry extends StoredApproval {
  packet: {
    status: PacketStatus;
    /** The first 500 characters. */
    summary: string;
    priority_level: number;
    source_agent: string;
    target_agent: string | null;
  };
}

export interface InboxPage {
  approvals: InboxEntry[];
  /** Of the whole filter. */
  total: number;
  /** There are more than the 10,000 that were counted. */
  total_capped: boolean;
  limit: number;
  next_cursor: string | null;
}

export interface InboxRequest {
  filter: ApprovalFilter;
  /** 1-200. */
  limit: number;
  /** Where the page before ended (`parseApprovalCursor`). */
  cursor?: ApprovalCursor;
}

const everyState = ['open', 'approved', 'denied', 'answered', 'timed_out', 'voided'] as const;

const cap = 10_000;

/** One checkpoint by its id, or undefined when there is none (yet). */
export const approvalById = async (
  dataSource: DataSource,
  tenant: TenantId,
  id: string,
): Promise<StoredApproval | undefined> => {
  const [row] = await queryPrepared<StoredApproval>(dataSource, {
    text: `select packet_id, approval from ${schemaOf(dataSource)}.approvals where tenant_id = $1 and id = $2`,
    values: [tenant, id],
  });
  return row;
};

interface Narrowed {
  tenant: TenantId;
  filter: ApprovalFilter;
  states: readonly ApprovalState[];
  parameters: Parameters;
}

const statesOf = ({ states = everyState, overdue }: ApprovalFilter): ApprovalState[] =>
  states.filter((state) => overdue !== true || state === 'open');

const conditionsOf = ({ tenant, filter, states, parameters }: Narrowed): string[] => {
  const { approver, overdue, packet_id } = filter;
  const inboxes = (one: string) =>
    states.flatMap((state) => [inboxOf(tenant, state), inboxOf(tenant, state, one)]);
  return [
    ...(approver === undefined ? [] : [`a.inboxes && ${parameters.bind(inboxes(approver))}::text[]`]),
    ...(overdue === true ? ['a.due_at < now()'] : []),
    ...(overdue === false ? [`not (a.state = 'open' and a.due_at < now())`] : []),
    ...(packet_id === undefined ? [] : [`a.packet_id = ${parameters.bind(packet_id)}`]),
  ];
};

const place = ['due_at', 'requested_at', 'id'] as const;
const inOrder = (alias: string): string => place.map((column) => `${alias}.${column}`).join(', ');

interface Page extends Narrowed {
  schema: string;
  request: InboxRequest;
}

/** Walks each state by the index that has it in the wanted order, as far as the page needs. */
const walks = ({ schema, request, ...narrowed }: Page): string => {
  const { parameters, states, filter, tenant } = narrowed;
  const { cursor, limit } = request;
  const behind = cursor && [
    `(${inOrder('a')}) > (${parameters.bind(cursor.due_at)}::timestamptz, ${parameters.bind(cursor.requested_at)}::timestamptz, ${parameters.bind(cursor.id)}::text)`,
  ];
  const take = parameters.bind(limit + 1);
  return states
    .map((state) => {
      const own = conditionsOf({ tenant, filter, states: [state], parameters });
      const where = ['a.tenant_id = $1', `a.state = '${state}'`, ...own, ...(behind ?? [])].join(' and ');
      return `(select a.* from ${schema}.approvals a where ${where} order by ${inOrder('a')} limit ${take})`;
    })
    .join(' union all ');
};

type Row = StoredApproval & InboxEntry['packet'] & { id: string; requested_at: Date; due_at: Date | number };

const readRows = (dataSource: DataSource, tenant: TenantId, request: InboxRequest): Promise<Row[]> => {
  const { filter } = request;
  const parameters = new Parameters();
  parameters.bind(tenant);
  const schema = schemaOf(dataSource);
  const page = walks({ schema, request, tenant, filter, states: statesOf(filter), parameters });
  const limit = parameters.bind(request.limit + 1);
  return queryPrepared<Row>(dataSource, {
    text: `select a.id, a.packet_id, a.requested_at, a.due_at, a.approval,
        p.status, p.summary, p.priority_level, p.source_agent, p.target_agent
      from (select * from (${page}) k order by ${inOrder('k')} limit ${limit}) a
      join ${schema}.packets p on p.tenant_id = $1 and p.id = a.packet_id
      order by ${inOrder('a')}`,
    values: parameters.values,
  });
};

const count = async (dataSource: DataSource, tenant: TenantId, filter: ApprovalFilter): Promise<number> => {
  const parameters = new Parameters();
  const states = statesOf(filter);
  const where = [
    `a.tenant_id = ${parameters.bind(tenant)}`,
    `a.state = any (${parameters.bind(states)}::text[])`,
    ...conditionsOf({ tenant, filter, states, parameters }),
  ].join(' and ');
  const [row] = await queryPrepared<{ found: string }>(dataSource, {
    text: `select count(*) as found
      from (select 1 from ${schemaOf(dataSource)}.approvals a where ${where} limit ${cap + 1}) counted`,
    values: parameters.values,
  });
  return Number(row?.found ?? 0);
};

const cursorBehind = ({ id, requested_at, due_at }: Row): string =>
  formatApprovalCursor({
    id,
    requested_at: requested_at.toISOString() as Instant,
    due_at: due_at instanceof Date ? (due_at.toISOString() as Instant) : 'infinity',
  });

const entryOf = ({ packet_id, approval, ...row }: Row): InboxEntry => {
  const { status, summary, priority_level, source_agent, target_agent } = row;
  return { packet_id, approval, packet: { status, summary, priority_level, source_agent, target_agent } };
};

/** The checkpoints that a filter matches: those due first come first, those never due last, then by age. */
export const listApprovals = async (
  dataSource: DataSource,
  tenant: TenantId,
  request: InboxRequest,
): Promise<InboxPage> => {
  const isEmpty = statesOf(request.filter).length === 0;
  const [rows, found] = isEmpty
    ? [[], 0]
    : await Promise.all([readRows(dataSource, tenant, request), count(dataSource, tenant, request.filter)]);
  const shown = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? shown.at(-1) : undefined;
  return {
    approvals: shown.map(entryOf),
    total: Math.min(found, cap),
    total_capped: found > cap,
    limit: request.limit,
    next_cursor: last === undefined ? null : cursorBehind(last),
  };
};
