import { jsonRows, recordset } from '../json-rows.js';
import type { ReadModel, Statement } from '../read-model.js';
import { projectStats, type StatsRow } from './project.js';
import { ActivityEntity, PacketCountEntity } from './stats.entity.js';

const counts = { tenant_id: 'text', status: 'text', delta: 'bigint' };
const activity = {
  tenant_id: 'text',
  hour: 'timestamptz',
  kind: 'text',
  bin: 'smallint',
  delta: 'bigint',
  total_ms: 'bigint',
};

const addCounts = (schema: string): string => `
  insert into ${schema}.packet_counts as c (tenant_id, status, packets)
  select tenant_id, status, delta from ${recordset(counts)}
  on conflict (tenant_id, status) do update set packets = c.packets + excluded.packets`;

const addActivity = (schema: string): string => `
  insert into ${schema}.packet_activity as a (tenant_id, hour, kind, bin, events, total_ms)
  select tenant_id, hour, kind, bin, delta, total_ms from ${recordset(activity)}
  on conflict (tenant_id, hour, kind, bin)
    do update set events = a.events + excluded.events, total_ms = a.total_ms + excluded.total_ms`;

const statementOn = (rows: readonly StatsRow[], statement: Omit<Statement, 'values'>): Statement[] =>
  rows.length === 0 ? [] : [{ ...statement, values: [jsonRows(rows)] }];

/** How many packets stand where, and how fast do they move? */
export const stats: ReadModel<StatsRow> = {
  name: 'stats',
  entities: [PacketCountEntity, ActivityEntity],
  project: projectStats,
  write: (rows, schema) => [
    ...statementOn(
      rows.filter(({ counter }) => counter === 'status'),
      { name: 'counts', text: addCounts(schema) },
    ),
    ...statementOn(
      rows.filter(({ counter }) => counter === 'activity'),
      { name: 'activity', text: addActivity(schema) },
    ),
  ],
};
