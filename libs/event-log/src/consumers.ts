import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { ConsumerConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { LogHook } from './packet-log.js';
import type { Puller, PullEnd } from './puller.js';

export type ConsumerSettings = Partial<ConsumerConfig> & { durable_name: string };

const consumerNotFound = 10014;

/** Makes the consumer if it is not there. One that is there keeps its place and its settings, but for `changes`. */
export const ensureConsumer = async (
  nc: NatsConnection,
  stream: string,
  { settings, changes }: { settings: ConsumerSettings; changes?: Partial<ConsumerConfig> },
): Promise<void> => {
  const { consumers } = await jetstreamManager(nc, { checkAPI: false, timeout: 3_000 });
  try {
    const { config } = await consumers.info(stream, settings.durable_name);
    if (changes !== undefined)
      await consumers.update(stream, settings.durable_name, { ...config, ...changes });
  } catch (error) {
    const isMissing = error instanceof JetStreamApiError && error.code === consumerNotFound;
    if (!isMissing) throw error;
    await consumers.add(stream, settings);
  }
};

export interface PullLoop {
  puller: Puller;
  signal: AbortSignal;
  logger: LogHook;
  name: string;
  /** Makes sure that the consumer is there. */
  ensure: () => Promise<void>;
  /** One pull, when there is room for what it brings. */
  pull: () => Promise<PullEnd>;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

const pullWhileFine = async ({ signal, ensure, pull }: PullLoop, started: () => void): Promise<PullEnd> => {
  await ensure();
  started();
  let end: PullEnd = 'expired';
  while (!signal.aborted && end !== 'gone' && end !== 'silent') end = await pull();
  return end;
};

/** Pulls until the signal says stop. A deleted consumer is made again, an outage is waited out. */
export const keepPulling = async (loop: PullLoop): Promise<void> => {
  let pauseMs = firstPauseMs;
  const recover = (): void => {
    pauseMs = firstPauseMs;
  };
  while (!loop.signal.aborted) {
    try {
      await pullWhileFine(loop, recover);
    } catch (error) {
      loop.logger.warn({ consumer: loop.name, err: error, retry_in_ms: pauseMs }, 'A consumer cannot pull.');
    }
    if (loop.signal.aborted) return;
    await sleep(pauseMs, undefined, { signal: loop.signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
};
