import { LRUCache } from 'lru-cache';
import type { PacketStatus, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';
import { conditionsOf, Parameters, statusesOf, type PacketFilter } from './filter.js';
import { taggedPackets, withoutTag } from './tag-walk.js';

/** How many packets a filter matches. Above 10,000 they are not counted one by one. */
export interface PacketCount {
  total: number;
  total_capped: boolean;
}

interface Counted {
  checkpoint: string;
  /** Milliseconds since the process began, until which the count is given out even if more was projected. */
  goodUntil: number;
  count: Promise<PacketCount>;
}

const cap = 10_000;
/** At most this share of the time is spent on counting the same thing again: a count of 50 ms holds for one second. */
const shareOfTime = 0.05;
const caches = new WeakMap<DataSource, LRUCache<string, Counted>>();

const cacheOf = (dataSource: DataSource): LRUCache<string, Counted> => {
  const cache = caches.get(dataSource) ?? new LRUCache<string, Counted>({ max: 2_000 });
  caches.set(dataSource, cache);
  return cache;
};

/** From the counters that the projection keeps: exact, whatever the number. */
const countStatuses = async (
  dataSource: DataSource,
  tenant: TenantId,
  statuses: readonly PacketStatus[],
): Promise<PacketCount> => {
  const [row] = await queryPrepared<{ total: string | null }>(dataSource, {
    text: `select sum(packets) as total from ${schemaOf(dataSource)}.packet_counts
      where tenant_id = $1 and status = any ($2::text[])`,
    values: [tenant, statuses],
  });
  return { total: Number(row?.total ?? 0), total_capped: false };
};

const countRows = async (
  dataSource: DataSource,
  tenant: TenantId,
  { filter, tag }: { filter: PacketFilter; tag: string | undefined },
): Promise<PacketCount> => {
  const schema = schemaOf(dataSource);
  const parameters = new Parameters();
  parameters.bind(tenant);
  const from =
    tag === undefined
      ? `${schema}.packets p where p.tenant_id = $1`
      : taggedPackets(schema, parameters.bind(tag));
  const where = [
    `p.status = any (${parameters.bind(statusesOf(filter))}::text[])`,
    ...conditionsOf(withoutTag(filter, tag), parameters),
  ].join(' and ');
  const [row] = await queryPrepared<{ found: string }>(dataSource, {
    text: `select count(*) as found from (select 1 from ${from} and ${where} limit ${cap + 1}) counted`,
    values: parameters.values,
  });
  const found = Number(row?.found ?? 0);
  return { total: Math.min(found, cap), total_capped: found > cap };
};

const count = (dataSource: DataSource, tenant: TenantId, wanted: Wanted): Promise<PacketCount> => {
  const { status: _status, ...narrower } = wanted.filter;
  const isByStatus = Object.keys(narrower).length === 0;
  return isByStatus
    ? countStatuses(dataSource, tenant, statusesOf(wanted.filter))
    : countRows(dataSource, tenant, wanted);
};

interface Wanted {
  filter: PacketFilter;
  tag: string | undefined;
}

/**
 * Counts what a filter matches, once per checkpoint. A count that takes long is given out a while longer,
 * so that lists of a busy tenant do not spend their time on it: the total may be some moments old then.
 */
export const countPackets = (
  dataSource: DataSource,
  tenant: TenantId,
  { checkpoint, ...wanted }: Wanted & { checkpoint: string },
): Promise<PacketCount> => {
  const cache = cacheOf(dataSource);
  const key = JSON.stringify([tenant, wanted.filter]);
  const known = cache.get(key);
  const now = performance.now();
  // What is overdue changes without any event.
  const isTimeless = wanted.filter.overdue === undefined;
  if (known && ((isTimeless && known.checkpoint === checkpoint) || now < known.goodUntil)) return known.count;
  const counting: Counted = { checkpoint, goodUntil: Infinity, count: count(dataSource, tenant, wanted) };
  cache.set(key, counting);
  const done = () => (counting.goodUntil = now + (performance.now() - now) / shareOfTime);
  counting.count.then(done, () => cache.delete(key));
  return counting.count;
};
