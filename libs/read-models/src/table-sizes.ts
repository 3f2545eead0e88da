import type { DataSource } from 'typeorm';
import { liveSchema } from './data-source.js';
import { queryPrepared } from './prepared.js';

/** How much one table holds. */
export interface TableSize {
  /** With its schema. */
  name: string;
  /** With its indexes. */
  bytes: number;
  /** As the statistics of the database have it: an estimate; null before there are any. */
  rows: number | null;
}

export interface DatabaseSize {
  /** Of the server. */
  version: string;
  /** Largest first. */
  tables: TableSize[];
}

const sizesSql = `
  select current_setting('server_version') as version, n.nspname || '.' || c.relname as name,
    pg_total_relation_size(c.oid) as bytes, c.reltuples::bigint as rows
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and (n.nspname = $1 or n.nspname like $1 || '\\_%')
  order by bytes desc, name limit 200`;

/** What the tables of the product hold, from the catalogue: no table is read. */
export const tableSizes = async (dataSource: DataSource): Promise<DatabaseSize> => {
  const rows = await queryPrepared<{ version: string; name: string; bytes: string; rows: string }>(
    dataSource,
    { text: sizesSql, values: [liveSchema] },
  );
  return {
    version: rows[0]?.version ?? '',
    tables: rows.map(({ name, bytes, rows: known }) => ({
      name,
      bytes: Number(bytes),
      rows: Number(known) < 0 ? null : Number(known),
    })),
  };
};
