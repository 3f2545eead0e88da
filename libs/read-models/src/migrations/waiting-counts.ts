import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from '../data-source.js';

/** What waits now. Attempts and lost claims of past hours were not counted: a rebuild counts them. */
const waiting = `
insert into packet_counts (tenant_id, status, packets)
select tenant_id, 'waiting_' || case
    when priority_level <= 3 then 'low'
    when priority_level <= 6 then 'normal'
    when priority_level <= 8 then 'high'
    else 'critical'
  end as counter, count(*)
from packets where status = 'created' group by tenant_id, counter`;

/** Counters of what waits to be claimed, by priority. */
export class WaitingCounts1767398400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    await runner.query(waiting);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`set local search_path to ${schemaOf(runner.dataSource)}`);
    await runner.query("delete from packet_counts where status like 'waiting\\_%'");
  }
}
