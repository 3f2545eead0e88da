import type { DataSource, QueryRunner } from 'typeorm';
import { connect, schemaOf } from './data-source.js';

/** Any number that nobody else uses in this database; the same for every copy of every service. */
const migrationLock = 7_316_240_001;

/**
 * Connects and brings the schema up to date. Any number of processes may call it at once: one works, the
 * others wait for it. Fails when the database is not there; call it again then.
 */
export const migrate = async (dataSource: DataSource): Promise<void> => {
  await connect(dataSource);
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [migrationLock]);
    await runMigrations(dataSource, runner);
  } finally {
    await unlock(runner);
  }
};

const runMigrations = async (dataSource: DataSource, runner: QueryRunner): Promise<void> => {
  await runner.query(`create schema if not exists ${schemaOf(dataSource)}`);
  await dataSource.runMigrations({ transaction: 'each' });
};

const unlock = async (runner: QueryRunner): Promise<void> => {
  // If the connection is gone, so is its lock.
  await runner.query('select pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
  await runner.release();
};
