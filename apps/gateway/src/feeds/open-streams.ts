import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ControlData } from '../auth/control-data.js';
import { isLive, type KeyRecord } from '../auth/key-records.js';
import type { EndReason } from './feed-reader.js';

/** A stream as its key sees it. */
export interface KeyedStream {
  end(reason: EndReason): void;
  /** Settles when its connection is closed. */
  readonly ended: Promise<void>;
}

/** A timer cannot wait longer: 24 days. */
const longestWaitMs = 2 ** 31 - 1;

/** All streams of this gateway: they end with their key, and when the gateway stops. */
@Injectable()
export class OpenStreams implements OnModuleDestroy {
  readonly #byKey = new Map<string, Set<KeyedStream>>();
  readonly #unwatch: () => void;
  #isStopping = false;

  constructor(@Inject(ControlData) control: ControlData) {
    this.#unwatch = control.keys.onChange((_hash, entry, held) => {
      const record = entry?.value ?? held?.value;
      if (record !== undefined && !(entry && isLive(entry.value, new Date())))
        this.#endAll(record.id, 'key_revoked');
    });
  }

  /** Those who listen come back to another gateway, with their cursor. */
  async onModuleDestroy(): Promise<void> {
    this.#isStopping = true;
    this.#unwatch();
    const streams = [...this.#byKey.values()].flatMap((some) => [...some]);
    streams.forEach((stream) => stream.end('shutdown'));
    await Promise.all(streams.map(({ ended }) => ended));
  }

  /** Ends the stream with its key; the returned function forgets it. */
  add(record: KeyRecord, stream: KeyedStream): () => void {
    const streams = this.#byKey.get(record.id) ?? new Set();
    this.#byKey.set(record.id, streams.add(stream));
    const stopClock = this.#watchExpiry(record, stream);
    if (this.#isStopping) stream.end('shutdown');
    return () => {
      stopClock();
      streams.delete(stream);
      if (streams.size === 0) this.#byKey.delete(record.id);
    };
  }

  #endAll(key: string, reason: EndReason): void {
    for (const stream of this.#byKey.get(key) ?? []) stream.end(reason);
  }

  #watchExpiry({ expires_at }: KeyRecord, stream: KeyedStream): () => void {
    if (expires_at === undefined) return () => undefined;
    let clock: NodeJS.Timeout;
    const wind = (): void => {
      const leftMs = Date.parse(expires_at) - Date.now();
      if (leftMs <= 0) stream.end('key_expired');
      else clock = setTimeout(wind, Math.min(leftMs, longestWaitMs)).unref();
    };
    clock = setTimeout(wind, 0).unref();
    return () => clearTimeout(clock);
  }
}
