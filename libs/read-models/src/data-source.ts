import { Client, type ClientConfig, type Pool } from 'pg';
import { DataSource, type DataSourceOptions as DataSourceConfig } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { entities } from './entities.js';
import { migrations } from './migrations/index.js';

/** The Postgres schema that readers use. A rebuild fills another one and takes its place. */
export const liveSchema = 'handoffrail';

export interface DataSourceOptions {
  /** Default `handoffrail`. */
  schema?: string;
  /** Connections at most; default 10. */
  poolSize?: number;
  /** A statement that runs longer is cancelled; default none. Give one wherever callers wait. */
  statementTimeoutMs?: number;
  applicationName?: string;
  /** Settings of each session: `{ enable_seqscan: 'off' }`. */
  settings?: Record<string, string>;
  /** Tables of another library, in a schema of their own. Default: the read models. */
  tables?: Pick<DataSourceConfig, 'entities' | 'migrations'>;
}

const asOptions = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');

// A connection that dies in the moment when neither the pool nor a query listens would end the process; the
// next query finds out and says so.
class QuietClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** The read models' database, not connected yet: `migrate` connects and brings it up to date. */
export const createDataSource = (url: string, options: DataSourceOptions = {}): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    schema: options.schema ?? liveSchema,
    ...(options.tables ?? { entities: [...entities], migrations: [...migrations] }),
    migrationsTableName: 'migrations',
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: 5_000,
    applicationName: options.applicationName ?? 'handoffrail',
    // A lost idle connection is replaced by the pool; the next query tells its caller if there is none.
    poolErrorHandler: () => undefined,
    extra: {
      keepAlive: true,
      Client: QuietClient,
      // Queries of one connection are sent without waiting for the answers to those before.
      pipeline: true,
      ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
      ...(options.settings && { options: asOptions(options.settings) }),
    },
  });

/** The schema that a data source reads and writes. */
export const schemaOf = (dataSource: DataSource): string => {
  const { options } = dataSource;
  return options.type === 'postgres' && options.schema !== undefined ? options.schema : liveSchema;
};

/** The driver's own pool: named (prepared) statements, which TypeORM has no word for. */
export const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as PostgresDriver).master as Pool;

/** Connects if nobody has. */
export const connect = async (dataSource: DataSource): Promise<DataSource> =>
  dataSource.isInitialized ? dataSource : dataSource.initialize();
