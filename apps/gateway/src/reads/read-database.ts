import type { PacketId, TenantId } from '#libs/packet';
import {
  checkpoint,
  createDataSource,
  isDatabaseDown,
  type StoredDocument,
  StoredDocuments,
} from '#libs/read-models';
import { type ProblemError, unavailable } from '../http/problem-error.js';

type DataSource = ReturnType<typeof createDataSource>;

/** A query that callers wait for is given up after this long. */
const statementTimeoutMs = 5_000;
const poolSize = 10;
const retryAfterMs = 500;

const down = (): ProblemError =>
  unavailable(
    'The read models are not available now: lists and searches come back by themselves. Try again.',
  );

/** The read models' database as callers use it: it may be away, and comes back without a restart. */
export class ReadDatabase {
  readonly #source: DataSource;
  readonly #documents: StoredDocuments;
  #connecting: Promise<unknown> | undefined;
  #failedAt = 0;

  constructor(url: string) {
    this.#source = createDataSource(url, {
      statementTimeoutMs,
      poolSize,
      applicationName: 'handoffrail-gateway',
    });
    this.#documents = new StoredDocuments(this.#source);
  }

  /** Runs a query. @throws ProblemError `unavailable` when the database is */
  async use<T>(query: (source: DataSource) => Promise<T>): Promise<T> {
    try {
      await this.#connected();
      return await query(this.#source);
    } catch (error) {
      throw isDatabaseDown(error) ? down() : error;
    }
  }

  /** The log sequence up to which the read models are complete. */
  position(): Promise<number> {
    return this.use(checkpoint);
  }

  /** One packet as the read models have it; undefined: they do not have it (yet). */
  document(tenant: TenantId, id: PacketId): Promise<StoredDocument | undefined> {
    return this.use(() => this.#documents.read(tenant, id));
  }

  async close(): Promise<void> {
    await this.#connecting?.catch(() => undefined);
    if (this.#source.isInitialized) await this.#source.destroy();
  }

  async #connected(): Promise<void> {
    if (this.#source.isInitialized) return;
    // While it is away, not every request needs to find that out by itself.
    if (Date.now() - this.#failedAt < retryAfterMs) throw down();
    this.#connecting ??= this.#source.initialize().finally(() => (this.#connecting = undefined));
    try {
      await this.#connecting;
    } catch (error) {
      this.#failedAt = Date.now();
      throw error;
    }
  }
}
