import type { NatsConnection } from '@nats-io/nats-core';
import { deadLetterHeaders, deadLetterSubject } from '#libs/contracts';
import type { Delivery } from './delivery.js';
import type { LogHook } from './packet-log.js';
import { writeHeaders } from './raw-headers.js';

/** A handler's way to say: not now, but later. Anything unknown that it throws counts as this. */
export class Retryable extends Error {
  /** Instead of the consumer's own curve. */
  readonly afterMs: number | undefined;

  constructor(detail: string, options: ErrorOptions & { afterMs?: number } = {}) {
    super(detail, options);
    this.name = 'Retryable';
    this.afterMs = options.afterMs;
  }
}

/** A handler's way to say: this message can never be handled. It is parked at once. */
export class Poison extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'Poison';
  }
}

/** How a delivery was settled. */
export type Settlement = 'handled' | 'retried' | 'parked';

export interface SettleRules {
  stream: string;
  consumer: string;
  /** Waits before the second, third, … delivery; the last one goes on. */
  backoffMs: readonly number[];
  /** The delivery after which a message is parked. */
  maxDeliveries: number;
  logger: LogHook;
}

interface Parked {
  delivery: Delivery;
  reason: string;
}

const sentence = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 500);

const park = async (nc: NatsConnection, { delivery, reason }: Parked, rules: SettleRules): Promise<void> => {
  const { stream, consumer } = rules;
  const own = [...delivery.headers].filter(([name]) => !name.startsWith('Nats-'));
  const headers = writeHeaders([
    ...own,
    [deadLetterHeaders.reason, reason],
    [deadLetterHeaders.stream, stream],
    [deadLetterHeaders.sequence, String(delivery.sequence)],
    [deadLetterHeaders.deliveries, String(delivery.attempt)],
    // Parked once, also when the settlement gets lost and it is delivered and parked again.
    ['Nats-Msg-Id', `${stream}.${consumer}.${delivery.sequence}`],
  ]);
  const answer = await nc.request(deadLetterSubject(consumer), delivery.payload, { headers, timeout: 3_000 });
  const { error } = answer.json<{ error?: { description: string } }>();
  if (error !== undefined) throw new Error(error.description);
};

const delayOf = (error: unknown, attempt: number, { backoffMs }: SettleRules): number => {
  const own = error instanceof Retryable ? error.afterMs : undefined;
  const delayMs = own ?? backoffMs[Math.min(attempt, backoffMs.length) - 1] ?? 1_000;
  return delayMs * (0.9 + Math.random() * 0.2);
};

const isFinal = (error: unknown, attempt: number, { maxDeliveries }: SettleRules): boolean =>
  error instanceof Poison || attempt >= maxDeliveries;

/**
 * What becomes of a message whose handler threw: later, or onto the dead-letter stream with its reason. A
 * message that cannot be parked just now is kept and tried again.
 */
export const settleFailure = async (
  nc: NatsConnection,
  { delivery, error }: { delivery: Delivery; error: unknown },
  rules: SettleRules,
): Promise<Settlement> => {
  const { logger, consumer } = rules;
  const fields = { consumer, sequence: delivery.sequence, attempt: delivery.attempt, err: error };
  if (!isFinal(error, delivery.attempt, rules)) {
    delivery.retry(delayOf(error, delivery.attempt, rules));
    logger.warn(fields, 'A message could not be handled; it comes again.');
    return 'retried';
  }
  try {
    const reason = sentence(error);
    await park(nc, { delivery, reason }, rules);
    delivery.discard(reason);
    logger.error(fields, 'A message could not be handled; it is parked on the dead-letter stream.');
    return 'parked';
  } catch (parkError) {
    delivery.retry(delayOf(undefined, delivery.attempt, rules));
    logger.error({ ...fields, park_err: parkError }, 'A message could not be parked; it comes again.');
    return 'retried';
  }
};
