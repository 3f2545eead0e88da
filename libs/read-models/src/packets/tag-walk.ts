import { LRUCache } from 'lru-cache';
import type { TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';
import type { PacketSort } from './cursor.js';
import type { PacketFilter } from './filter.js';

/** A tag with more packets than this is common: all of them are too many to look up for one page. */
const rare = 5_000;
const rememberedMs = 30_000;
const caches = new WeakMap<DataSource, LRUCache<string, number>>();

const cacheOf = (dataSource: DataSource): LRUCache<string, number> => {
  const cache = caches.get(dataSource) ?? new LRUCache<string, number>({ max: 5_000, ttl: rememberedMs });
  caches.set(dataSource, cache);
  return cache;
};

/** How many packets carry a tag, counted as far as it takes to call it common. */
const sizeOf = async (dataSource: DataSource, tenant: TenantId, tag: string): Promise<number> => {
  const cache = cacheOf(dataSource);
  const known = cache.get(`${tenant} ${tag}`);
  if (known !== undefined) return known;
  const [row] = await queryPrepared<{ size: string }>(dataSource, {
    text: `select count(*) as size from (select 1 from ${schemaOf(dataSource)}.packet_tags
      where tenant_id = $1 and tag = $2 limit ${rare + 1}) counted`,
    values: [tenant, tag],
  });
  const size = Number(row?.size ?? 0);
  cache.set(`${tenant} ${tag}`, size);
  return size;
};

/** Filters that an index of the packets narrows down to fewer rows than a common tag would. */
const isNarrowed = ({ source_agent, target_agent, claimed_by, dead_letter }: PacketFilter): boolean =>
  source_agent !== undefined ||
  target_agent !== undefined ||
  claimed_by !== undefined ||
  dead_letter === true;

/**
 * Which tag of a filter a list should walk, if any. Postgres cannot tell: its statistics know neither one
 * tenant's tags nor that the walk ends with the page.
 */
export const tagToWalk = async (
  dataSource: DataSource,
  tenant: TenantId,
  { filter, sort }: { filter: PacketFilter; sort: PacketSort },
): Promise<string | undefined> => {
  const { tags = [], parent_packet_id, root_id } = filter;
  if (tags.length === 0 || parent_packet_id !== undefined || root_id !== undefined) return undefined;
  const sizes = await Promise.all(tags.map((tag) => sizeOf(dataSource, tenant, tag)));
  const smallest = Math.min(...sizes);
  const isWalked = smallest <= rare || (sort === 'created_at' && !isNarrowed(filter));
  return isWalked ? tags[sizes.indexOf(smallest)] : undefined;
};

/**
 * The packets of one tag of the tenant `$1`, as a `from` and the beginning of its `where`. `offset 0` keeps
 * Postgres from turning the look-ups into a join of both tables.
 */
export const taggedPackets = (schema: string, tag: string): string =>
  `${schema}.packet_tags t cross join lateral (
      select * from ${schema}.packets where tenant_id = t.tenant_id and id = t.packet_id offset 0
    ) p where t.tenant_id = $1 and t.tag = ${tag}`;

/** Names the columns that the tag's own index is ordered by, so that it can be walked in that order. */
export const ofTag = (sql: string): string =>
  sql.replaceAll('p.created_at', 't.created_at').replace(/\bp\.id\b/g, 't.packet_id');

/** What the filter asks beyond the tag that is walked. */
export const withoutTag = (filter: PacketFilter, tag: string | undefined): PacketFilter => {
  if (tag === undefined) return filter;
  const { tags = [], ...rest } = filter;
  const others = tags.filter((one) => one !== tag);
  return others.length === 0 ? rest : { ...rest, tags: others };
};
