import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { KeyedQueue } from './keyed-queue.js';
import { LimitReached } from './limit-reached.js';
import { countGuarded } from './metrics.js';
import type { PublishAck } from './publisher.js';
import { writeHeaders } from './raw-headers.js';
import { LogUnavailable } from './unavailable.js';
import { uuidv7 } from './uuidv7.js';

/** What a guarded write stores: in place of the value of that revision, or under a key that has none. */
export interface GuardedValue<T> {
  key: string;
  value: T;
  revision?: number;
}

export type StoredValue<T> = Required<GuardedValue<T>>;

/** What is to be stored; null: nothing any more. */
export type Decide<T> = () => Promise<GuardedValue<T> | null>;

const prefix = '_guard.';
const tries = 40;
const timeoutMs = 3_000;
/** So long after another process was met at a guard it is given its turn. */
const rivalryMs = 1_000;
/** About as long as a write takes. */
const turnMs = 10;
/** Wrong last sequence, with and without saying which one it is. */
const stale = new Set<number | undefined>([10071, 10164]);

/** Whether a key of a bucket holds no value, but a guard. */
export const isGuard = (key: string): boolean => key.startsWith(prefix);

const unavailable = (cause: unknown): never => {
  throw new LogUnavailable('The bucket does not answer.', { cause });
};

const randomPause = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 2 * turnMs));

interface Message {
  key: string;
  payload: string;
  /** The last revision of the key, 0 when it has none. */
  expected: number;
}

/**
 * Writes that depend on more than the value they replace, such as how many there are. Each stores its value and
 * the guard of its scope in one atomic batch, the guard at the revision that was read before anything else: of two
 * that have seen the same, the server lets one through. Nothing is counted that a crash could leave wrong.
 */
export class Guards {
  readonly #queue = new KeyedQueue();
  /** Until when others are to be expected at the guards. */
  #rivalsUntil = 0;

  constructor(
    private readonly nats: NatsConnection,
    private readonly kv: KV,
    private readonly bucket: string,
  ) {}

  /**
   * Stores what `decide` returns, unless something else of the scope was stored meanwhile: then it is asked again.
   * Null from it, or what it throws, ends that with nothing stored. @throws LogUnavailable
   */
  write<T>(scope: string, decide: Decide<T>): Promise<StoredValue<T> | null> {
    return this.#queue.run(scope, async () => {
      // Who comes anew waits a moment, who has lost does not: else a process with a long queue would always win.
      if (Date.now() < this.#rivalsUntil) await randomPause();
      for (let round = 0; round < tries; round += 1) {
        const stored = await this.#attempt(prefix + scope, decide);
        if (stored !== 'stale') return stored;
        this.#rivalsUntil = Date.now() + rivalryMs;
        countGuarded(this.bucket, 'contended');
      }
      throw new LogUnavailable('Many changes of this kind at once. Send the request again.');
    });
  }

  async #attempt<T>(guard: string, decide: Decide<T>): Promise<StoredValue<T> | 'stale' | null> {
    const seen = await this.#entry(guard);
    const wanted = await decide().catch((error: unknown) => {
      if (error instanceof LimitReached) countGuarded(this.bucket, 'refused');
      throw error;
    });
    if (wanted === null) return null;
    const { key, value, revision } = wanted;
    const expected = revision ?? (await this.#placeFor(key));
    if (expected === null) return 'stale';
    const sequence = await this.#store([
      { key, payload: JSON.stringify(value), expected },
      { key: guard, payload: '{}', expected: seen?.revision ?? 0 },
    ]);
    if (sequence === null) return 'stale';
    countGuarded(this.bucket, 'stored');
    // The guard comes right behind the value.
    return { key, value, revision: sequence - 1 };
  }

  #entry(key: string): ReturnType<KV['get']> {
    return this.kv.get(key).catch(unavailable);
  }

  /** The revision of a deletion counts, too. Null: the key has a value. */
  async #placeFor(key: string): Promise<number | null> {
    const entry = await this.#entry(key);
    if (entry === null) return 0;
    return entry.operation === 'PUT' ? null : entry.revision;
  }

  /** Stores both or none. Returns the sequence of the second; null: one of them was stale. */
  async #store(messages: readonly [Message, Message]): Promise<number | null> {
    const batch = uuidv7();
    const [first, last] = messages.map(({ key, payload, expected }, index) => {
      const headers = writeHeaders([
        ['Nats-Batch-Id', batch],
        ['Nats-Batch-Sequence', String(index + 1)],
        ['Nats-Batch-Commit', index === 1 ? '1' : undefined],
        ['Nats-Expected-Last-Subject-Sequence', String(expected)],
      ]);
      return { subject: `$KV.${this.bucket}.${key}`, payload, headers };
    }) as [Publishing, Publishing];
    try {
      this.nats.publish(first.subject, first.payload, { headers: first.headers });
      const options = { headers: last.headers, timeout: timeoutMs };
      const { seq, error } = (
        await this.nats.request(last.subject, last.payload, options)
      ).json<PublishAck>();
      if (seq !== undefined && error === undefined) return seq;
      return stale.has(error?.err_code) ? null : unavailable(error);
    } catch (error) {
      return unavailable(error);
    }
  }
}

interface Publishing {
  subject: string;
  payload: string;
  headers: ReturnType<typeof writeHeaders>;
}
