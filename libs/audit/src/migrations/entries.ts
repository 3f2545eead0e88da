import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `ending` is null while it is not known how an attempt ended. `sequence` is its place on the stream. */
const entries = `
create table entries (
  tenant_id text not null,
  id uuid not null,
  at timestamptz not null,
  sequence bigint not null,
  action text not null,
  result text not null,
  ending text,
  actor json not null,
  resource text not null,
  packet_id uuid,
  reason json,
  details json not null,
  trace_id text not null,
  request_id text,
  dropped integer,
  primary key (tenant_id, id)
);
alter table entries alter actor set statistics 0, alter details set statistics 0, alter reason set statistics 0;
create index entries_by_time on entries (tenant_id, at, id);
create index entries_denied on entries (tenant_id, at, id) where result = 'denied';
create index entries_of_packet on entries (tenant_id, packet_id, at) where packet_id is not null;
create table checkpoint (single boolean primary key default true check (single), position bigint not null);
insert into checkpoint (position) values (0);`;

/** The audit's own entries, and how far the stream of them has been read. */
export class AuditEntries1767744000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('set local search_path to handoffrail_audit');
    await runner.query(entries);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('set local search_path to handoffrail_audit');
    await runner.query('drop table entries, checkpoint');
  }
}
