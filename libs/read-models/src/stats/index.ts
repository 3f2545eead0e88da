import { recordset } from '../json-rows.js';
import type { ReadModel } from '../read-model.js';
import { projectStats } from './project.js';
import { ActivityEntity, PacketCountEntity } from './stats.entity.js';

const columns = {
  counter: 'text',
  tenant_id: 'text',
  status: 'text',
  hour: 'timestamptz',
  kind: 'text',
  bin: 'smallint',
  delta: 'bigint',
  total_ms: 'bigint',
};

/** How many packets stand where, and how fast do they move? */
export const stats = {
  name: 'stats',
  entities: [PacketCountEntity, ActivityEntity],
  project: projectStats,
  upsert: (schema) => `
    with moved as materialized (
      select * from ${recordset(columns)}
    ), counted as (
      insert into ${schema}.packet_counts as c (tenant_id, status, packets)
      select tenant_id, status, delta from moved where counter = 'status'
      on conflict (tenant_id, status) do update set packets = c.packets + excluded.packets
    )
    insert into ${schema}.packet_activity as a (tenant_id, hour, kind, bin, events, total_ms)
    select tenant_id, hour, kind, bin, delta, total_ms from moved where counter = 'activity'
    on conflict (tenant_id, hour, kind, bin)
      do update set events = a.events + excluded.events, total_ms = a.total_ms + excluded.total_ms`,
} satisfies ReadModel;
