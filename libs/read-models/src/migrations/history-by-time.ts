import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from '../data-source.js';

/**
 * The hash of the tenant stands for the tenant: every event of every packet is written into this index, and four
 * bytes cost half of what the name does.
 */
const index = `
create index packet_history_by_time on packet_history (hashtext(tenant_id), timestamp);`;

/** What happened in a tenant, whatever the packet, in the order of time: for its audit. */
export class HistoryByTime1767830400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    await runner.query(index);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index ${schemaOf(runner.dataSource)}.packet_history_by_time`);
  }
}
