import type { PacketDocument, PacketId, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { checkpoint } from '../checkpoint/queries.js';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';
import { countPackets, type PacketCount } from './count.js';
import { formatCursor, type Place, type PacketCursor, type PacketSort, type SortOrder } from './cursor.js';
import { documentTexts, type PacketVersion } from './document-text.js';
import type { PacketFilter } from './filter.js';
import { pageSql, type PageRequest } from './page-sql.js';
import { tagToWalk } from './tag-walk.js';

export interface ListRequest {
  /** Default `created_at`. */
  sort?: PacketSort;
  /** Default `desc`. */
  order?: SortOrder;
  /** 1-200, default 50. */
  limit?: number;
  /** Rows to skip, behind the cursor if there is one; at most 10,000. */
  offset?: number;
  /** Where the page before ended (`parseCursor`). */
  cursor?: PacketCursor;
}

export interface PacketPage extends PacketCount {
  packets: PacketDocument[];
  limit: number;
  offset: number;
  next_cursor: string | null;
}

/** A page whose packets are still bytes: a long list is copied as it is, not printed again for each answer. */
export type PacketPageText = Omit<PacketPage, 'packets'> & {
  /** `PacketDocument`s, each as JSON in UTF-8. */
  packets: Buffer[];
};

type Row = PacketVersion & Place & { checkpoint: string | null };

const maxOffset = 10_000;
const clamp = (value: number, from: number, to: number): number => Math.min(Math.max(value, from), to);

const withDefaults = ({ sort, order, limit, offset, cursor }: ListRequest): PageRequest => ({
  sort: sort ?? 'created_at',
  order: order ?? 'desc',
  limit: clamp(limit ?? 50, 1, 200),
  offset: clamp(offset ?? 0, 0, maxOffset),
  ...(cursor && { cursor }),
});

interface Wanted {
  filter: PacketFilter;
  request: PageRequest;
}

/** The rows of a page and one more if there is one, and what counts all that the filter matches. */
const readRows = async (dataSource: DataSource, tenant: TenantId, { filter, request }: Wanted) => {
  const tag = await tagToWalk(dataSource, tenant, { filter, sort: request.sort });
  const sql = pageSql(schemaOf(dataSource), tenant, { filter, request, tag });
  const rows = await queryPrepared<Row>(dataSource, sql);
  const position = rows[0]?.checkpoint ?? String(await checkpoint(dataSource));
  const count = () => countPackets(dataSource, tenant, { filter, tag, checkpoint: position });
  return { rows, shown: rows.slice(0, request.limit), count };
};

const readPage = async (dataSource: DataSource, tenant: TenantId, { filter, request }: Wanted) => {
  const { rows, shown, count: counted } = await readRows(dataSource, tenant, { filter, request });
  const [count, texts] = await Promise.all([counted(), documentTexts(dataSource, tenant, shown)]);
  const last = rows.length > request.limit ? shown.at(-1) : undefined;
  const next_cursor = last === undefined ? null : formatCursor(request.sort, request.order, last);
  return { texts, page: { ...count, limit: request.limit, offset: request.offset, next_cursor } };
};

/**
 * The packets that a filter matches, a page of them, newest first unless another order is asked for; the
 * documents as JSON, as an answer over HTTP needs them.
 */
export const listPacketsText = async (
  dataSource: DataSource,
  tenant: TenantId,
  list: { filter?: PacketFilter; page?: ListRequest } = {},
): Promise<PacketPageText> => {
  const request = withDefaults(list.page ?? {});
  const { texts, page } = await readPage(dataSource, tenant, { filter: list.filter ?? {}, request });
  return { packets: texts, ...page };
};

/** `listPacketsText` with the documents as objects. */
export const listPackets = async (
  dataSource: DataSource,
  tenant: TenantId,
  list: { filter?: PacketFilter; page?: ListRequest } = {},
): Promise<PacketPage> => {
  const { packets, ...page } = await listPacketsText(dataSource, tenant, list);
  return { packets: packets.map((text) => JSON.parse(text.toString()) as PacketDocument), ...page };
};

/** Ids of the packets that a filter matches, oldest first and `limit` at most, and how many it matches in all. */
export const matchPackets = async (
  dataSource: DataSource,
  tenant: TenantId,
  { filter, limit }: { filter: PacketFilter; limit: number },
): Promise<PacketCount & { ids: PacketId[] }> => {
  const request: PageRequest = { sort: 'created_at', order: 'asc', limit, offset: 0 };
  const { rows, shown, count } = await readRows(dataSource, tenant, { filter, request });
  const hasMore = rows.length > limit;
  const counted = hasMore ? await count() : { total: shown.length, total_capped: false };
  return { ids: shown.map(({ id }) => id), ...counted };
};
