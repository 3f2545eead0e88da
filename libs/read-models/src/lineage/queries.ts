import {
  type Instant,
  type Lineage,
  type LineageNode,
  lineageOf,
  type PacketId,
  type PacketStatus,
  type TenantId,
} from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';

/** Packets of a chain that are shown, beside the packet's own line. */
const mostNodes = 1_000;
/** Far beyond any limit on a chain's depth: only a guard. */
const mostAncestors = 1_000;

interface Row {
  id: PacketId;
  parent_packet_id: PacketId | null;
  status: PacketStatus;
  summary: string;
  depth: number;
  source_agent: string;
  target_agent: string | null;
  created_at: Date;
}

const columns =
  'id, parent_packet_id, status, summary, depth, source_agent, target_agent, created_at, root_id';

/** The packet's own line up to the root, and the first packets of its chain, level by level. */
const chainSql = (schema: string): string => `
  with recursive line as (
    select ${columns} from ${schema}.packets where tenant_id = $1 and id = $2
    union all
    select ${columns.replace(/(\w+)/g, 'p.$1')} from line join ${schema}.packets p
      on p.tenant_id = $1 and p.id = line.parent_packet_id and line.depth > p.depth
    where line.depth <= ${mostAncestors}
  ), chain as (
    select ${columns} from ${schema}.packets
    where tenant_id = $1 and parent_packet_id is not null and root_id = (select root_id from line where id = $2)
    order by depth, created_at, id limit ${mostNodes + 1}
  )
  select * from line union select * from chain order by depth, created_at, id`;

const toNode = ({ created_at, ...row }: Row & { root_id?: string }): LineageNode => {
  const { root_id: _root, ...node } = row;
  return { ...node, created_at: created_at.toISOString() as Instant };
};

/** The whole chain of a packet as a tree. Null when the tenant has no such packet. */
export const packetLineage = async (
  dataSource: DataSource,
  tenant: TenantId,
  packet: PacketId,
): Promise<Lineage | null> => {
  const rows = await queryPrepared<Row>(dataSource, {
    text: chainSql(schemaOf(dataSource)),
    values: [tenant, packet],
  });
  return lineageOf(packet, rows.map(toNode), rows.length > mostNodes);
};
