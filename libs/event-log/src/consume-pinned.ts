import { setTimeout as sleep } from 'node:timers/promises';
import { DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import type { PriorityPolicy } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { streams } from '#libs/contracts';
import { ensureConsumer, keepPulling } from './consumers.js';
import { consumerDefaults } from './definitions.js';
import type { Delivery } from './delivery.js';
import type { LogHook } from './packet-log.js';
import { Puller } from './puller.js';
import type { PullEnd } from './puller.js';
import { recordedEvents } from './recorded-event.js';
import type { RecordedEvent } from './recorded-event.js';

export interface PinnedOptions {
  nats: NatsConnection;
  logger: LogHook;
  /** Name of the durable consumer: of all copies with the same name one is fed, the others stand by. */
  consumer: string;
  /** Where a consumer that is not there yet begins. */
  fromSequence: number;
  /**
   * Handles a batch: whatever has come while the last one was handled. It may hold events that were handled
   * before, and after a take-over it may leave a gap: the handler's own checkpoint decides. A batch whose
   * handler throws is handed over again.
   */
  handler: (events: RecordedEvent[]) => Promise<void>;
  /** Most events in a batch. Default 500. */
  maxBatch?: number;
  /** How long a silent active copy is waited for before another takes over. Default 3,000 ms. */
  takeOverMs?: number;
}

export interface PinnedConsumption {
  /** Whether this copy is the one that is fed. */
  readonly isActive: boolean;
  /** Finishes the batch in hand, gives the rest back, and lets another copy take over at once. */
  stop(): Promise<void>;
}

const group = 'active';
const pinned: PriorityPolicy = 'pinned_client';
const expiresMs = 1_000;
const retryMs = 1_000;
const nanosPerMs = 1_000_000;

const giveBack = (deliveries: readonly Delivery[]): void => {
  for (const delivery of deliveries) delivery.retry(0);
};

class PinnedConsumer implements PinnedConsumption {
  readonly #puller: Puller;
  readonly #stopping = new AbortController();
  readonly #maxBatch: number;
  readonly #pulling: Promise<void>;
  #waiting: Delivery[] = [];
  #handling: Promise<void> | undefined;
  /** The batch in hand. */
  #step: Promise<void> | undefined;
  #next: number;

  constructor(private readonly options: PinnedOptions) {
    const { nats, logger, consumer } = options;
    this.#next = options.fromSequence;
    this.#maxBatch = options.maxBatch ?? 500;
    this.#puller = new Puller(nats, { stream: streams.packets, consumer, group });
    this.#pulling = keepPulling({
      puller: this.#puller,
      signal: this.#stopping.signal,
      logger,
      name: consumer,
      ensure: () => this.#ensure(),
      pull: () => this.#pull(),
    });
  }

  get isActive(): boolean {
    return this.#puller.pinId !== undefined;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#puller.close();
    await this.#pulling;
    await this.#handling;
    giveBack(this.#waiting.splice(0));
    if (this.isActive) await this.#unpin().catch(() => undefined);
  }

  #ensure(): Promise<void> {
    const settings = {
      ...consumerDefaults,
      durable_name: this.options.consumer,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#next,
      ack_wait: 10_000 * nanosPerMs,
      max_deliver: -1,
      max_ack_pending: 4 * this.#maxBatch,
      priority_policy: pinned,
      priority_groups: [group],
      priority_timeout: (this.options.takeOverMs ?? 3_000) * nanosPerMs,
    };
    return ensureConsumer(this.options.nats, streams.packets, { settings });
  }

  // The next batch is fetched while one is handled, but no more than that.
  async #pull(): Promise<PullEnd> {
    while (this.#waiting.length >= this.#maxBatch && !this.#stopping.signal.aborted) await this.#step;
    return this.#puller.pull({
      batch: this.#maxBatch,
      expiresMs,
      take: (delivery) => {
        this.#waiting.push(delivery);
        this.#handling ??= this.#handleAll();
      },
    });
  }

  async #handleAll(): Promise<void> {
    // What the same read of the socket brings belongs to the same batch.
    this.#step = new Promise(setImmediate);
    await this.#step;
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      this.#step = this.#handle(this.#waiting.splice(0, this.#maxBatch));
      await this.#step;
    }
    this.#handling = undefined;
  }

  async #handle(batch: readonly Delivery[]): Promise<void> {
    const events = recordedEvents(batch);
    while (!(await this.#isHandled(events))) {
      if (this.#stopping.signal.aborted) {
        giveBack(batch);
        return;
      }
      await sleep(retryMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
    for (const delivery of batch) delivery.ack();
    this.#next = Math.max(this.#next, (batch.at(-1)?.sequence ?? 0) + 1);
  }

  async #isHandled(events: RecordedEvent[]): Promise<boolean> {
    try {
      if (events.length > 0) await this.options.handler(events);
      return true;
    } catch (error) {
      const { logger, consumer } = this.options;
      logger.warn(
        { consumer, err: error, retry_in_ms: retryMs },
        'A batch could not be handled; it comes again.',
      );
      return false;
    }
  }

  async #unpin(): Promise<void> {
    const { consumers } = await jetstreamManager(this.options.nats, { checkAPI: false, timeout: 1_000 });
    await consumers.unpin(streams.packets, this.options.consumer, group);
  }
}

/**
 * Feeds the whole log, in order and in batches, to one copy among all that call this with the same consumer
 * name; when that one falls silent, another takes over within seconds.
 */
export const consumePinned = (options: PinnedOptions): PinnedConsumption => new PinnedConsumer(options);
