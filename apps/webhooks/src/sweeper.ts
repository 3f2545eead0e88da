import { setTimeout as delay } from 'node:timers/promises';
import { sweepDeliveries } from '#libs/deliveries';
import { countSwept } from './metrics.js';
import type { WebhookParts } from './parts.js';

/** How long deliveries are kept. */
const keptDays = 30;
const everyMs = 60 * 60 * 1_000;

/** Forgets deliveries that are too old, once an hour. */
export class Sweeper {
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(private readonly parts: Pick<WebhookParts, 'database' | 'logger'>) {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.#sweep();
    }
  }

  async #sweep(): Promise<void> {
    const { database, logger } = this.parts;
    try {
      let swept = 0;
      do {
        swept = await database.use((source) => sweepDeliveries(source, keptDays));
        countSwept(swept);
      } while (swept > 0 && !this.#stopping.signal.aborted);
    } catch (error) {
      logger.warn({ err: error }, 'old deliveries cannot be forgotten now');
    }
  }
}
