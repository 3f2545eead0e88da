import type { PriorityWord, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';
import { waitingAt } from './project.js';

/** What waits, and what should have been done. */
export interface Backlog {
  /** Packets that wait to be claimed. */
  waiting: Record<PriorityWord, number>;
  /** Since the packet on offer that has waited longest was offered, or changed; null when none waits. */
  oldest_waiting_seconds: number | null;
  /** Live packets past their deadline; of each tenant and status only 10,001 are counted. */
  overdue: number;
  /** Failed packets with every attempt used up. */
  dead_letters: number;
  /** Checkpoints that wait for people. */
  approvals_open: number;
  /** Of these, those past the time to answer or to the next step; of each tenant only 10,001 are counted. */
  approvals_overdue: number;
}

interface Row {
  counts: Record<string, number> | null;
  waited: string | null;
  overdue: string;
  late_approvals: string;
}

const priorities: readonly PriorityWord[] = ['low', 'normal', 'high', 'critical'];
const live = ['created', 'claimed', 'in_progress', 'awaiting_human'];

/**
 * The counters tell how much there is and where to look: then one step in an index per tenant finds the
 * oldest, and what is overdue stands together in another.
 */
const backlogSql = (schema: string): string => `
  with held as (select * from ${schema}.packet_counts where packets > 0 and ($1::text is null or tenant_id = $1))
  select
    (select json_object_agg(status, packets) from
      (select status, sum(packets) as packets from held group by status) summed) as counts,
    (select extract(epoch from $2::timestamptz - min(oldest.since)) from held h cross join lateral (
      select greatest(p.updated_at, p.available_at) as since from ${schema}.packets p
      where p.tenant_id = h.tenant_id and p.status = h.status
        and (p.available_at is null or p.available_at <= $2::timestamptz)
      order by p.updated_at, p.id limit 1) oldest
      where h.status = 'created') as waited,
    (select count(*) from held h cross join lateral (
      select from ${schema}.packets p
      where p.tenant_id = h.tenant_id and p.status = h.status and p.deadline < $2::timestamptz limit 10001) late
      where h.status = any ($3::text[])) as overdue,
    (select count(*) from held h cross join lateral (
      select from ${schema}.approvals a
      where a.tenant_id = h.tenant_id and a.state = 'open' and a.due_at < $2::timestamptz limit 10001) late
      where h.status = 'awaiting_human') as late_approvals`;

const waitedSeconds = (waited: string | null | undefined): number | null =>
  typeof waited === 'string' ? Math.max(0, Math.round(Number(waited))) : null;

const backlog = async (dataSource: DataSource, tenant: TenantId | null, now: Date): Promise<Backlog> => {
  const text = backlogSql(schemaOf(dataSource));
  const [row] = await queryPrepared<Row>(dataSource, { text, values: [tenant, now, live] });
  const countOf = (counter: string): number => Number(row?.counts?.[counter] ?? 0);
  const waiting = Object.fromEntries(priorities.map((word) => [word, countOf(waitingAt(word))]));
  return {
    waiting: waiting as Backlog['waiting'],
    oldest_waiting_seconds: waitedSeconds(row?.waited),
    overdue: Number(row?.overdue ?? 0),
    dead_letters: countOf('dead_letter'),
    // A packet waits for people exactly while one checkpoint of it is open.
    approvals_open: countOf('awaiting_human'),
    approvals_overdue: Number(row?.late_approvals ?? 0),
  };
};

/** The backlog of one tenant. */
export const backlogOf = (dataSource: DataSource, tenant: TenantId, now = new Date()): Promise<Backlog> =>
  backlog(dataSource, tenant, now);

/** The backlog of the whole rail: for those who run it, never for a tenant. */
export const backlogOfAll = (dataSource: DataSource, now = new Date()): Promise<Backlog> =>
  backlog(dataSource, null, now);
