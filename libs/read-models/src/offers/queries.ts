import { capabilityPools, type TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../data-source.js';
import { queryPrepared } from '../prepared.js';
import type { PacketAt } from './reserve.js';

/** Different lists of required capabilities that are looked at. */
const mostPools = 500;

/** The pools of packets that ask for capabilities, walked from key to key of the index. */
export const poolsByCapability = async (dataSource: DataSource, tenant: TenantId): Promise<string[]> => {
  const packets = `${schemaOf(dataSource)}.packets p where p.tenant_id = $1 and p.pool < $3`;
  const rows = await queryPrepared<{ pool: string }>(dataSource, {
    text: `
      with recursive walk(pool) as (
        (select p.pool from ${packets} and p.pool >= $2 order by p.pool limit 1)
        union all
        select (select p.pool from ${packets} and p.pool > walk.pool order by p.pool limit 1)
        from walk where walk.pool is not null
      ) select pool from walk where pool is not null limit ${mostPools}`,
    values: [tenant, ...capabilityPools],
  });
  return rows.map(({ pool }) => pool);
};

/**
 * How many packets an agent holds: those that the read models know of, and of `recent`, claimed just now,
 * those that they do not know of yet.
 */
export const heldPackets = async (
  dataSource: DataSource,
  tenant: TenantId,
  { agent, recent }: { agent: string; recent: readonly PacketAt[] },
): Promise<number> => {
  const packets = `${schemaOf(dataSource)}.packets`;
  const [row] = await queryPrepared<{ held: string }>(dataSource, {
    text: `
      select (select count(*) from ${packets} where tenant_id = $1 and claimed_by = $2
          and status in ('claimed', 'in_progress'))
        + (select count(*) from unnest($3::uuid[], $4::bigint[]) r(id, position)
          join ${packets} p on p.tenant_id = $1 and p.id = r.id and p.position <= r.position) as held`,
    values: [tenant, agent, recent.map(({ id }) => id), recent.map(({ position }) => position)],
  });
  return Number(row?.held ?? 0);
};

/** When the next packet that is put off is offered in one of these pools; null: there is none. */
export const nextOffer = async (
  dataSource: DataSource,
  tenant: TenantId,
  { pools, now }: { pools: readonly string[]; now: Date },
): Promise<Date | null> => {
  const [row] = await queryPrepared<{ offered_at: Date }>(dataSource, {
    text: `select offered_at from ${schemaOf(dataSource)}.packets
      where tenant_id = $1 and available_at is not null and offered_at > $2 and pool = any ($3::text[])
      order by offered_at limit 1`,
    values: [tenant, now, pools],
  });
  return row?.offered_at ?? null;
};
