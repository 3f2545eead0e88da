import { setTimeout as delay } from 'node:timers/promises';
import { insertDeliveries, moveReplay, type NewDelivery, type Replay, takeReplay } from '#libs/deliveries';
import type { RecordedEvent } from '#libs/event-log';
import { isActive } from '#libs/hooks';
import type { WebhookParts } from '../parts.js';
import { owedFor } from './owed.js';

type ReplayerParts = WebhookParts & { onOwed: (hookIds: Iterable<string>) => void };

const lookEveryMs = 10_000;
const takenSeconds = 60;
const pageSize = 500;

/**
 * Reads stretches of the log again for endpoints that asked for what they never got, a page at a time: where one
 * copy stops, another goes on. What an endpoint was owed before is left as it is.
 */
export class Replayer {
  readonly #stopping = new AbortController();
  #pause = new AbortController();
  readonly #running: Promise<void>;

  constructor(private readonly parts: ReplayerParts) {
    this.#running = this.#run();
  }

  /** There is a new one. */
  wake(): void {
    this.#pause.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#pause = new AbortController();
      const { signal } = this.#pause;
      try {
        if (await this.#work()) continue;
      } catch (error) {
        this.parts.logger.warn({ err: error }, 'the log cannot be read again for a webhook now');
      }
      if (!this.#stopping.signal.aborted)
        await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Does one page of one replay; false: there is none. */
  async #work(): Promise<boolean> {
    const { database, hooks, log, packets, onOwed } = this.parts;
    const replay = await database.use((source) => takeReplay(source, takenSeconds));
    if (replay === null) return false;
    const { events, next } = await log.read(replay.next, pageSize, replay.tenant_id);
    const endpoint = hooks.get(replay.tenant_id, replay.hook_id);
    const endpoints = endpoint !== undefined && isActive(endpoint) ? [endpoint] : [];
    const owed: NewDelivery[] = [];
    for (const recorded of events)
      if (isOf(replay, recorded)) owed.push(...(await owedFor(recorded, endpoints, packets)));
    if (owed.length > 0) await database.use((source) => insertDeliveries(source, owed));
    // Nothing more of this tenant's is the end of it.
    await database.use((source) => moveReplay(source, replay, next > replay.next ? next : replay.until + 1));
    if (owed.length > 0) onOwed([replay.hook_id]);
    return true;
  }
}

const isOf = ({ since, until }: Replay, { event, sequence }: RecordedEvent): boolean =>
  sequence <= until && event.occurred_at >= since;
