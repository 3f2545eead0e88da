import type { DataSource } from 'typeorm';
import { poolOf, schemaOf } from './data-source.js';

const tables = ['packets', 'packet_tags', 'packet_search', 'packet_history'] as const;

/**
 * Tells Postgres what is in the tables. It looks by itself about once a minute, which is late for tables that
 * have just been filled: until then its plans are those for empty ones.
 */
export const refreshStatistics = async (dataSource: DataSource): Promise<void> => {
  const schema = schemaOf(dataSource);
  await poolOf(dataSource).query(`analyze ${tables.map((table) => `${schema}.${table}`).join(', ')}`);
};
