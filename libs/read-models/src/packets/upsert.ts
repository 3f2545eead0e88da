import { recordset, type Columns } from '../json-rows.js';

const key = { tenant_id: 'text', id: 'uuid' } satisfies Columns;

const values = {
  status: 'text',
  source_agent: 'text',
  target_agent: 'text',
  claimed_by: 'text',
  priority_level: 'smallint',
  tags: 'text[]',
  deadline: 'timestamptz',
  hitl_required: 'boolean',
  dead_letter: 'boolean',
  parent_packet_id: 'uuid',
  root_id: 'uuid',
  depth: 'integer',
  summary: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  available_at: 'timestamptz',
  pool: 'text',
  offered_at: 'timestamptz',
  not_for: 'text[]',
  schema_id: 'text',
  expires_at: 'timestamptz',
  claimed_at: 'timestamptz',
  completed_at: 'timestamptz',
  revision: 'integer',
  position: 'bigint',
  head: 'json',
} satisfies Columns;

const columns = { ...key, ...values, body: 'json' };
const names = Object.keys(columns).join(', ');

/** An older row never overwrites a newer one; a row without a body keeps the stored one. */
export const upsertPackets = (schema: string): string => `
  insert into ${schema}.packets as stored (${names})
  select ${names} from ${recordset(columns)}
  on conflict (tenant_id, id) do update set
    ${Object.keys(values)
      .map((name) => `${name} = excluded.${name}`)
      .join(', ')},
    body = coalesce(excluded.body, stored.body)
  where excluded.position > stored.position`;
