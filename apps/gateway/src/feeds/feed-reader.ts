import { setTimeout as delay } from 'node:timers/promises';
import { everything } from './channels.js';
import type { FeedFrame } from './feed-frame.js';

/** Why the gateway ends a stream by itself. */
export type EndReason = 'key_revoked' | 'key_expired' | 'too_many_streams' | 'slow' | 'shutdown';

/** Where a reader's frames go. */
export interface FeedSink {
  send(frame: FeedFrame): void;
  /** Bytes that the network has not taken yet. */
  readonly buffered: number;
  /** Settles when the network has taken what was sent, or the reader is gone. */
  flushed(): Promise<void>;
  /** Ends the stream. */
  end(reason: EndReason): void;
}

/** A live reader that is further behind than this is served out of the log, at its own pace. */
const mostBuffered = 512 * 1024;
/** One that takes nothing for this long is cut off. */
const stallMs = 10_000;

/** Somebody who reads a tenant's feed, event by event, each once and in order. */
export class FeedReader {
  channels: ReadonlySet<string>;
  #closed = false;

  /** @param after the place in the log up to which it has been served */
  constructor(
    private readonly sink: FeedSink,
    public after: number,
    channels?: ReadonlySet<string>,
  ) {
    this.channels = channels ?? new Set([everything]);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get isBehind(): boolean {
    return this.sink.buffered > mostBuffered;
  }

  /** Gives it what it wants and has not had. */
  offer(frame: FeedFrame): void {
    if (frame.sequence > 0) {
      if (frame.sequence <= this.after) return;
      this.after = frame.sequence;
    }
    if (!this.#closed && frame.isOn(this.channels)) this.sink.send(frame);
  }

  /** Waits until it has taken what it was sent, and cuts it off when it does not. */
  async settle(): Promise<void> {
    if (this.sink.buffered === 0) return;
    const stalled = new AbortController();
    const late = delay(stallMs, true, { signal: stalled.signal, ref: false }).catch(() => false);
    const isLate = await Promise.race([late, this.sink.flushed()]);
    stalled.abort();
    if (isLate === true) this.cut('slow');
  }

  cut(reason: EndReason): void {
    if (!this.#closed) this.sink.end(reason);
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#closed = true;
  }
}
