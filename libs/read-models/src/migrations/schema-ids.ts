import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from '../data-source.js';

/** Only packets that are not done, and that name a schema at all, are in the index. */
const change = `
alter table packets add schema_id text;
update packets set schema_id = head #>> '{terms,schema_id}' where head #>> '{terms,schema_id}' is not null;
create index packets_by_schema on packets (tenant_id, schema_id)
  where schema_id is not null and status in ('created', 'claimed', 'in_progress', 'awaiting_human');`;

/** Which packets name which schema, for whoever wants to delete one. */
export class SchemaIds1767657600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    await runner.query(change);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table ${schemaOf(runner.dataSource)}.packets drop schema_id`);
  }
}
