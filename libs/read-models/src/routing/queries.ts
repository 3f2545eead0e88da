import type { Instant, PacketId, Routing, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';

/** What an agent has to do and has done, as the router weighs it. */
export interface AgentLoad {
  id: string;
  /** Packets that wait for it or that it holds; of each kind no more than 1,000 are counted. */
  open_packets: number;
  /** The latest completion among the 20 packets completed by it that were created last. */
  last_success_at?: Instant;
}

const mostCounted = 1_000;
/** An index has completed packets by their creation; the latest completion is nearly always among its last. */
const lastLookedAt = 20;

const countOf = (schema: string, condition: string): string =>
  `(select count(*) from (
    select 1 from ${schema}.packets p where p.tenant_id = $1 and ${condition} limit ${mostCounted}) counted)`;

/** The load of each of these agents, in no order. */
export const agentLoads = async (
  dataSource: DataSource,
  tenant: TenantId,
  ids: readonly string[],
): Promise<AgentLoad[]> => {
  const schema = schemaOf(dataSource);
  const rows = await queryPrepared<{ id: string; open: string; last_success: Date | null }>(dataSource, {
    text: `select agent.id,
      ${countOf(schema, `p.target_agent = agent.id and p.status = 'created'`)}
      + ${countOf(schema, `p.target_agent = agent.id and p.status = 'awaiting_human' and p.claimed_by is null`)}
      + ${countOf(schema, `p.claimed_by = agent.id and p.status in ('claimed', 'in_progress', 'awaiting_human')`)}
      as open,
      (select max(completed_at) from (
        select p.completed_at from ${schema}.packets p
        where p.tenant_id = $1 and p.claimed_by = agent.id and p.status = 'completed'
        order by p.created_at desc limit ${lastLookedAt}) done) as last_success
      from unnest($2::text[]) agent (id)`,
    values: [tenant, ids],
  });
  return rows.map(({ id, open, last_success }) => ({
    id,
    open_packets: Number(open),
    ...(last_success && { last_success_at: last_success.toISOString() as Instant }),
  }));
};

/** A packet that nobody was found for. */
export interface UnroutedPacket {
  id: PacketId;
  created_at: Date;
  source_agent: string;
  routing: Routing;
  rejected_by: string[];
}

export interface UnroutedPage {
  /** The last packet of the page before. */
  after?: Pick<UnroutedPacket, 'id' | 'created_at'> | undefined;
  limit: number;
}

const isUnrouted = `status = 'created' and target_agent is null`;
const beginning = { created_at: new Date(0), id: '00000000-0000-0000-0000-000000000000' };

/** The tenant's packets that wait for a target, the oldest first. */
export const unroutedPackets = (
  dataSource: DataSource,
  tenant: TenantId,
  { after, limit }: UnroutedPage,
): Promise<UnroutedPacket[]> => {
  const { created_at, id } = after ?? beginning;
  return queryPrepared<UnroutedPacket>(dataSource, {
    text: `select id, created_at, source_agent, coalesce(head #> '{terms,routing}', '{}') as routing,
      head -> 'rejected_by' as rejected_by
      from ${schemaOf(dataSource)}.packets
      where tenant_id = $1 and ${isUnrouted} and (created_at, id) > ($2, $3)
      order by created_at, id limit $4`,
    values: [tenant, created_at, id, limit],
  });
};

/** The tenants that have packets without a target: one look at the index for each. */
export const unroutedTenants = async (dataSource: DataSource): Promise<TenantId[]> => {
  const packets = `${schemaOf(dataSource)}.packets`;
  const rows = await queryPrepared<{ tenant_id: TenantId }>(dataSource, {
    text: `with recursive found as (
        (select tenant_id from ${packets} where ${isUnrouted} order by tenant_id limit 1)
        union all
        select (select p.tenant_id from ${packets} p
          where ${isUnrouted} and p.tenant_id > found.tenant_id order by p.tenant_id limit 1)
        from found where found.tenant_id is not null)
      select tenant_id from found where tenant_id is not null`,
    values: [],
  });
  return rows.map(({ tenant_id }) => tenant_id);
};
