import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager, StreamConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { definitions, isExpendable } from './definitions.js';
import type { ProvisionOptions, StreamDefinition } from './definitions.js';

/** What the server has is not what the product needs, and it was not changed. */
export class ProvisionRefused extends Error {
  constructor(stream: string, reasons: readonly string[]) {
    super(`Stream ${stream}: ${reasons.join('; ')}.`);
    this.name = 'ProvisionRefused';
  }
}

const streamNotFound = 10059;

const configOf = async (jsm: JetStreamManager, name: string): Promise<StreamConfig | null> => {
  try {
    return (await jsm.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === streamNotFound) return null;
    throw error;
  }
};

type Setting = [name: string, wanted: unknown];

const settingsOf = (definition: StreamDefinition): Setting[] => Object.entries(definition);

// The server adds keys of its own to the metadata, and leaves out what is false or empty.
const isMet = (wanted: unknown, found: unknown): boolean => {
  if (wanted !== null && typeof wanted === 'object' && !Array.isArray(wanted)) {
    const has = (found ?? {}) as Record<string, unknown>;
    return Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(has[key], value));
  }
  return isDeepStrictEqual(found ?? false, wanted ?? false);
};

/** The settings in which a stream is not what it should be. */
export const differences = (definition: StreamDefinition, found: StreamConfig): string[] => {
  const has = found as unknown as Record<string, unknown>;
  return settingsOf(definition)
    .filter(([name, wanted]) => !isMet(wanted, has[name]))
    .map(([name]) => name);
};

/** Why a change would lose data or writers; none when it is safe to make. */
export const dangers = (definition: StreamDefinition, found: StreamConfig): string[] => {
  const changed = (name: 'retention' | 'storage'): string[] =>
    definition[name] === found[name]
      ? []
      : [`${name} would change from ${found[name]} to ${definition[name]}`];
  const expires =
    (definition.max_age ?? 0) > 0 && (found.max_age === 0 || found.max_age > (definition.max_age ?? 0));
  return [
    ...changed('retention'),
    ...changed('storage'),
    ...found.subjects
      .filter((subject) => !definition.subjects.includes(subject))
      .map((subject) => `the subject ${subject} would be removed`),
    ...(expires ? ['messages that are kept now would expire'] : []),
  ];
};

const storeAttempts = 20;
const storePauseMs = 50;

const isStoreTaken = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.message.includes('creating store');

// The server removes the files of a deleted stream a moment later: one of the same name may have to wait for that.
const add = async (
  jsm: JetStreamManager,
  config: StreamDefinition & { first_seq?: number },
): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await jsm.streams.add(config);
      return;
    } catch (error) {
      if (!isStoreTaken(error) || attempt === storeAttempts) throw error;
    }
    await sleep(storePauseMs);
  }
};

const apply = async (jsm: JetStreamManager, definition: StreamDefinition): Promise<void> => {
  const { name } = definition;
  const found = await configOf(jsm, name);
  if (found === null) await add(jsm, definition);
  else if (differences(definition, found).length > 0) await change(jsm, definition, found);
  await verify(jsm, definition);
};

const change = async (
  jsm: JetStreamManager,
  definition: StreamDefinition,
  found: StreamConfig,
): Promise<void> => {
  const { name } = definition;
  if (isExpendable(definition)) {
    const { state } = await jsm.streams.info(name);
    await jsm.streams.delete(name);
    // Those who watch go on after the last message that they saw.
    await add(jsm, { ...definition, first_seq: state.last_seq + 1 });
    return;
  }
  const reasons = dangers(definition, found);
  if (reasons.length > 0) throw new ProvisionRefused(name, reasons);
  const metadata = { ...found.metadata, ...definition.metadata };
  await jsm.streams.update(name, { ...found, ...definition, metadata });
};

// Older servers drop settings that they do not know without a word, so what was set is read back.
const verify = async (jsm: JetStreamManager, definition: StreamDefinition): Promise<void> => {
  const found = await configOf(jsm, definition.name);
  if (found === null) throw new ProvisionRefused(definition.name, ['it is not there']);
  const missing = differences(definition, found);
  if (missing.length > 0)
    throw new ProvisionRefused(definition.name, [`the server has not kept ${missing.join(', ')}`]);
};

/**
 * Creates or updates the streams and buckets. Idempotent; only one service (or the standalone) does it.
 * @throws ProvisionRefused when a change would lose something, or the server does not keep a setting
 */
export const provision = async (nc: NatsConnection, options: ProvisionOptions): Promise<void> => {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  for (const definition of definitions(options)) await apply(jsm, definition);
};

const missing = async (jsm: JetStreamManager): Promise<string[]> => {
  const wanted = definitions({ durability: 'strict', replicas: 1 });
  const found = await Promise.all(
    wanted.map(async ({ name }) => ((await configOf(jsm, name)) === null ? [name] : [])),
  );
  return found.flat();
};

/**
 * Waits until the owner has provisioned: for every service that is not the owner.
 * @throws ProvisionRefused when something is still missing after `waitMs`
 */
export const verifyProvisioned = async (
  nc: NatsConnection,
  { waitMs }: { waitMs: number },
): Promise<void> => {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const deadline = Date.now() + waitMs;
  let absent = await missing(jsm);
  while (absent.length > 0 && Date.now() < deadline) {
    await sleep(100);
    absent = await missing(jsm);
  }
  const [first] = absent;
  if (first !== undefined)
    throw new ProvisionRefused(first, [`it is not there after ${waitMs} ms; start its owner first`]);
};
