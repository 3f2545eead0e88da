import { setTimeout as delay } from 'node:timers/promises';
import { feedHeaders, feedSubjects } from '#libs/contracts';
import type { PacketLog } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import type { Logger } from '#libs/service-kit';
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import { FeedFrame } from './feed-frame.js';
import type { FeedReader } from './feed-reader.js';
import { countFilled } from './metrics.js';
import { replayFeed } from './replay.js';

export interface TenantFeedParts {
  nats: NatsConnection;
  log: PacketLog;
  logger: Logger;
}

const retryMs = 500;

/**
 * One tenant's feed for all its readers here. What comes live is passed on as long as each message follows on
 * what is known; when one is missing, the log is read up to the place that is known to be projected. A reader
 * that comes with a cursor, or falls behind, is served out of the log until it has caught up.
 */
export class TenantFeed {
  /** Every event up to here has been passed on. */
  #at = 0;
  /** The read models are known to hold the log up to here. */
  #target = 0;
  #isOpen = false;
  #filling = false;
  readonly #live = new Set<FeedReader>();
  readonly #subscription: Subscription;

  constructor(
    readonly tenant: TenantId,
    private readonly parts: TenantFeedParts,
  ) {
    this.#subscription = parts.nats.subscribe(feedSubjects(tenant), {
      callback: (error, message) => {
        if (error === null) this.#hear(message);
      },
    });
  }

  /** The place up to which everything has been passed on. */
  get at(): number {
    return this.#at;
  }

  /** Begins at a place that the read models have reached, once the subscription stands. */
  open(at: number): void {
    this.#at = at;
    this.#target = Math.max(this.#target, at);
    this.#isOpen = true;
    this.#fill();
  }

  /** The read models have reached a place; whoever has heard everything up to `told` has missed nothing. */
  reach(position: number, told: number): void {
    this.#target = Math.max(this.#target, position);
    if (!this.#isOpen || this.#filling || position <= this.#at) return;
    if (told <= this.#at) this.#at = position;
    else this.#fill();
  }

  /** Serves a reader from the place on that it has reached, until it is closed. */
  serve(reader: FeedReader): void {
    if (reader.isClosed) return;
    if (reader.after >= this.#at) this.#live.add(reader);
    else void this.#catchUp(reader);
  }

  drop(reader: FeedReader): void {
    this.#live.delete(reader);
  }

  close(): void {
    this.#isOpen = false;
    this.#subscription.unsubscribe();
  }

  #hear(message: Msg): void {
    const frame = this.#read(message);
    if (frame === undefined) return;
    if (frame.sequence === 0) return this.#pass(frame);
    this.#target = Math.max(this.#target, frame.sequence);
    if (!this.#isOpen || this.#filling || frame.sequence <= this.#at) return;
    if (frame.previous > this.#at) return this.#fill();
    this.#pass(frame);
    this.#at = frame.sequence;
  }

  #read(message: Msg): FeedFrame | undefined {
    try {
      return FeedFrame.read(message.string(), message.headers?.get(feedHeaders.previous));
    } catch {
      // Anybody may publish on NATS; what is no message of ours is nobody's here.
      return undefined;
    }
  }

  #pass(frame: FeedFrame): void {
    for (const reader of this.#live) {
      reader.offer(frame);
      if (!reader.isBehind) continue;
      this.#live.delete(reader);
      void this.#catchUp(reader);
    }
  }

  #fill(): void {
    if (this.#filling || this.#at >= this.#target) return;
    this.#filling = true;
    countFilled();
    void this.#untilDone(async () => {
      const range = { after: this.#at, until: () => this.#target };
      for await (const { frames, at } of replayFeed(this.parts.log, this.tenant, range)) {
        if (!this.#isOpen) return true;
        frames.forEach((frame) => this.#pass(frame));
        this.#at = at;
      }
      if (this.#at < this.#target) return false;
      this.#filling = false;
      return true;
    });
  }

  async #catchUp(reader: FeedReader): Promise<void> {
    await this.#untilDone(async () => {
      await reader.settle();
      const range = { after: reader.after, until: () => this.#at };
      for await (const { frames, at } of replayFeed(this.parts.log, this.tenant, range)) {
        frames.forEach((frame) => reader.offer(frame));
        reader.after = Math.max(reader.after, at);
        await reader.settle();
        if (reader.isClosed) return true;
      }
      if (reader.isClosed) return true;
      if (reader.after < this.#at) return false;
      this.#live.add(reader);
      return true;
    });
  }

  /** The log may be away for a while. */
  async #untilDone(step: () => Promise<boolean>): Promise<void> {
    while (this.#isOpen) {
      try {
        if (await step()) return;
      } catch (error) {
        this.parts.logger.warn({ err: error, tenant_id: this.tenant }, 'a feed cannot read the log');
        await delay(retryMs, undefined, { ref: false });
      }
    }
  }
}
