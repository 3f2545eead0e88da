import { setTimeout as sleep } from 'node:timers/promises';
import { streams, timerCancelSubject } from '#libs/contracts';
import { LogUnavailable, Mailbox, type Piece, Publisher } from '#libs/event-log';
import type { LogHook } from '#libs/event-log';
import type { Instant } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import { countTimers } from './metrics.js';
import { isInReach, scheduleOf, scheduleSubject, timeOf, type Timer, type TimerId } from './timer.js';

export interface TimersOptions {
  logger: LogHook;
  /** How long one request to the server may take. Default 3,000 ms. */
  timeoutMs?: number;
}

/** Cancellations wait for each other so long, to share a write. */
const gatherMs = 50;
/** What one write may hold: the server takes 1,000 messages at once. */
const mostTogether = 500;

const cancellationOf = (id: TimerId): Piece => ({
  subject: timerCancelSubject,
  // The words by which the server itself removes a schedule that has fired.
  headers: [
    ['Nats-Scheduler', scheduleSubject(id)],
    ['Nats-Schedule-Next', 'purge'],
  ],
  payload: new Uint8Array(),
});

/** Sets and cancels timers. One per process and connection; the stream must be provisioned. */
export class Timers {
  readonly logger: LogHook;
  readonly #mailbox: Mailbox;
  readonly #publisher: Publisher;
  #cancelled: TimerId[] = [];
  #gathering: NodeJS.Timeout | undefined;

  constructor(
    readonly nats: NatsConnection,
    { logger, timeoutMs = 3_000 }: TimersOptions,
  ) {
    this.logger = logger;
    this.#mailbox = new Mailbox(nats, timeoutMs, () => undefined);
    this.#publisher = new Publisher(this.#mailbox);
  }

  /**
   * Stores timers, 1,000 at most, all or none; each takes the place of the one with its kind and key. Settles when they are
   * stored: from then on they fire, whatever dies. One beyond the year 2200 is not kept.
   * @throws LogUnavailable when the outcome is not known
   */
  async set(...timers: Timer[]): Promise<void> {
    const wanted = timers.filter(isInReach);
    if (wanted.length === 0) return;
    const { error } = await this.#publisher.publish(wanted.map(scheduleOf));
    if (error !== undefined)
      throw new LogUnavailable(
        `The server does not take a timer: ${error.description ?? 'no reason given'}.`,
      );
    countTimers('set', wanted);
  }

  /**
   * Takes timers back, soon and if possible: for those whose firing would find nothing to do. One that is
   * firing just now still does.
   */
  cancel(...ids: TimerId[]): void {
    if (ids.length === 0) return;
    this.#cancelled.push(...ids);
    if (this.#cancelled.length >= mostTogether) void this.#flush();
    else this.#gathering ??= setTimeout(() => void this.#flush(), gatherMs);
  }

  /** When the timer will fire; null when none is set. @throws LogUnavailable */
  async pendingAt(id: TimerId): Promise<Instant | null> {
    const subject = `$JS.API.DIRECT.GET.${streams.timers}.${scheduleSubject(id)}`;
    const { headers } = await this.#mailbox.ask({ subject });
    if (headers === undefined || headers.code === 404) return null;
    return timeOf(new Map(headers.keys().map((name) => [name, headers.get(name)])));
  }

  /** Sends the cancellations that still wait, and lets go. */
  async close(): Promise<void> {
    await Promise.race([this.#flush(), sleep(1_000)]);
    this.#mailbox.close();
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const ids = this.#cancelled.splice(0);
    for (let from = 0; from < ids.length; from += mostTogether)
      await this.#cancelTogether(ids.slice(from, from + mostTogether));
  }

  async #cancelTogether(ids: readonly TimerId[]): Promise<void> {
    try {
      const { error } = await this.#publisher.publish(ids.map(cancellationOf));
      if (error !== undefined) throw new Error(error.description);
      countTimers('cancelled', ids);
    } catch (error) {
      this.logger.debug({ err: error, timers: ids.length }, 'Timers could not be cancelled; they fire idly.');
    }
  }
}
