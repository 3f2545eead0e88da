import { streams, timerConsumer, timerSubject } from '#libs/contracts';
import { consumeStream, type ConsumerOptions, type Consumption, Retryable } from '#libs/event-log';
import { epochOf } from '#libs/packet';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { countTimers, observeLateness, observeStored } from './metrics.js';
import { type DueTimer, readDue } from './timer.js';
import type { Timers } from './timers.js';

export interface ConsumeTimersOptions extends Pick<
  ConsumerOptions,
  'maxConcurrency' | 'backoffMs' | 'maxDeliveries' | 'ackWaitMs'
> {
  kind: string;
  /**
   * Handles a timer that is due, once or more often. Returning settles it; `Retryable` (or any unknown error)
   * has it come again, `Poison` parks it.
   */
  handler: (timer: DueTimer) => Promise<void>;
}

/**
 * A timer must outlive a long outage of what its handler needs: with the last wait, more than a day. One whose
 * handler was killed is late already, so it comes again soon.
 */
const defaults = {
  maxConcurrency: 64,
  backoffMs: [100, 500, 2_000, 10_000, 30_000],
  maxDeliveries: 3_000,
  ackWaitMs: 2_000,
};
/** A clock that is further behind is looked at again after this time. */
const longestWaitMs = 60_000;

const storedOn = (nats: NatsConnection) => async (): Promise<number> => {
  const { streams: api } = await jetstreamManager(nats, { checkAPI: false, timeout: 1_000 });
  return (await api.info(streams.timers)).state.messages;
};

/** Never early by our own clock either, which rules that compare with it can rely on. */
const checkClock = ({ due }: DueTimer): void => {
  const early = epochOf(due) - Date.now();
  if (early <= 0) return;
  const detail = `The clock of NATS is ${early} ms ahead of ours.`;
  throw new Retryable(detail, { afterMs: Math.min(early, longestWaitMs) });
};

/** Set anew after it had fired and before it was handled: it fires again at its new time. */
const isSuperseded = async (timers: Timers, timer: DueTimer): Promise<boolean> => {
  const next = await timers.pendingAt(timer);
  return next !== null && next > timer.due;
};

/**
 * Hands the due timers of one kind to a handler until it is stopped. Copies of a service share them; each
 * is handed over at least once, never before its time, and not at all when it was set anew in the meantime.
 */
export const consumeTimers = (timers: Timers, options: ConsumeTimersOptions): Consumption => {
  const { kind, handler, ...rest } = options;
  const { nats, logger } = timers;
  observeStored(storedOn(nats));
  return consumeStream({
    ...defaults,
    ...rest,
    nats,
    logger,
    stream: streams.timers,
    consumer: timerConsumer(kind),
    filter: timerSubject('due', kind, ['>']),
    handler: async (message) => {
      const timer = readDue(message);
      checkClock(timer);
      if (await isSuperseded(timers, timer)) return;
      if (timer.attempt === 1) observeLateness(timer);
      await handler(timer);
      countTimers('fired', [timer]);
    },
  });
};
