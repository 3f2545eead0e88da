import type { WebSocket } from 'ws';
import type { FeedFrame } from './feed-frame.js';
import type { EndReason } from './feed-reader.js';
import type { FeedStream } from './feed-sessions.js';
import { countEnded, messagesOver } from './metrics.js';

const messages = messagesOver('ws');

/** Close codes: 1001 is the protocol's, the others are ours. */
const closeCodes: Record<EndReason, number> = {
  key_revoked: 4001,
  key_expired: 4002,
  too_many_streams: 4003,
  slow: 4008,
  shutdown: 1001,
};

/** A reader that does not answer the close is not waited for. */
const closeMs = 500;
const lowWater = 16 * 1024;
const asText = { binary: false };

/** A WebSocket as a feed writes to it. */
export class WsStream implements FeedStream {
  readonly transport = 'ws';
  readonly ended: Promise<void>;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(private readonly socket: WebSocket) {
    this.ended = new Promise((resolve) =>
      socket.once('close', () => {
        this.#isClosed = true;
        this.#wake();
        resolve();
      }),
    );
  }

  get buffered(): number {
    return this.socket.bufferedAmount;
  }

  send(frame: FeedFrame): void {
    this.#write(frame.text);
    messages.inc();
  }

  tell(type: string, facts: object): void {
    this.#write(Buffer.from(JSON.stringify({ type, ...facts })));
  }

  flushed(): Promise<void> {
    if (this.#isClosed || this.buffered <= lowWater) return Promise.resolve();
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  end(reason: EndReason): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    countEnded('ws', reason);
    this.socket.close(closeCodes[reason], reason);
    setTimeout(() => this.socket.terminate(), closeMs).unref();
  }

  #write(text: Buffer): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.socket.send(text, asText, () => {
      if (this.buffered <= lowWater) this.#wake();
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
