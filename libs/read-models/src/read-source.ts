import type { DataSource } from 'typeorm';
import { createDataSource, type DataSourceOptions } from './data-source.js';

const retryAfterMs = 500;

/** The database was found to be away a moment ago. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';
}

/** The read models' database as services use it: it may be away at first or later, and comes back without a restart. */
export class ReadSource {
  readonly #source: DataSource;
  #connecting: Promise<unknown> | undefined;
  #failedAt = 0;

  constructor(url: string, options: DataSourceOptions) {
    this.#source = createDataSource(url, options);
  }

  /** Runs a query. @throws DatabaseAway, and what the connecting and the query throw */
  async use<T>(query: (source: DataSource) => Promise<T>): Promise<T> {
    await this.#connected();
    return query(this.#source);
  }

  async close(): Promise<void> {
    await this.#connecting?.catch(() => undefined);
    if (this.#source.isInitialized) await this.#source.destroy();
  }

  async #connected(): Promise<void> {
    if (this.#source.isInitialized) return;
    // While it is away, not every caller needs to find that out by itself.
    if (Date.now() - this.#failedAt < retryAfterMs) throw new DatabaseAway('The database is away.');
    this.#connecting ??= this.#source.initialize().finally(() => (this.#connecting = undefined));
    try {
      await this.#connecting;
    } catch (error) {
      this.#failedAt = Date.now();
      throw error;
    }
  }
}
