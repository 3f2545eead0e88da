import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from '../data-source.js';

/** The packets that nobody was found for: looked for whenever an agent comes. Nearly always empty. */
const index = `
create index packets_unrouted on packets (tenant_id, created_at, id)
  where status = 'created' and target_agent is null;`;

/** What waits for somebody to give it to. */
export class Unrouted1767484800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    await runner.query(index);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index ${schemaOf(runner.dataSource)}.packets_unrouted`);
  }
}
