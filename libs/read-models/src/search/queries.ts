import type { PacketDocument, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { documentTexts, type PacketVersion } from '../packets/document-text.js';
import { conditionsOf, Parameters, statusesOf, type PacketFilter } from '../packets/filter.js';
import { queryPrepared, type Sql } from '../prepared.js';
import { highlights } from './highlight.js';
import { language, segmentSize } from './language.js';

/**
 * Matches that are ranked: the newest ones, by segment. It keeps the answer to a common word as quick as
 * that to a rare one.
 */
const mostRanked = 500;
/** Packets with the words that are held against phrases and the filter, the newest ones. */
const mostExamined = 5_000;

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

type Row = PacketVersion & { matched: string; examined: string };

/**
 * Goes through the tenant's segments from the newest on, each by one index lookup (`'<tenant> <segment>'`
 * and the words; a phrase as its words), until enough packets are found. Those that hold to the phrases and
 * the filter are ranked.
 */
const searchSql = (schema: string, tenant: TenantId, request: Required<SearchRequest>): Sql => {
  const parameters = new Parameters();
  const [who, statuses] = [parameters.bind(tenant), parameters.bind(statusesOf(request.filter))];
  const query = `websearch_to_tsquery('${language}', ${parameters.bind(request.q)})`;
  const where = [`p.status = any (${statuses}::text[])`, ...conditionsOf(request.filter, parameters)];
  const page = `limit ${parameters.bind(request.limit)} offset ${parameters.bind(request.offset)}`;
  const text = `
    with query as materialized (
      select words, regexp_replace(words::text, '<(-|\\d+)>', '&', 'g')::tsquery as loose from (select ${query} as words) q
    ), segments as materialized (
      select ('''' || ${who} || ' ' || n || '''')::tsquery && loose as words
      from query, generate_series(
        (select (packets - 1) / ${segmentSize} from ${schema}.search_counts where tenant_id = ${who}), 0, -1
      ) n where numnode(loose) > 0
    ), found as materialized (
      select f.* from segments s cross join lateral (
        select packet_id, words from ${schema}.packet_search where words @@ s.words and tenant_id = ${who}
      ) f limit ${mostExamined}
    ), matches as materialized (
      select f.packet_id, f.words, p.position from query, found f
      join ${schema}.packets p on p.tenant_id = ${who} and p.id = f.packet_id
      where f.words @@ query.words and ${where.join(' and ')} limit ${mostRanked}
    ), ranked as (
      select packet_id, position, ts_rank(m.words, query.words, 1) as rank, count(*) over () as matched
      from matches m, query order by rank desc, packet_id desc ${page}
    )
    select packet_id as id, position, matched, (select count(*) from found) as examined
    from ranked order by rank desc, packet_id desc`;
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
  const texts = await documentTexts(dataSource, tenant, rows);
  const documents = texts.map((text) => JSON.parse(text) as PacketDocument);
  const marked = await highlights(dataSource, request.q, documents);
  const packets = documents.map((packet, index) => ({ packet, highlights: marked[index] ?? [] }));
  const [first] = rows;
  const total = Number(first?.matched ?? request.offset);
  const end = request.offset + rows.length;
  return {
    packets,
    total,
    total_capped: total >= mostRanked || Number(first?.examined ?? 0) >= mostExamined,
    limit: request.limit,
    offset: request.offset,
    next_offset: rows.length > 0 && end < total ? end : null,
  };
};
