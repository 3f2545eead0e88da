import { buckets } from '#libs/contracts';
import { Bucket } from '#libs/event-log';
import { type Instant, instantAt } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';

const flushMs = 60_000;

interface KeyUse {
  at: Instant;
}

/** When keys were last used: noted in memory at each request, stored once a minute. */
export class KeyUses {
  /** Uses by key that are not stored yet, in epoch milliseconds. */
  #noted = new Map<string, number>();
  readonly #clock: NodeJS.Timeout;

  private constructor(private readonly stored: Bucket<KeyUse>) {
    this.#clock = setInterval(() => void this.flush(), flushMs).unref();
  }

  /** The bucket must be provisioned. */
  static async open(nats: NatsConnection): Promise<KeyUses> {
    return new KeyUses(await Bucket.open<KeyUse>(nats, buckets.keyUses));
  }

  note(keyId: string): void {
    this.#noted.set(keyId, Date.now());
  }

  /** The last use, of other gateways up to a minute late; null: none is known. */
  lastUse(keyId: string): Instant | null {
    const noted = this.#noted.get(keyId);
    const here = noted === undefined ? null : instantAt(noted);
    const stored = this.stored.get(keyId)?.value.at ?? null;
    return here !== null && (stored === null || stored < here) ? here : stored;
  }

  /** Stores what was noted; what cannot be stored now is tried again later. */
  async flush(): Promise<void> {
    const noted = this.#noted;
    this.#noted = new Map();
    for (const [keyId, ms] of noted) {
      const at = instantAt(ms);
      if ((this.stored.get(keyId)?.value.at ?? '') >= at) continue;
      await this.stored.put(keyId, { at }).catch(() => this.#keep(keyId, ms));
    }
  }

  /** Stores what is left, if that is possible. */
  async close(): Promise<void> {
    clearInterval(this.#clock);
    await this.flush();
    this.stored.close();
  }

  #keep(keyId: string, ms: number): void {
    if (!this.#noted.has(keyId)) this.#noted.set(keyId, ms);
  }
}
