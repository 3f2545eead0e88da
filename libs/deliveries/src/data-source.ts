import { createDataSource, type DataSourceOptions, ReadSource } from '#libs/read-models';
import { migrations } from './migrations/index.js';

/** The schema of the deliveries: its own, because nothing but the log could make them anew. */
export const deliverySchema = 'handoffrail_deliveries';

type Options = Pick<DataSourceOptions, 'poolSize' | 'statementTimeoutMs' | 'applicationName'>;

export type DeliveryDatabase = ReturnType<typeof createDataSource>;

const own = { schema: deliverySchema, tables: { entities: [], migrations: [...migrations] } };

/** The deliveries' database, for `ReadSource.use`: it may be away at first or later. Connects when it is used. */
export const openDeliveries = (url: string, options: Options = {}): ReadSource =>
  new ReadSource(url, { ...options, ...own });
