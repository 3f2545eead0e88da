import type { ExistingPacket, PacketId, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { joinPacket, type PacketBody, type PacketHead } from '../packets/stored-packet.js';
import { queryPrepared } from '../prepared.js';

/** A packet as it stood in a row of the read models. */
export interface PacketAt {
  id: PacketId;
  /** Log sequence of the row. */
  position: number;
}

/** A packet that nobody else gives away in the next seconds. */
export interface ReservedPacket extends PacketAt {
  packet: ExistingPacket;
  /** Size of its state as JSON. */
  bytes: number;
}

interface Row {
  id: PacketId;
  position: string;
  head: string;
  body: string;
}

/**
 * A reservation is of one version of the packet: once it has changed (and is perhaps on offer again) it is
 * void. All statements take the rows in the order of their ids, so that none waits for another in a circle.
 */
const reserveSql = (schema: string): string => `
  with wanted as (
    select * from unnest($2::uuid[], $3::bigint[]) w(id, position) order by id
  ), mine as (
    insert into ${schema}.offer_reservations as r (tenant_id, packet_id, position, until)
    select $1, id, position, now() + make_interval(secs => $4) from wanted order by id
    on conflict (tenant_id, packet_id) do update set position = excluded.position, until = excluded.until
      where r.until <= now() or r.position < excluded.position
    returning packet_id
  )
  select p.id, p.position, p.head::text as head, p.body::text as body
  from mine join ${schema}.packets p on p.tenant_id = $1 and p.id = mine.packet_id
  where p.pool is not null`;

/** Reserves what is still free of these packets, for so many seconds; answers with what it got. */
export const reservePackets = async (
  dataSource: DataSource,
  tenant: TenantId,
  { wanted, seconds }: { wanted: readonly PacketAt[]; seconds: number },
): Promise<ReservedPacket[]> => {
  const rows = await queryPrepared<Row>(dataSource, {
    text: reserveSql(schemaOf(dataSource)),
    values: [tenant, wanted.map(({ id }) => id), wanted.map(({ position }) => position), seconds],
  });
  return rows.map(({ id, position, head, body }) => ({
    id,
    position: Number(position),
    packet: joinPacket(JSON.parse(head) as PacketHead, JSON.parse(body) as PacketBody),
    bytes: head.length + body.length,
  }));
};

/** Gives up reservations that were not used. */
export const giveBack = async (
  dataSource: DataSource,
  tenant: TenantId,
  ids: readonly PacketId[],
): Promise<void> => {
  await queryPrepared(dataSource, {
    text: `delete from ${schemaOf(dataSource)}.offer_reservations where tenant_id = $1 and packet_id = any ($2::uuid[])`,
    values: [tenant, ids],
  });
};

/** Forgets reservations that are over, of all tenants. */
export const sweepReservations = async (dataSource: DataSource): Promise<void> => {
  await queryPrepared(dataSource, {
    text: `delete from ${schemaOf(dataSource)}.offer_reservations where until < now()`,
    values: [],
  });
};
