import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { JetStreamApiError, type JetStreamClient, JsHeaders, jetstream } from '@nats-io/jetstream';
import { KvWatchInclude, Kvm } from '@nats-io/kv';
import type { KV, KvWatchEntry } from '@nats-io/kv';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { type BucketEntry, type BucketListener, parseValue } from './bucket-entry.js';
import { type GuardedValue, Guards, isGuard } from './guards.js';
import { LogUnavailable } from './unavailable.js';

const wrongLastSequence = 10071;
const retryMs = 250;
const timeoutMs = 3_000;
const deletionTtl = '1h';
const checkMs = 5_000;
const stepMs = 5;

/**
 * A key-value bucket of JSON values, watched into memory: reads cost nothing, and a change made anywhere is
 * here within milliseconds. While NATS is away the last known values stay readable; once it is back they are
 * compared with what it has, which is the truth even if it came back without its last changes.
 */
export class Bucket<T> {
  /** Settles when all values of the bucket are in memory. */
  readonly ready: Promise<void>;
  readonly #entries = new Map<string, BucketEntry<T>>();
  readonly #listeners = new Set<BucketListener<T>>();
  /** Keys deleted here, by revision, until the watch has brought the deletion: it may still bring older values. */
  readonly #deleted = new Map<string, number>();
  /** Keys held from an earlier watch that the one now running has not brought yet. */
  #unconfirmed = new Set<string>();
  /** The stream that is watched, and the last sequence of it that has come. */
  #watched = { created: '', sequence: 0 };
  /** Whether the values that were there when the watch began have come. */
  #settled = false;
  #stop: () => void = () => undefined;
  #closed = false;

  private constructor(
    private readonly nc: NatsConnection,
    private readonly kv: KV,
    private readonly parts: { js: JetStreamClient; prefix: string; guards: Guards },
  ) {
    let signal: () => void = () => undefined;
    this.ready = new Promise((resolve) => (signal = resolve));
    void this.#follow(signal);
    void this.#watchConnection();
    void this.#watchWatch();
  }

  /** Opens a provisioned bucket and waits until its values are in memory. */
  static async open<T>(nc: NatsConnection, name: string): Promise<Bucket<T>> {
    const js = jetstream(nc, { timeout: timeoutMs });
    const kv = await new Kvm(js).open(name);
    const guards = new Guards(nc, kv, name);
    const bucket = new Bucket<T>(nc, kv, { js, prefix: `$KV.${name}.`, guards });
    await bucket.ready;
    return bucket;
  }

  get(key: string): BucketEntry<T> | undefined {
    return this.#entries.get(key);
  }

  entries(): IterableIterator<[string, BucketEntry<T>]> {
    return this.#entries.entries();
  }

  /** Stores a new key. Returns its revision, or null when the key is taken. @throws LogUnavailable */
  create(key: string, value: T): Promise<number | null> {
    return this.#write(key, value, () => this.kv.create(key, JSON.stringify(value)));
  }

  /** Replaces the value of that revision. Returns the new one, or null when it was stale. @throws LogUnavailable */
  update(key: string, value: T, revision: number): Promise<number | null> {
    return this.#write(key, value, () => this.kv.update(key, JSON.stringify(value), revision));
  }

  /** Stores the value, whatever is there: the last writer wins. @throws LogUnavailable */
  async put(key: string, value: T): Promise<void> {
    await this.#write(key, value, () => this.kv.put(key, JSON.stringify(value)));
  }

  /** Deletes that revision of a key. Returns the deletion's own, or null when it was stale. @throws LogUnavailable */
  delete(key: string, revision: number): Promise<number | null> {
    // The client's own purge does not tell its revision. What it leaves goes after a while: who was away then
    // reads all values again.
    const deletion = headers();
    deletion.set('KV-Operation', 'PURGE');
    deletion.set(JsHeaders.RollupHdr, JsHeaders.RollupValueSubject);
    const { js, prefix } = this.parts;
    const options = { headers: deletion, ttl: deletionTtl, expect: { lastSubjectSequence: revision } };
    return this.#write(
      key,
      undefined,
      async () => (await js.publish(prefix + key, new Uint8Array(), options)).seq,
    );
  }

  /**
   * Stores a value that depends on others of its scope: `decide` is asked when all that was stored before is in
   * memory, and again if somebody else of the scope was faster. Null from it, or what it throws, ends that with
   * nothing stored. @throws LogUnavailable
   */
  async writeGuarded(scope: string, decide: () => GuardedValue<T> | null): Promise<BucketEntry<T> | null> {
    const stored = await this.parts.guards.write(scope, async () => {
      await this.caughtUp();
      return decide();
    });
    if (stored === null) return null;
    const { key, ...entry } = stored;
    this.#apply(key, entry.revision, entry);
    return entry;
  }

  /** Calls back after each change from now on; the returned function ends that. */
  onChange(listener: BucketListener<T>): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits until all that was stored before this call, by whomever, is in memory. @throws LogUnavailable */
  async caughtUp(): Promise<void> {
    const status = await this.kv.status().catch((cause: unknown) => {
      throw new LogUnavailable('The bucket does not answer.', { cause });
    });
    const { created, state } = status.streamInfo;
    const has = ({ created: of, sequence } = this.#watched): boolean =>
      this.#settled && of === created && sequence >= state.last_seq;
    const giveUp = Date.now() + timeoutMs;
    while (!has()) {
      if (this.#closed || Date.now() > giveUp) throw new LogUnavailable('The bucket is behind.');
      await sleep(stepMs);
    }
  }

  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    this.#stop();
  }

  // The writer sees its own write at once; the watch brings it again and is then no news.
  async #write(key: string, value: T | undefined, send: () => Promise<number>): Promise<number | null> {
    try {
      const revision = await send();
      if (value === undefined && this.#entries.has(key)) this.#deleted.set(key, revision);
      this.#apply(key, revision, value === undefined ? undefined : { value, revision });
      return revision;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === wrongLastSequence) return null;
      throw new LogUnavailable('The bucket could not be written.', { cause: error });
    }
  }

  async #follow(ready: () => void): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#watch(ready);
      } catch {
        // The watch ends with its server or its consumer; the next one reads all values again.
      }
      if (!this.#closed) await sleep(retryMs, undefined, { ref: false });
    }
  }

  async #watch(ready: () => void): Promise<void> {
    const { streamInfo } = await this.kv.status();
    const target = streamInfo.state.last_seq;
    this.#settled = false;
    this.#watched = { created: streamInfo.created, sequence: target };
    const watch = await this.kv.watch({ include: KvWatchInclude.LastValue });
    this.#stop = () => watch.stop();
    if (this.#closed) watch.stop();
    this.#unconfirmed = new Set(this.#entries.keys());
    const settle = (): void => {
      this.#dropUnconfirmed();
      this.#settled = true;
      ready();
    };
    if (streamInfo.state.messages === 0) settle();
    for await (const entry of watch) {
      this.#take(entry);
      if (entry.isUpdate || entry.revision >= target) settle();
    }
  }

  // The client's watch goes on after the last sequence it saw, which a server that lost its end may not have.
  async #watchConnection(): Promise<void> {
    for await (const { type } of this.nc.status()) {
      if (this.#closed) return;
      if (type === 'reconnect') this.#stop();
    }
  }

  // A watch may fall silent: its consumer goes with a server of a cluster, or its stream is made anew.
  async #watchWatch(): Promise<void> {
    let due = 0;
    while (!this.#closed) {
      await sleep(checkMs, undefined, { ref: false });
      const status = await this.kv.status().catch(() => undefined);
      if (status === undefined) continue;
      const { created, state } = status.streamInfo;
      // What was there at the last check has had the time to come.
      const isSilent = created !== this.#watched.created || due > this.#watched.sequence;
      if (isSilent) this.#stop();
      due = isSilent ? 0 : state.last_seq;
    }
  }

  #dropUnconfirmed(): void {
    for (const key of this.#unconfirmed) this.#apply(key, 0, undefined);
  }

  /** Whether it is older than the deletion that this process made. */
  #isBehindDeletion(key: string, revision: number): boolean {
    const deleted = this.#deleted.get(key);
    if (deleted === undefined) return false;
    if (revision >= deleted) this.#deleted.delete(key);
    return revision < deleted;
  }

  #take(entry: KvWatchEntry): void {
    const { key, revision, operation } = entry;
    this.#watched.sequence = Math.max(this.#watched.sequence, revision);
    if (isGuard(key)) return;
    if (this.#isBehindDeletion(key, revision)) return;
    const value = operation === 'PUT' ? parseValue<T>(entry) : undefined;
    this.#apply(key, revision, value === undefined ? undefined : { value, revision });
  }

  #apply(key: string, revision: number, entry: BucketEntry<T> | undefined): void {
    const held = this.#entries.get(key);
    const isNews = this.#unconfirmed.delete(key)
      ? !isDeepStrictEqual(held, entry)
      : held === undefined || held.revision < revision;
    if (!isNews || (held === undefined && entry === undefined)) return;
    if (entry === undefined) this.#entries.delete(key);
    else this.#entries.set(key, entry);
    for (const listener of this.#listeners) listener(key, entry, held);
  }
}
