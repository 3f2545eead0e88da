import type { ServerResponse } from 'node:http';
import type { FeedFrame } from './feed-frame.js';
import { sseFrame } from './feed-frame.js';
import type { EndReason } from './feed-reader.js';
import type { FeedStream } from './feed-sessions.js';
import { countEnded, messagesOver } from './metrics.js';

const messages = messagesOver('sse');
/** A reader that does not take the end is not waited for. */
const closeMs = 500;

/** A response that stays open and is written one server-sent event after the other. */
export class SseStream implements FeedStream {
  readonly transport = 'sse';
  readonly ended: Promise<void>;
  /** Writes that the network has not taken yet. */
  #pending = 0;
  #waiting: (() => void)[] = [];

  constructor(private readonly response: ServerResponse) {
    this.ended = new Promise((resolve) =>
      response.once('close', () => {
        this.#wake();
        resolve();
      }),
    );
  }

  /** @param headers beside those that every stream has */
  begin(headers: NodeJS.Dict<number | string | string[]>): void {
    this.response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // A proxy that collects an answer before it passes it on would hold the stream back.
      'x-accel-buffering': 'no',
    });
  }

  get buffered(): number {
    return this.response.writableLength;
  }

  send(frame: FeedFrame): void {
    this.#write(frame.sse);
    messages.inc();
  }

  /** An event of the stream itself. */
  tell(type: string, facts: object, cursor?: string): void {
    this.#write(sseFrame(type, JSON.stringify({ type, ...facts }), cursor));
  }

  flushed(): Promise<void> {
    if (this.#pending === 0 || !this.#isOpen) return Promise.resolve();
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  end(reason: EndReason): void {
    if (!this.#isOpen) return;
    countEnded('sse', reason);
    // Behind what it does not take, nothing would reach it.
    if (reason === 'slow') return void this.response.destroy();
    this.tell('closed', { reason });
    this.response.end();
    setTimeout(() => this.response.destroy(), closeMs).unref();
  }

  #write(text: Buffer | string): void {
    if (!this.#isOpen) return;
    this.#pending += 1;
    this.response.write(text, () => {
      this.#pending -= 1;
      if (this.#pending === 0) this.#wake();
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  get #isOpen(): boolean {
    return !this.response.writableEnded && !this.response.destroyed;
  }
}
