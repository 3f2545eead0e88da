import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { partition } from '../checkpoint/queries.js';
import { createDataSource, poolOf, schemaOf } from '../data-source.js';
import { migrate } from '../migrate.js';
import { refreshStatistics } from '../refresh-statistics.js';

/** Wide enough that Postgres sorts an index in memory. */
const indexMemory = '256MB';

interface IndexRow {
  name: string;
  definition: string;
}

/** The indexes that only readers need: a bulk load goes without them and makes them at its end. */
const readersIndexes = async (dataSource: DataSource): Promise<IndexRow[]> => {
  const { rows } = await poolOf(dataSource).query<IndexRow>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and not i.indisunique`,
    [schemaOf(dataSource)],
  );
  return rows;
};

/** The checkpoint of a schema's tables, in the transaction that the client has begun. */
export const positionOf = async (client: PoolClient, schema: string): Promise<number> => {
  const { rows } = await client.query<{ position: string }>(
    `select position from ${schema}.checkpoints where partition = ${partition}`,
  );
  return Number(rows[0]?.position ?? 0);
};

/** Tables of the same shape as the live ones, in a schema beside them. */
export interface Beside {
  dataSource: DataSource;
  /** Makes what readers need. Call it when the tables are full. */
  finish(): Promise<void>;
  /** Lets go of the connections; drops the schema unless it has become the live one. */
  close(options: { keep: boolean }): Promise<void>;
}

/** Makes empty tables in a schema of this name; what an interrupted run left there is dropped. */
export const openBeside = async (url: string, schema: string): Promise<Beside> => {
  const dataSource = createDataSource(url, { schema, poolSize: 4 });
  await dataSource.initialize();
  const run = (statement: string) => poolOf(dataSource).query(statement);
  await run(`drop schema if exists ${schema} cascade`);
  await migrate(dataSource);
  const indexes = await readersIndexes(dataSource);
  for (const { name } of indexes) await run(`drop index ${name}`);
  return {
    dataSource,
    finish: async () => {
      const settings = `set local maintenance_work_mem = '${indexMemory}'`;
      for (const { definition } of indexes) await run(`begin; ${settings}; ${definition}; commit`);
      await refreshStatistics(dataSource);
    },
    close: async ({ keep }) => {
      if (!keep) await run(`drop schema if exists ${schema} cascade`);
      await dataSource.destroy();
    },
  };
};
