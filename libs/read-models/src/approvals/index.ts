import { jsonRows, recordset } from '../json-rows.js';
import type { ReadModel } from '../read-model.js';
import { ApprovalEntity } from './approval.entity.js';
import { projectApprovals, type ApprovalRow } from './project.js';

const columns = {
  tenant_id: 'text',
  id: 'text',
  packet_id: 'uuid',
  state: 'text',
  inboxes: 'text[]',
  requested_at: 'timestamptz',
  due_at: 'timestamptz',
  approval: 'json',
};
const names = Object.keys(columns);

const upsert = (schema: string): string => `
  insert into ${schema}.approvals (${names.join(', ')})
  select ${names.join(', ')} from ${recordset(columns)}
  on conflict (tenant_id, id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;

/** What waits for people, and what did they decide? */
export const approvals: ReadModel<ApprovalRow> = {
  name: 'approvals',
  entities: [ApprovalEntity],
  project: projectApprovals,
  write: (rows, schema) => [{ name: 'approvals', text: upsert(schema), values: [jsonRows(rows)] }],
};
