import type { PacketDocument, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { documentTexts, type PacketVersion } from '../packets/document-text.js';
import { conditionsOf, Parameters, statusesOf, type PacketFilter } from '../packets/filter.js';
import { queryPrepared, type Sql } from '../prepared.js';
import { highlightsIn } from './highlight.js';
import { parseQuery, type SearchQuery } from './query.js';
import { segmentSize } from './segments.js';
import { searchText } from './text.js';

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

interface Search {
  request: Required<SearchRequest>;
  query: SearchQuery;
}

type Row = PacketVersion & { matched: string; examined: string | null };

/**
 * Goes through the tenant's segments from the newest on, each by one index lookup (`'<tenant> <segment>'`
 * and the words; a phrase as its words), until enough packets are found. Those that hold to the phrases and
 * the filter are ranked.
 */
const searchSql = (schema: string, tenant: TenantId, { request, query }: Search): Sql => {
  const parameters = new Parameters();
  const [who, statuses] = [parameters.bind(tenant), parameters.bind(statusesOf(request.filter))];
  const exact = `${parameters.bind(query.exact)}::tsquery`;
  const loose = `${parameters.bind(query.loose)}::tsquery`;
  const where = [`p.status = any (${statuses}::text[])`, ...conditionsOf(request.filter, parameters)];
  const page = `limit ${parameters.bind(request.limit)} offset ${parameters.bind(request.offset)}`;
  const text = `
    with segments as materialized (
      select ('''' || ${who} || ' ' || n || '''')::tsquery && ${loose} as words from generate_series(
        (select (packets - 1) / ${segmentSize} from ${schema}.search_counts where tenant_id = ${who}), 0, -1
      ) n
    ), found as materialized (
      select f.* from segments s cross join lateral (
        select packet_id, words from ${schema}.packet_search where words @@ s.words
      ) f limit ${mostExamined}
    ), matches as materialized (
      select f.packet_id, f.words, p.position from found f
      join ${schema}.packets p on p.tenant_id = ${who} and p.id = f.packet_id
      where f.words @@ ${exact} and ${where.join(' and ')} limit ${mostRanked}
    ), ranked as (
      select packet_id, position, ts_rank(words, ${exact}, 1) as rank, count(*) over () as matched
      from matches order by rank desc, packet_id desc ${page}
    )
    select packet_id as id, position, matched,
      case when matched < ${mostRanked} then (select count(*) from found) end as examined
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

const found = (text: string, { words }: SearchQuery): FoundPacket => {
  const packet = JSON.parse(text) as PacketDocument;
  const { title, text: rest } = searchText(packet);
  return { packet, highlights: highlightsIn(`${title}\n${rest}`, words) };
};

/** Packets that speak of something, best first. Any `q` is safe; one without a searchable word finds nothing. */
export const searchPackets = async (
  dataSource: DataSource,
  tenant: TenantId,
  search: SearchRequest,
): Promise<SearchPage> => {
  const request = withDefaults(search);
  const { limit, offset } = request;
  const query = parseQuery(request.q);
  const nothing = { packets: [], total: 0, total_capped: false, limit, offset, next_offset: null };
  if (query === null) return nothing;
  const rows = await queryPrepared<Row>(
    dataSource,
    searchSql(schemaOf(dataSource), tenant, { request, query }),
  );
  const [first] = rows;
  if (first === undefined) return { ...nothing, total: offset };
  const texts = await documentTexts(dataSource, tenant, rows);
  const total = Number(first.matched);
  return {
    packets: texts.map((text) => found(text.toString(), query)),
    total,
    total_capped: total >= mostRanked || Number(first.examined ?? 0) >= mostExamined,
    limit,
    offset,
    next_offset: offset + rows.length < total ? offset + rows.length : null,
  };
};
