import type { PacketDocument, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { documentOf, type StoredPacket } from '../packets/document-text.js';
import { conditionsOf, Parameters, statusesOf, type PacketFilter } from '../packets/filter.js';
import { queryPrepared, type Sql } from '../prepared.js';
import { highlights } from './highlight.js';
import { language, segmentSize } from './language.js';

/**
 * Matches that are ranked: the newest ones, by segment. It keeps the answer to a common word as quick as
 * that to a rare one.
 */
const mostRanked = 500;

export interface SearchRequest {
  /** Web-search syntax: words, "quoted phrases", or, -not. */
  q: string;
  filter?: PacketFilter;
  /** 1-200, default 50. */
  limit?: number;
  /** How many of the ranked matches to skip. */
  offset?: number;
}

export interface SearchPage {
  /** Best first. */
  packets: FoundPacket[];
  /** Matches that were ranked; `total_capped` when there may be more. */
  total: number;
  total_capped: boolean;
  limit: number;
  offset: number;
  /** Give it as `offset` for the next page; null at the end. */
  next_offset: number | null;
}

export interface FoundPacket {
  packet: PacketDocument;
  /** HTML-escaped pieces of the packet's text, the matches in `<mark>`. */
  highlights: string[];
}

type Row = StoredPacket & { found: string };

/**
 * Goes through the tenant's segments from the newest on, each by one index lookup (`'<tenant> <segment>'`
 * and the words), until enough matches are found; ranks these, and reads the packets of the page.
 */
const searchSql = (schema: string, tenant: TenantId, request: Required<SearchRequest>): Sql => {
  const parameters = new Parameters();
  const [who, statuses] = [parameters.bind(tenant), parameters.bind(statusesOf(request.filter))];
  const query = `websearch_to_tsquery('${language}', ${parameters.bind(request.q)})`;
  const where = [`p.status = any (${statuses}::text[])`, ...conditionsOf(request.filter, parameters)];
  const page = `limit ${parameters.bind(request.limit)} offset ${parameters.bind(request.offset)}`;
  const text = `
    with query as materialized (select ${query} as words),
    segments as materialized (
      select n, ('''' || ${who} || ' ' || n || '''')::tsquery && words as words
      from query, generate_series(
        (select (packets - 1) / ${segmentSize} from ${schema}.search_counts where tenant_id = ${who}), 0, -1
      ) n where numnode(words) > 0
    ), matches as materialized (
      select m.* from segments s cross join lateral (
        select f.packet_id, f.words from ${schema}.packet_search f
        join ${schema}.packets p on p.tenant_id = f.tenant_id and p.id = f.packet_id
        where f.words @@ s.words and f.tenant_id = ${who} and ${where.join(' and ')}
      ) m limit ${mostRanked}
    ), ranked as (
      select packet_id, ts_rank(m.words, query.words, 1) as rank, count(*) over () as found
      from matches m, query order by rank desc, packet_id desc ${page}
    )
    select p.position, p.head::text as head, p.body::text as body, r.found
    from ranked r join ${schema}.packets p on p.tenant_id = ${who} and p.id = r.packet_id
    order by r.rank desc, r.packet_id desc`;
  return { text, values: parameters.values };
};

const withDefaults = ({
  q,
  filter = {},
  limit = 50,
  offset = 0,
}: SearchRequest): Required<SearchRequest> => ({
  q,
  filter,
  limit: Math.min(Math.max(limit, 1), 200),
  offset: Math.min(Math.max(offset, 0), mostRanked),
});

/** Packets that speak of something, best first. Any `q` is safe; one without a searchable word finds nothing. */
export const searchPackets = async (
  dataSource: DataSource,
  tenant: TenantId,
  search: SearchRequest,
): Promise<SearchPage> => {
  const request = withDefaults(search);
  const rows = await queryPrepared<Row>(dataSource, searchSql(schemaOf(dataSource), tenant, request));
  const documents = rows.map(documentOf);
  const marked = await highlights(dataSource, request.q, documents);
  const packets = documents.map((packet, index) => ({ packet, highlights: marked[index] ?? [] }));
  const total = Number(rows[0]?.found ?? (request.offset === 0 ? 0 : request.offset));
  const end = request.offset + rows.length;
  return {
    packets,
    total,
    total_capped: total >= mostRanked,
    limit: request.limit,
    offset: request.offset,
    next_offset: rows.length > 0 && end < total ? end : null,
  };
};
