import { createDataSource, type DataSourceOptions, liveSchema, migrate } from '#libs/read-models';
import { migrations } from './migrations/index.js';

/** The schema of the audit: its own, because it comes from another stream than the read models. */
export const auditSchema = `${liveSchema}_audit`;

export type AuditDatabase = ReturnType<typeof createDataSource>;

/** The audit's database as its writer uses it, not connected yet. */
export const createAuditDatabase = (
  url: string,
  options: Pick<DataSourceOptions, 'poolSize' | 'applicationName'> = {},
): AuditDatabase =>
  createDataSource(url, {
    ...options,
    schema: auditSchema,
    tables: { entities: [], migrations: [...migrations] },
  });

/** Connects, and makes the tables if they are not there. */
export const prepareAudit = (database: AuditDatabase): Promise<void> => migrate(database);
