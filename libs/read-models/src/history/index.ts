import { jsonRows, recordset, type Columns } from '../json-rows.js';
import type { ReadModel } from '../read-model.js';
import { HistoryEntity } from './history.entity.js';
import { projectHistory, type HistoryRow } from './project.js';

const columns = {
  tenant_id: 'text',
  packet_id: 'uuid',
  revision: 'integer',
  id: 'uuid',
  event_type: 'text',
  actor: 'json',
  details: 'json',
  timestamp: 'timestamptz',
  trace_id: 'text',
} satisfies Columns;
const names = Object.keys(columns).join(', ');

const insertHistory = (schema: string): string => `
  insert into ${schema}.packet_history (${names})
  select ${names} from ${recordset(columns)}
  on conflict do nothing`;

/** What has happened to a packet, in order, and who did it? */
export const history: ReadModel<HistoryRow> = {
  name: 'history',
  entities: [HistoryEntity],
  project: projectHistory,
  write: (rows, schema) => [{ name: 'history', text: insertHistory(schema), values: [jsonRows(rows)] }],
};
