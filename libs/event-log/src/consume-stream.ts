import type { NatsConnection } from '@nats-io/nats-core';
import { ensureConsumer, keepPulling } from './consumers.js';
import { consumerDefaults } from './definitions.js';
import type { Delivery } from './delivery.js';
import { countDelivery } from './metrics.js';
import type { LogHook } from './packet-log.js';
import { Puller } from './puller.js';
import type { PullEnd } from './puller.js';
import { settleFailure } from './settle.js';
import type { Settlement, SettleRules } from './settle.js';

/** How a durable consumer works off its messages, whatever they are. */
export interface ConsumerOptions {
  nats: NatsConnection;
  logger: LogHook;
  /** Name of the durable consumer: copies with the same name share the work. */
  consumer: string;
  /** Only messages on these subjects; all without. */
  filter?: string | string[];
  /** Handlers running at a time in this process. Default 16. */
  maxConcurrency?: number;
  /** Waits before the second, third, … delivery; the last one goes on. */
  backoffMs?: readonly number[];
  /** The delivery after which a message is parked. Default 8. */
  maxDeliveries?: number;
  /** How long the server waits for a settlement before it delivers again. Default 30,000 ms. */
  ackWaitMs?: number;
}

/** A message as a handler gets it; it is settled for the handler. */
export type Received = Pick<Delivery, 'subject' | 'headers' | 'payload' | 'sequence' | 'attempt'>;

export interface ConsumeStreamOptions extends ConsumerOptions {
  stream: string;
  /**
   * Handles one message, once or more often. Returning settles it; `Retryable` (or any unknown error) has it
   * delivered again later, `Poison` parks it.
   */
  handler: (message: Received) => Promise<void>;
}

export interface Consumption {
  /** Stops pulling, lets the handlers in flight finish, and lets go. */
  stop(): Promise<void>;
}

const expiresMs = 2_000;
const nanosPerMs = 1_000_000;
const defaults = {
  backoffMs: [100, 500, 2_000, 10_000, 30_000],
  maxDeliveries: 8,
  ackWaitMs: 30_000,
} as const;

interface Consuming {
  options: ConsumeStreamOptions;
  rules: SettleRules;
  ackWaitMs: number;
}

const handleOne = async ({ options, rules }: Consuming, delivery: Delivery): Promise<Settlement> => {
  // Delivered more often than it may be: the process died over it each time, so it gets no further chance.
  const isSpent = delivery.attempt > rules.maxDeliveries;
  try {
    if (isSpent) throw new Error(`Delivered ${delivery.attempt} times without an outcome.`);
    await options.handler(delivery);
    delivery.ack();
    return 'handled';
  } catch (error) {
    return settleFailure(options.nats, { delivery, error }, rules);
  }
};

const settleOne = async (consuming: Consuming, delivery: Delivery): Promise<void> => {
  const alive = setInterval(() => delivery.working(), consuming.ackWaitMs / 2);
  try {
    countDelivery(consuming.rules.consumer, await handleOne(consuming, delivery));
  } finally {
    clearInterval(alive);
  }
};

/** Handlers in flight, never more than there is room for. */
class Room {
  readonly #running = new Set<Promise<void>>();

  constructor(private readonly size: number) {}

  get free(): number {
    return this.size - this.#running.size;
  }

  enter(task: Promise<void>): void {
    const running = task.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async untilFree(): Promise<void> {
    if (this.free <= 0) await Promise.race(this.#running);
  }

  async untilEmpty(): Promise<void> {
    await Promise.all(this.#running);
  }
}

const prepare = (options: ConsumeStreamOptions): Consuming => {
  const { consumer, logger, stream } = options;
  const { backoffMs = defaults.backoffMs, maxDeliveries = defaults.maxDeliveries } = options;
  const rules: SettleRules = { stream, consumer, logger, backoffMs, maxDeliveries };
  return { options, rules, ackWaitMs: options.ackWaitMs ?? defaults.ackWaitMs };
};

const ensure = async ({ options, ackWaitMs }: Consuming): Promise<void> => {
  const filters = options.filter === undefined ? [] : [options.filter].flat();
  const changes = { ack_wait: ackWaitMs * nanosPerMs, max_deliver: -1, filter_subjects: filters };
  const settings = { ...consumerDefaults, ...changes, durable_name: options.consumer };
  await ensureConsumer(options.nats, options.stream, { settings, changes });
};

/**
 * Feeds a durable consumer's messages to a handler until it is stopped: bounded concurrency, retries with
 * growing waits, dead letters. A deleted consumer is made again and an outage is waited out.
 */
export const consumeStream = (options: ConsumeStreamOptions): Consumption => {
  const consuming = prepare(options);
  const { nats, logger, consumer, stream } = options;
  const puller = new Puller(nats, { stream, consumer });
  const room = new Room(options.maxConcurrency ?? 16);
  const stopping = new AbortController();
  const take = (delivery: Delivery): void => room.enter(settleOne(consuming, delivery));
  const pull = async (): Promise<PullEnd> => {
    await room.untilFree();
    return puller.pull({ batch: room.free, expiresMs, take });
  };
  const pulling = keepPulling({
    puller,
    signal: stopping.signal,
    logger,
    name: consumer,
    ensure: () => ensure(consuming),
    pull,
  });
  return {
    stop: async () => {
      stopping.abort();
      await puller.close();
      await pulling;
      await room.untilEmpty();
    },
  };
};
