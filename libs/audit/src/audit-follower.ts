import { setTimeout as delay } from 'node:timers/promises';
import { auditSubjects, streams } from '#libs/contracts';
import { type LogHook, Mailbox, StreamReader } from '#libs/event-log';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { type AuditDatabase, createAuditDatabase, prepareAudit } from './database.js';
import { readAudit } from './read-stream.js';
import { auditPosition, type PlacedMessage, rewindAudit, writeMessages } from './write.js';

export interface AuditFollowerParts {
  databaseUrl: string;
  nats: NatsConnection;
  logger: LogHook;
}

const requestMs = 5_000;
const lookEveryMs = 1_000;
const retryMs = 1_000;

/** Whether Postgres refuses a value, which no second try will change. */
const isOfTheData = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));

/**
 * Reads the stream of the audit into Postgres. The place up to which it has is kept beside the rows: after a crash
 * it goes on from there, tables that are lost are made and filled anew, and copies do not get in each other's way.
 */
export class AuditFollower {
  readonly database: AuditDatabase;
  /** Settles when the tables are there. */
  readonly prepared: Promise<void>;
  readonly #mailbox: Mailbox;
  readonly #stream: StreamReader;
  readonly #news: Subscription;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #wake: () => void = () => undefined;
  #onPrepared: () => void = () => undefined;

  constructor(private readonly parts: AuditFollowerParts) {
    const { databaseUrl, nats } = parts;
    this.database = createAuditDatabase(databaseUrl, {
      poolSize: 2,
      applicationName: 'handoffrail-audit',
    });
    this.prepared = new Promise((resolve) => (this.#onPrepared = resolve));
    this.#mailbox = new Mailbox(nats, requestMs, () => this.#wake());
    this.#stream = new StreamReader(this.#mailbox, streams.audit);
    this.#news = nats.subscribe(auditSubjects, { callback: () => this.#wake() });
    this.#running = this.#run();
  }

  /** Finishes what is being written. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
    if (!this.parts.nats.isClosed()) this.#news.unsubscribe();
    this.#mailbox.close();
    if (this.database.isInitialized) await this.database.destroy();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        if (signal.aborted) return;
        this.parts.logger.warn({ err: error, retry_in_ms: retryMs }, 'the audit cannot be written');
        await delay(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #follow(): Promise<void> {
    await prepareAudit(this.database);
    this.#onPrepared();
    const { last } = await this.#stream.bounds();
    // A stream that was made anew begins anew.
    if ((await auditPosition(this.database)) > last) await rewindAudit(this.database);
    while (!this.#stopping.signal.aborted) {
      const news = this.#nextNews();
      if (!(await this.#step())) await news;
    }
  }

  /** Whether there was anything. */
  async #step(): Promise<boolean> {
    const from = (await auditPosition(this.database)) + 1;
    const { messages, last } = await readAudit(this.#stream, from);
    if (last === undefined) return false;
    await this.#write(messages, last);
    return true;
  }

  async #write(messages: readonly PlacedMessage[], last: number): Promise<void> {
    try {
      await writeMessages(this.database, messages, last);
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      for (const one of messages) await this.#writeOne(one);
      await writeMessages(this.database, [], last);
    }
  }

  // One that no row can be made of must not keep the rest from being seen: it stays on the stream.
  async #writeOne(one: PlacedMessage): Promise<void> {
    try {
      await writeMessages(this.database, [one], one.sequence);
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      this.parts.logger.warn({ err: error, sequence: one.sequence }, 'a message of the audit is passed over');
    }
  }

  /** Settles at the next message, or soon: news may get lost. */
  #nextNews(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, lookEveryMs);
      this.#wake = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }
}
