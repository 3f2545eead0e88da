import type { PacketStatus, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { MoreThan, MoreThanOrEqual } from 'typeorm';
import { type Backlog, backlogOf } from './backlog.js';
import { quantile } from './histogram.js';
import { ActivityEntity, PacketCountEntity } from './stats.entity.js';

export interface Durations {
  count: number;
  mean_ms: number;
  /** The upper end of a histogram bin: at most 9 % over the true value. */
  p95_ms: number;
}

export interface Stats {
  by_status: Record<PacketStatus, number>;
  total: number;
  /** Failed packets with every attempt used up; part of `by_status.failed`. */
  dead_letters: number;
  /** Live packets past their deadline; at 10,000 the count ends. */
  overdue: number;
  overdue_capped: boolean;
  /** Packets that wait to be claimed, by priority. */
  waiting: Backlog['waiting'];
  /** Since the packet on offer that has waited longest was offered, or changed; null when none waits. */
  oldest_waiting_seconds: number | null;
  /** Checkpoints that wait for people. */
  approvals_open: number;
  /** Of these, those past the time to answer or to the next step; at 10,000 the count ends. */
  approvals_overdue: number;
  /** The running hour and the 23 before it. */
  last_24h: Record<(typeof kinds)[number], number>;
  /** Over the same hours; null when there was none. */
  time_to_claim: Durations | null;
  time_to_complete: Durations | null;
  /** From a request for approval to what people decided. */
  time_to_decision: Durations | null;
}

const statuses: readonly PacketStatus[] = [
  'created',
  'claimed',
  'in_progress',
  'awaiting_human',
  'completed',
  'failed',
  'rejected',
  'cancelled',
  'expired',
];
const kinds = [
  'created',
  'claimed',
  'completed',
  'failed',
  'rejected',
  'cancelled',
  'expired',
  'attempts',
  'claims_lost',
  'retried',
  'approvals_approved',
  'approvals_denied',
  'approvals_answered',
  'approvals_timed_out',
  'approvals_voided',
] as const;
const mostOverdue = 10_000;
const hourMs = 3_600_000;

interface Bin {
  kind: string;
  bin: number;
  events: number;
  total_ms: number;
}

const durations = (bins: readonly Bin[], kind: string): Durations | null => {
  const own = bins.filter((row) => row.kind === kind).sort((a, b) => a.bin - b.bin);
  const count = own.reduce((sum, { events }) => sum + events, 0);
  if (count === 0) return null;
  const total = own.reduce((sum, { total_ms }) => sum + total_ms, 0);
  return { count, mean_ms: Math.round(total / count), p95_ms: quantile(own, 0.95) };
};

/** Counts by status, what waits, what happened within a day, and how long packets waited: from counters and indexes. */
export const stats = async (
  dataSource: DataSource,
  tenant: TenantId,
  now: Date = new Date(),
): Promise<Stats> => {
  const counts = await dataSource.getRepository(PacketCountEntity).findBy({ tenant_id: tenant });
  const count = new Map(counts.map(({ status, packets }) => [status, Number(packets)]));
  const [bins, { overdue, ...standing }] = await Promise.all([
    binsSince(dataSource, tenant, new Date(now.getTime() - 24 * hourMs)),
    backlogOf(dataSource, tenant, now),
  ]);
  const events = (kind: string) =>
    bins.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.events, 0);
  const by_status = Object.fromEntries(statuses.map((status) => [status, count.get(status) ?? 0]));
  return {
    by_status: by_status as Stats['by_status'],
    total: statuses.reduce((sum, status) => sum + (count.get(status) ?? 0), 0),
    ...standing,
    overdue: Math.min(overdue, mostOverdue),
    overdue_capped: overdue > mostOverdue,
    approvals_overdue: Math.min(standing.approvals_overdue, mostOverdue),
    last_24h: Object.fromEntries(kinds.map((kind) => [kind, events(kind)])) as Stats['last_24h'],
    time_to_claim: durations(bins, 'time_to_claim'),
    time_to_complete: durations(bins, 'time_to_complete'),
    time_to_decision: durations(bins, 'time_to_decision'),
  };
};

/** How many packets a tenant has made since the beginning of an hour. */
export const packetsMadeSince = async (
  dataSource: DataSource,
  tenant: TenantId,
  hour: Date,
): Promise<number> => {
  const [row] = await dataSource
    .getRepository(ActivityEntity)
    .createQueryBuilder('a')
    .select('sum(a.events)', 'made')
    .where({ tenant_id: tenant, kind: 'created', hour: MoreThanOrEqual(hour) })
    .getRawMany<{ made: string | null }>();
  return Number(row?.made ?? 0);
};

const binsSince = async (dataSource: DataSource, tenant: TenantId, hour: Date): Promise<Bin[]> => {
  const rows = await dataSource
    .getRepository(ActivityEntity)
    .createQueryBuilder('a')
    .select(['a.kind as kind', 'a.bin as bin', 'sum(a.events) as events', 'sum(a.total_ms) as total_ms'])
    .where({ tenant_id: tenant, hour: MoreThan(hour) })
    .groupBy('a.kind, a.bin')
    .getRawMany<{ kind: string; bin: number; events: string; total_ms: string }>();
  return rows.map(({ kind, bin, events, total_ms }) => ({
    kind,
    bin,
    events: Number(events),
    total_ms: Number(total_ms),
  }));
};
