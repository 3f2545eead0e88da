import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `due_at` is when somebody may take the row: for one that is taken, when its taker is given up. It is null
 * for what has ended. `spent` is how many attempts an earlier life of it took, before it was sent again.
 */
const deliveries = `
create table deliveries (
  id uuid primary key,
  seq bigint generated always as identity,
  tenant_id text not null,
  hook_id uuid not null,
  event_id text not null,
  event_type text not null,
  packet_id uuid,
  revision integer,
  position bigint,
  payload json,
  traceparent text not null,
  occurred_at timestamptz not null,
  ordered boolean not null,
  status text not null default 'pending',
  attempts jsonb not null default '[]',
  attempt_count integer not null default 0,
  spent integer not null default 0,
  due_at timestamptz default now(),
  delivered_at timestamptz,
  created_at timestamptz not null default now()
);
alter table deliveries alter payload set statistics 0, alter attempts set statistics 0;`;

const indexes = `
create index deliveries_due on deliveries (hook_id, due_at, seq) where due_at is not null;
create index deliveries_in_order on deliveries (hook_id, packet_id, revision) where due_at is not null and ordered;
create index deliveries_of_hook on deliveries (hook_id, seq);
create index deliveries_dead on deliveries (tenant_id, seq) where status = 'dead_letter';
create index deliveries_by_age on deliveries using brin (created_at);`;

/**
 * Up to where the log is fanned out; what all copies know of an endpoint: since when it has only failed, and
 * when its rate lets the next one go; and what endpoints asked to be sent from the log.
 */
const state = `
create table checkpoints (partition integer primary key, position bigint not null);
create table endpoints (
  hook_id uuid primary key,
  failing_since timestamptz,
  free_at timestamptz not null default now()
);
create table replays (
  hook_id uuid primary key,
  tenant_id text not null,
  since timestamptz not null,
  next bigint not null,
  until bigint not null,
  due_at timestamptz not null default now()
);`;

/** Deliveries to webhooks, the fan-out's place in the log, and what all copies share about endpoints. */
export class Deliveries1767657600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('set local search_path to handoffrail_deliveries');
    for (const statements of [deliveries, indexes, state]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('set local search_path to handoffrail_deliveries');
    await runner.query('drop table deliveries, checkpoints, endpoints, replays');
  }
}
