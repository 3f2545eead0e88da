import { setTimeout as delay } from 'node:timers/promises';
import { consumers, placeBefore } from '#libs/contracts';
import { fannedOut, insertFannedOut, type NewDelivery, rewindFanOut } from '#libs/deliveries';
import { consumePinned, LogUnavailable, type PinnedConsumption, type RecordedEvent } from '#libs/event-log';
import { isActive } from '#libs/hooks';
import { instantAt } from '#libs/packet';
import { countFannedOut } from '../metrics.js';
import type { WebhookParts } from '../parts.js';
import { firstSince } from './first-since.js';
import { owedFor } from './owed.js';
import { park } from './park.js';

type FanOutParts = WebhookParts & {
  /** Told, after they are stored, which endpoints have something new to get. */
  onOwed: (hookIds: ReadonlySet<string>) => void;
};

const lookEveryMs = 1_000;
/** Without a place of its own (a new or a lost database) the fan-out goes back no further than this. */
const unknownPastMs = 60 * 60 * 1_000;

/**
 * Makes deliveries of events, in the order of the log. They are stored together with the place in the log, so
 * that none is left out and a batch that comes twice inserts nothing. Of all copies of the service one works, the
 * others stand by. Without an endpoint nothing is read.
 */
export class FanOut {
  /** All up to here is stored. */
  #position = 0;
  #consumption: PinnedConsumption | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(private readonly parts: FanOutParts) {
    this.#running = this.#run();
  }

  get isActive(): boolean {
    return this.#consumption?.isActive ?? false;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#consumption?.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#step();
      } catch (error) {
        if (!signal.aborted) this.parts.logger.warn({ err: error }, 'the fan-out cannot go on now');
      }
      const pause =
        this.#consumption === undefined
          ? this.#untilWanted(signal)
          : delay(lookEveryMs, undefined, { signal });
      await pause.catch(() => undefined);
    }
  }

  async #step(): Promise<void> {
    const isWanted = this.#firstWanted() !== undefined;
    if (this.#consumption === undefined) return isWanted ? this.#start() : undefined;
    if (isWanted) return this.#look();
    await this.#consumption.stop();
    this.#consumption = undefined;
  }

  /** An endpoint is news that is not waited for. */
  #untilWanted(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        forget();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, lookEveryMs);
      const forget = this.parts.hooks.onChange(done);
      signal.addEventListener('abort', done);
    });
  }

  async #start(): Promise<void> {
    const { nats, logger } = this.parts;
    await this.#catchUp();
    this.#consumption = consumePinned({
      nats,
      logger,
      consumer: consumers.webhooks,
      fromSequence: this.#position + 1,
      handler: (events) => this.#inTurn(() => this.#take(events)),
    });
  }

  /** What the live consumer cannot notice: a place behind the log that nothing moves, or ahead of it. */
  async #look(): Promise<void> {
    const { log, database } = this.parts;
    if (!this.isActive) return;
    const before = this.#position;
    await delay(lookEveryMs, undefined, { signal: this.#stopping.signal });
    const last = await log.lastSequence();
    const stored = (await database.use(fannedOut)) ?? 0;
    if (stored > last) await database.use((source) => rewindFanOut(source, last));
    if (stored > last || (last > stored && this.#position === before))
      await this.#inTurn(() => this.#catchUp());
  }

  async #take(events: readonly RecordedEvent[]): Promise<void> {
    const fresh = events.filter(({ sequence }) => sequence > this.#position);
    const isWhole = fresh.every(
      (one, nth) => placeBefore(one) <= (fresh[nth - 1]?.sequence ?? this.#position),
    );
    if (!isWhole) return this.#catchUp();
    const last = fresh.at(-1);
    if (last !== undefined) await this.#fanOut(fresh, last.sequence);
  }

  /** Reads the log itself from the stored place on. */
  async #catchUp(): Promise<void> {
    const { log, database, hooks } = this.parts;
    await hooks.caughtUp();
    this.#position = (await database.use(fannedOut)) ?? (await this.#firstPlace());
    // Nobody wants anything from before the first endpoint.
    this.#position = Math.max(this.#position, this.#firstWanted() ?? 0);
    for (let isEnd = false; !isEnd;) {
      this.#stopping.signal.throwIfAborted();
      const { events, next, end } = await log.read(this.#position + 1);
      if (next > this.#position + 1) await this.#fanOut(events, next - 1);
      isEnd = end;
    }
  }

  async #firstPlace(): Promise<number> {
    return (await firstSince(this.parts.log, instantAt(Date.now() - unknownPastMs))) - 1;
  }

  /** The place after which the first of the active endpoints wants events; undefined: there is none. */
  #firstWanted(): number | undefined {
    const places = [...this.parts.hooks.all()].filter(isActive).map(({ after_sequence }) => after_sequence);
    return places.length === 0 ? undefined : Math.min(...places);
  }

  async #fanOut(events: readonly RecordedEvent[], position: number): Promise<void> {
    const { database, hooks, onOwed } = this.parts;
    // An endpoint that was stored before the event must be known.
    await hooks.caughtUp();
    const owed: NewDelivery[] = [];
    for (const recorded of events) owed.push(...(await this.#owed(recorded)));
    const fresh = await database.use((source) => insertFannedOut(source, owed, position));
    this.#position = position;
    countFannedOut(events.length, fresh);
    if (owed.length > 0) onOwed(new Set(owed.map(({ hook_id }) => hook_id)));
  }

  #owed(recorded: RecordedEvent): Promise<NewDelivery[]> {
    const { hooks, packets } = this.parts;
    const endpoints = hooks
      .active(recorded.event.tenant_id)
      .filter(({ after_sequence }) => recorded.sequence > after_sequence);
    return owedFor(recorded, endpoints, packets).catch((error: unknown) => {
      if (error instanceof LogUnavailable) throw error;
      // One event that nothing can be made of must not keep all later ones from being delivered.
      park(this.parts, recorded, error);
      return [];
    });
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
