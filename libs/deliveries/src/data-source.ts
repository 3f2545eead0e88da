import { setTimeout as delay } from 'node:timers/promises';
import {
  type createDataSource,
  type DataSourceOptions,
  liveSchema,
  migrate,
  ReadSource,
} from '#libs/read-models';
import { migrations } from './migrations/index.js';

/** The schema of the deliveries: its own, because nothing but the log could make them anew. */
export const deliverySchema = `${liveSchema}_deliveries`;

type Options = Pick<DataSourceOptions, 'poolSize' | 'statementTimeoutMs' | 'applicationName'> & {
  /**
   * Commits do not wait for the disk: should Postgres crash, what was written last is as it was before. For what
   * is then only done again.
   */
  hasty?: boolean;
};

/** Whether a table or the schema is not there. */
export const isTableLost = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '3F000');

export type DeliveryDatabase = ReturnType<typeof createDataSource>;

const own = { schema: deliverySchema, tables: { entities: [], migrations: [...migrations] } };

const retryMs = 1_000;

/**
 * The deliveries' database as their service uses it: it may be away at first or later, its tables are made when
 * it is there, and made again if they are lost.
 */
export class PreparedDeliveries {
  readonly #source: ReadSource;
  readonly #stopping = new AbortController();
  readonly #first: Promise<void>;
  #preparing: Promise<void> | undefined;

  constructor(url: string, { hasty = false, ...options }: Options = {}) {
    const settings = hasty ? { settings: { synchronous_commit: 'off' } } : {};
    this.#source = new ReadSource(url, { ...options, ...own, ...settings });
    this.#first = this.#prepareAtLast();
  }

  /** Runs a query. @throws DatabaseAway, and what the connecting and the query throw */
  async use<T>(query: (source: DeliveryDatabase) => Promise<T>): Promise<T> {
    await this.#prepared();
    try {
      return await this.#source.use(query);
    } catch (error) {
      if (isTableLost(error)) this.#preparing = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#first;
    await this.#source.close();
  }

  #prepared(): Promise<void> {
    this.#preparing ??= this.#source.use(migrate).catch((error: unknown) => {
      this.#preparing = undefined;
      throw error;
    });
    return this.#preparing;
  }

  /** Readers need the tables, too, though nothing is delivered yet. */
  async #prepareAtLast(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        return await this.#prepared();
      } catch {
        // Whoever uses it is told, and so is readiness.
      }
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
