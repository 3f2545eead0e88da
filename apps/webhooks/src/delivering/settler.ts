import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseAway, isDatabaseDown } from '#libs/read-models';
import { type EndpointStanding, settleAttempts, type SettledAttempt } from '#libs/deliveries';
import type { Logger } from '#libs/service-kit';
import type { Database } from '../parts.js';

interface Waiting {
  attempt: SettledAttempt;
  done: (isWritten: boolean) => void;
}

interface SettlerParts {
  database: Database;
  logger: Logger;
  /** Told which endpoints failed, and since when they only do. */
  onFailing: (standings: readonly EndpointStanding[]) => void;
}

const firstPauseMs = 50;
const longestPauseMs = 2_000;
const mostAtOnce = 500;

/** Writes what became of attempts: those that end while one write is under way share the next. */
export class Settler {
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #isStopping = false;

  constructor(private readonly parts: SettlerParts) {}

  /** Settles when it is written: true; or false when it is given up, and the delivery comes again. */
  settle(attempt: SettledAttempt): Promise<boolean> {
    return new Promise((done) => {
      this.#waiting.push({ attempt, done });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Writes what there is, if the database lets it. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // What the same turn of the event loop brings shares a write.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      await this.#writeBatch(this.#waiting.splice(0, mostAtOnce));
    }
    this.#writing = undefined;
  }

  /** One outcome that cannot be written must not keep others from being written. */
  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const isWritten = await this.#write(batch.map(({ attempt }) => attempt));
      for (const { done } of batch) done(isWritten);
    } catch (error) {
      if (batch.length > 1) for (const one of batch) await this.#writeBatch([one]);
      else {
        this.parts.logger.error({ err: error }, 'the outcome of a delivery cannot be written');
        for (const { done } of batch) done(false);
      }
    }
  }

  /** Waits for a database that is away. */
  async #write(attempts: readonly SettledAttempt[]): Promise<boolean> {
    const { database, logger, onFailing } = this.parts;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        const failing = await database.use((source) => settleAttempts(source, attempts));
        if (failing.length > 0) onFailing(failing);
        return true;
      } catch (error) {
        if (!isDatabaseDown(error) && !(error instanceof DatabaseAway)) throw error;
        logger.warn(
          { err: error, deliveries: attempts.length },
          'outcomes of deliveries are not written yet',
        );
      }
      if (this.#isStopping) return false;
      await delay(pauseMs);
    }
  }
}
