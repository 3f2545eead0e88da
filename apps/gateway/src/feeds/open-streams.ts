import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ControlData } from '../auth/control-data.js';
import type { KeyRecord } from '../auth/key-records.js';
import type { EndReason } from './feed-reader.js';

/** A stream as its key sees it. */
export interface KeyedStream {
  end(reason: EndReason): void;
  /** Settles when its connection is closed. */
  readonly ended: Promise<void>;
}

/** A timer cannot wait longer: 24 days. */
const longestWaitMs = 2 ** 31 - 1;

interface Watched {
  stream: KeyedStream;
  clock?: NodeJS.Timeout;
}

/** All streams of this gateway: they end with their key, and when the gateway stops. */
@Injectable()
export class OpenStreams implements OnModuleDestroy {
  /** By the hash of the key that opened them. */
  readonly #byHash = new Map<string, Set<Watched>>();
  readonly #unwatch: (() => void)[];
  #isStopping = false;

  constructor(@Inject(ControlData) private readonly control: ControlData) {
    this.#unwatch = [
      control.keys.onChange((hash) => this.#checkAll(hash)),
      // It may be gone, and its keys with it.
      control.tenants.onChange(() => [...this.#byHash.keys()].forEach((hash) => this.#checkAll(hash))),
    ];
  }

  /** Those who listen come back to another gateway, with their cursor. */
  async onModuleDestroy(): Promise<void> {
    this.#isStopping = true;
    this.#unwatch.forEach((unwatch) => unwatch());
    const streams = [...this.#byHash.values()].flatMap((some) => [...some]);
    streams.forEach(({ stream }) => stream.end('shutdown'));
    await Promise.all(streams.map(({ stream }) => stream.ended));
  }

  /** Ends the stream with the key of this hash. */
  add(hash: string, stream: KeyedStream): void {
    const streams = this.#byHash.get(hash) ?? new Set();
    const watched: Watched = { stream };
    this.#byHash.set(hash, streams.add(watched));
    void stream.ended.then(() => {
      clearTimeout(watched.clock);
      streams.delete(watched);
      if (streams.size === 0 && this.#byHash.get(hash) === streams) this.#byHash.delete(hash);
    });
    if (this.#isStopping) stream.end('shutdown');
    else this.#check(hash, watched);
  }

  #checkAll(hash: string): void {
    for (const watched of this.#byHash.get(hash) ?? []) this.#check(hash, watched);
  }

  /** The key, unless it or its tenant is no more. */
  #keyOf(hash: string): KeyRecord | undefined {
    const record = this.control.keys.get(hash)?.value;
    if (record === undefined || record.revoked_at !== undefined) return undefined;
    return this.control.tenant(record.tenant_id)?.value.deleted_at === undefined ? record : undefined;
  }

  #check(hash: string, watched: Watched): void {
    clearTimeout(watched.clock);
    const key = this.#keyOf(hash);
    if (key === undefined) return watched.stream.end('key_revoked');
    if (key.expires_at === undefined) return;
    const leftMs = Date.parse(key.expires_at) - Date.now();
    if (leftMs <= 0) return watched.stream.end('key_expired');
    const again = () => this.#check(hash, watched);
    watched.clock = setTimeout(again, Math.min(leftMs, longestWaitMs)).unref();
  }
}
