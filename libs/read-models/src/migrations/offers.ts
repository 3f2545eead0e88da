import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from '../data-source.js';

/** The code points' order: pools are looked for by what they begin with, whatever the database's language. */
const columns = `
alter table packets add pool text collate "C", add offered_at timestamptz, add not_for text[];
alter table packets alter not_for set statistics 0;`;

/**
 * Only packets that are on offer are in these. The source stands before the age, so that each source can be
 * walked by itself: one that floods the rail is then not in the way of another.
 */
const indexes = `
create index packets_by_offer on packets (tenant_id, pool, priority_level, source_agent, offered_at, id)
  where pool is not null;
create index packets_by_due_offer on packets (tenant_id, pool, priority_level, source_agent, deadline, offered_at)
  where pool is not null and deadline is not null;
create index packets_put_off on packets (tenant_id, offered_at) where available_at is not null;`;

/** Who is about to claim what, for seconds: after a crash of Postgres it may be empty. */
const reservations = `
create unlogged table offer_reservations (
  tenant_id text not null,
  packet_id uuid not null,
  position bigint not null,
  until timestamptz not null,
  primary key (tenant_id, packet_id)
) with (fillfactor = 70);`;

/** The rows of before. What an agent may not have is asked for again before it is given: this need not be exact. */
const known = `
update packets set
  offered_at = coalesce(available_at, (head ->> 'opened_at')::timestamptz, created_at),
  pool = case
    when head #>> '{terms,claim_policy}' = 'target' and target_agent is not null then '=' || target_agent
    else coalesce((
      select '+[' || string_agg(quoted, ',' order by quoted collate "C") || ']'
      from (select distinct to_json(lower(trim(one)))::text as quoted
        from json_array_elements_text(head #> '{terms,routing,capabilities}') one) needed
      having sum(length(quoted)) < 250), '*')
  end
where status = 'created';`;

/** What is on offer, to whom and since when, for agents that ask for work. */
export class Offers1767312000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    for (const statements of [columns, known, indexes, reservations]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    await runner.query(
      'drop table offer_reservations; alter table packets drop pool, drop offered_at, drop not_for',
    );
  }
}
