import { LRUCache } from 'lru-cache';
import type { PacketStatus, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';
import { conditionsOf, Parameters, statusesOf, type PacketFilter } from './filter.js';

/** How many packets a filter matches. Above 10,000 they are not counted one by one. */
export interface PacketCount {
  total: number;
  total_capped: boolean;
}

const cap = 10_000;
const caches = new WeakMap<DataSource, LRUCache<string, Promise<PacketCount>>>();

const cacheOf = (dataSource: DataSource): LRUCache<string, Promise<PacketCount>> => {
  const cache = caches.get(dataSource) ?? new LRUCache<string, Promise<PacketCount>>({ max: 2_000 });
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
  filter: PacketFilter,
): Promise<PacketCount> => {
  const parameters = new Parameters();
  const where = [
    `p.tenant_id = ${parameters.bind(tenant)}`,
    `p.status = any (${parameters.bind(statusesOf(filter))}::text[])`,
    ...conditionsOf(filter, parameters),
  ];
  const [row] = await queryPrepared<{ found: string }>(dataSource, {
    text: `select count(*) as found from
      (select 1 from ${schemaOf(dataSource)}.packets p where ${where.join(' and ')} limit ${cap + 1}) counted`,
    values: parameters.values,
  });
  const found = Number(row?.found ?? 0);
  return { total: Math.min(found, cap), total_capped: found > cap };
};

const count = (dataSource: DataSource, tenant: TenantId, filter: PacketFilter): Promise<PacketCount> => {
  const { status: _status, ...narrower } = filter;
  const isByStatus = Object.keys(narrower).length === 0;
  return isByStatus
    ? countStatuses(dataSource, tenant, statusesOf(filter))
    : countRows(dataSource, tenant, filter);
};

/**
 * Counts once per tenant, filter and checkpoint: as long as nothing new is projected, a list that is asked
 * for again, or for its next page, is not counted again.
 */
export const countPackets = (
  dataSource: DataSource,
  tenant: TenantId,
  { filter, checkpoint }: { filter: PacketFilter; checkpoint: string },
): Promise<PacketCount> => {
  // What is overdue changes without any event.
  if (filter.overdue !== undefined) return count(dataSource, tenant, filter);
  const cache = cacheOf(dataSource);
  const key = JSON.stringify([tenant, checkpoint, filter]);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const counting = count(dataSource, tenant, filter);
  cache.set(key, counting);
  counting.catch(() => cache.delete(key));
  return counting;
};
