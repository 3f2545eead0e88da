import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from '../data-source.js';

/** The order of ids is that of their code points, whatever the database's language. */
const table = `
create table approvals (
  tenant_id text not null,
  id text collate "C" not null,
  packet_id uuid not null,
  state text not null,
  inboxes text[] not null,
  requested_at timestamptz not null,
  due_at timestamptz not null,
  approval json not null,
  primary key (tenant_id, id)
);
alter table approvals alter approval set statistics 0;`;

/** The last checkpoint of each packet. Those before it were not kept: a rebuild adds them. */
const known = `
insert into approvals (tenant_id, id, packet_id, state, inboxes, requested_at, due_at, approval)
select p.tenant_id, a ->> 'id', p.id, a ->> 'state',
  coalesce(
    (select array_agg(p.tenant_id || ' ' || (a ->> 'state') || ' ' || approver order by nth)
      from (select one ->> 'id' as approver, min(nth) as nth
        from json_array_elements(a -> 'approvers') with ordinality of (one, nth) group by 1) named),
    array[p.tenant_id || ' ' || (a ->> 'state') || ' ']),
  (a ->> 'requested_at')::timestamptz,
  coalesce(
    (a ->> 'expires_at')::timestamptz,
    coalesce((a ->> 'escalated_at')::timestamptz, (a ->> 'requested_at')::timestamptz)
      + make_interval(secs => (a #>> '{policy,timeout_seconds}')::int),
    'infinity'),
  a
from (select tenant_id, id, head -> 'approval' as a from packets where hitl_required) p
where a is not null
on conflict do nothing;`;

/** Few are written and many look: entries do not wait on a list that every reader would have to go through. */
const indexes = `
create index approvals_by_due on approvals (tenant_id, state, due_at, requested_at, id);
create index approvals_by_packet on approvals (tenant_id, packet_id);
create index approvals_by_inbox on approvals using gin (inboxes) with (fastupdate = off);`;

/** What waits for people, and what they have decided. */
export class Approvals1767571200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    for (const statements of [table, known, indexes]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ${schemaOf(runner.dataSource)}.approvals`);
  }
}
