import type { PacketId, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';

/** One line of packets to look into. */
export interface Lane {
  /** `Offer.pool`. */
  pool: string;
  /** Only packets that have all of these. */
  tags: readonly string[];
  /** Only packets that this agent may have; null: those of all agents. */
  agent: string | null;
  /** Where to begin among the sources, when there are more than are looked at: behind this one. */
  after: string;
}

/** A packet on offer, as far as its place in the line depends on it. Instants in epoch milliseconds. */
export interface WaitingPacket {
  id: PacketId;
  /** Its lane, as an index of the lanes asked for. */
  lane: number;
  /** 1-10. */
  level: number;
  source: string;
  deadline: number | null;
  offered_at: number;
  /** Log sequence of the row. */
  position: number;
  not_for: string[] | null;
}

type Row = Omit<WaitingPacket, 'deadline' | 'offered_at' | 'position'> & {
  deadline: string | null;
  offered_at: string;
  position: string;
};

/**
 * Session settings for these queries: Postgres knows too late how a backlog has grown, and would read and sort
 * all of it.
 */
export const walkInOrder = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** Sources that are looked at in each level of a lane, on either side of `after`. */
export const sourcesPerLevel = 32;
/** Rows of a lane, shared out among its levels and sources. */
const rowsPerLane = 256;
const fewest = 4;
/** Of packets put off that have a deadline at most so many are passed over. */
const dueLookedAt = 200;

const shown = `p.id, p.priority_level as level, p.source_agent as source,
  extract(epoch from p.deadline) * 1000 as deadline, extract(epoch from p.offered_at) * 1000 as offered_at,
  p.position, p.not_for`;

/** Walks the sources of one level from key to key of the index: its packets are not looked at. */
const sources = (schema: string, side: string): string => `(
  with recursive walk(source) as (
    (select p.source_agent from ${schema}.packets p where p.tenant_id = $1 and p.pool = lane.pool
      and p.priority_level = levels.level and ${side} order by p.source_agent limit 1)
    union all
    select (select p.source_agent from ${schema}.packets p where p.tenant_id = $1 and p.pool = lane.pool
      and p.priority_level = levels.level and p.source_agent > walk.source and ${side}
      order by p.source_agent limit 1)
    from walk where walk.source is not null
  ) select source from walk where source is not null limit ${sourcesPerLevel})`;

const ofGroup = `p.tenant_id = $1 and p.pool = g.pool and p.priority_level = g.level and p.source_agent = g.source`;

const free = (schema: string): string => `(p.expires_at is null or p.expires_at > $3::timestamptz)
  and p.tags @> g.tags and (g.agent is null or p.not_for is null or g.agent <> all (p.not_for))
  and not exists (select 1 from ${schema}.offer_reservations r where r.tenant_id = $1 and r.packet_id = p.id
    and r.position >= p.position and r.until > now())`;

/**
 * Of each source the packets that wait longest and those that are due first: in whatever order they are
 * lined up, the first ones are among them, and the cost does not grow with the backlog.
 */
const waitingSql = (schema: string): string => `
  with lane as materialized (
    select l.* from json_to_recordset($2::json) as l(lane int, pool text, tags text[], agent text, after text)
    where exists (select 1 from ${schema}.packets p where p.tenant_id = $1 and p.pool = l.pool)
  ), groups as materialized (
    select lane.lane, lane.pool, lane.tags, lane.agent, levels.level, s.source,
      count(*) over (partition by lane.lane) as groups
    from lane cross join unnest(array[10,9,8,7,6,5,4,3,2,1]::smallint[]) levels(level)
    cross join lateral (${sources(schema, 'p.source_agent > lane.after')}
      union all ${sources(schema, 'p.source_agent <= lane.after')}) s
  )
  select g.lane, k.* from groups g cross join lateral (
    (select ${shown} from ${schema}.packets p
      where ${ofGroup} and p.offered_at <= $3::timestamptz and ${free(schema)}
      order by p.offered_at, p.id limit greatest(${fewest}, ${rowsPerLane} / g.groups))
    union all
    (select ${shown} from (select * from ${schema}.packets p where ${ofGroup} and p.deadline is not null
        order by p.deadline, p.offered_at limit ${dueLookedAt}) p
      where p.offered_at <= $3::timestamptz and ${free(schema)}
      order by p.deadline, p.offered_at limit greatest(${fewest}, ${rowsPerLane} / g.groups))
  ) k`;

/** Packets that wait in these lanes now, in no order; each may come twice. At most some hundreds of a lane. */
export const waitingPackets = async (
  dataSource: DataSource,
  tenant: TenantId,
  { lanes, now }: { lanes: readonly Lane[]; now: Date },
): Promise<WaitingPacket[]> => {
  const asked = JSON.stringify(lanes.map((lane, index) => ({ lane: index, ...lane })));
  const rows = await queryPrepared<Row>(dataSource, {
    text: waitingSql(schemaOf(dataSource)),
    values: [tenant, asked, now],
  });
  return rows.map((row) => ({
    ...row,
    deadline: row.deadline === null ? null : Number(row.deadline),
    offered_at: Number(row.offered_at),
    position: Number(row.position),
  }));
};
