import { JetStreamApiError, jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import type { BucketEntry } from './bucket-entry.js';
import { type Decide, Guards } from './guards.js';
import { LogUnavailable } from './unavailable.js';

const wrongLastSequence = 10071;
const timeoutMs = 3_000;

/**
 * JSON values of a bucket that may have many, of which few are ever asked for: none is held in memory, each is
 * read from the server. Every call @throws LogUnavailable
 */
export class Records<T> {
  private constructor(
    private readonly kv: KV,
    private readonly guards: Guards,
  ) {}

  /** Opens a provisioned bucket. */
  static async open<T>(nats: NatsConnection, name: string): Promise<Records<T>> {
    const kv = await new Kvm(jetstream(nats, { timeout: timeoutMs })).open(name);
    return new Records<T>(kv, new Guards(nats, kv, name));
  }

  async get(key: string): Promise<BucketEntry<T> | undefined> {
    const entry = await this.kv.get(key).catch(unavailable);
    return entry?.operation === 'PUT' ? { value: entry.json<T>(), revision: entry.revision } : undefined;
  }

  /** Stores a new key. False: it is taken. */
  create(key: string, value: T): Promise<boolean> {
    return isFirst(this.kv.create(key, JSON.stringify(value)));
  }

  /** Replaces the value of that revision. False: it was stale. */
  update(key: string, value: T, revision: number): Promise<boolean> {
    return isFirst(this.kv.update(key, JSON.stringify(value), revision));
  }

  /** Deletes that revision of a key. False: it was stale. */
  delete(key: string, revision: number): Promise<boolean> {
    return isFirst(this.kv.delete(key, { previousSeq: revision }));
  }

  /**
   * Stores a value that depends on others of its scope; `decide` is asked again if somebody else of the scope was
   * faster. Null from it, or what it throws, ends that with nothing stored.
   */
  async writeGuarded(scope: string, decide: Decide<T>): Promise<T | null> {
    return (await this.guards.write(scope, decide))?.value ?? null;
  }

  /** All values whose keys the pattern matches, such as `one.*`. */
  async list(pattern: string): Promise<T[]> {
    const found: T[] = [];
    try {
      for await (const entry of await this.kv.history({ key: pattern }))
        if (entry.operation === 'PUT') found.push(entry.json<T>());
    } catch (error) {
      return unavailable(error);
    }
    return found;
  }
}

const isFirst = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === wrongLastSequence) return false;
    return unavailable(error);
  }
};

const unavailable = (cause: unknown): never => {
  throw new LogUnavailable('The bucket does not answer.', { cause });
};
