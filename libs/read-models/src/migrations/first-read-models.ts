import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from '../data-source.js';

const tables = `
create table checkpoints (
  partition smallint primary key,
  position bigint not null,
  updated_at timestamptz not null
);
create table packets (
  tenant_id text not null,
  id uuid not null,
  status text not null,
  source_agent text not null,
  target_agent text,
  claimed_by text,
  priority_level smallint not null,
  tags text[] not null,
  deadline timestamptz,
  hitl_required boolean not null,
  dead_letter boolean not null,
  parent_packet_id uuid,
  root_id uuid not null,
  depth integer not null,
  summary text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  available_at timestamptz,
  expires_at timestamptz,
  claimed_at timestamptz,
  completed_at timestamptz,
  revision integer not null,
  position bigint not null,
  head json not null,
  body json,
  primary key (tenant_id, id)
);
create table packet_tags (
  tenant_id text not null,
  tag text not null,
  created_at timestamptz not null,
  packet_id uuid not null,
  primary key (tenant_id, tag, created_at, packet_id)
);
create table packet_history (
  tenant_id text not null,
  packet_id uuid not null,
  revision integer not null,
  id uuid not null,
  event_type text not null,
  actor json not null,
  details json not null,
  timestamp timestamptz not null,
  trace_id text not null,
  primary key (tenant_id, packet_id, revision)
);
create table packet_search (
  tenant_id text not null,
  packet_id uuid not null,
  segment integer not null,
  words tsvector not null,
  primary key (tenant_id, packet_id)
);
create table search_counts (
  tenant_id text primary key,
  packets bigint not null
);
create table packet_counts (
  tenant_id text not null,
  status text not null,
  packets bigint not null,
  primary key (tenant_id, status)
);
create table packet_activity (
  tenant_id text not null,
  hour timestamptz not null,
  kind text not null,
  bin smallint not null,
  events bigint not null,
  total_ms bigint not null,
  primary key (tenant_id, hour, kind, bin)
);`;

/**
 * Of a long row the body goes out of line, so that a change of status writes only the narrow rest. Nothing is
 * compressed: for texts of this size it costs more time than it saves.
 */
const storage = `
alter table packets set (toast_tuple_target = 1400);
alter table packets alter head set storage external, alter body set storage external;
alter table packet_search alter words set storage external;`;

/** What no condition asks of; to sample it would make the others' statistics slow. */
const statistics = `
alter table packets alter head set statistics 0, alter body set statistics 0, alter summary set statistics 0;
alter table packet_history alter actor set statistics 0, alter details set statistics 0;
alter table packet_search alter words set statistics 0;`;

/**
 * Every list walks one of these in order and stops at its page. The status comes before the sort key, so
 * that one index serves the list of one status and, merged over the statuses, the list of several.
 */
const indexes = `
create index packets_by_created on packets (tenant_id, status, created_at, id);
create index packets_by_updated on packets (tenant_id, status, updated_at, id);
create index packets_by_priority on packets (tenant_id, status, priority_level, created_at, id);
create index packets_by_target on packets (tenant_id, target_agent, status, created_at, id);
create index packets_by_source on packets (tenant_id, source_agent, status, created_at, id);
create index packets_by_claimant on packets (tenant_id, claimed_by, status, created_at, id)
  where claimed_by is not null;
create index packets_by_deadline on packets (tenant_id, status, deadline, created_at, id)
  where deadline is not null;
create index packets_dead on packets (tenant_id, status, created_at, id) where dead_letter;
create index packets_with_checkpoint on packets (tenant_id, status, created_at, id) where hitl_required;
create index packets_by_root on packets (tenant_id, root_id) where parent_packet_id is not null;
create index packets_by_parent on packets (tenant_id, parent_packet_id) where parent_packet_id is not null;
create index packet_search_words on packet_search using gin (words);`;

/** The tables of the first read models, in whatever schema the data source names. */
export class FirstReadModels1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    for (const statements of [tables, storage, statistics, indexes]) await runner.query(statements);
  }

  async down(runner: QueryRunner): Promise<void> {
    const names = 'checkpoints, packets, packet_tags, packet_history, packet_search, search_counts';
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    await runner.query(`drop table ${names}, packet_counts, packet_activity`);
  }
}
