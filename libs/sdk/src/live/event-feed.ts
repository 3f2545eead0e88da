import { errorOf } from '../answers.js';
import {
  AuthenticationError,
  HandoffRailError,
  NotFoundError,
  PermissionError,
  ValidationError,
} from '../errors.js';
import { type Fetch, pause } from '../transport.js';
import {
  channelsOf,
  type FeedEvent,
  type FeedOptions,
  feedQuery,
  type FeedSource,
  isTold,
  pauseAfter,
} from './feed-events.js';
import { type SseFrame, SseFrames } from './sse.js';

/** Options of `events`. */
export interface EventFeedOptions extends FeedOptions {
  /** Ends the feed: the iteration throws its reason. */
  signal?: AbortSignal | undefined;
  /** Hears why a connection was lost; the feed opens it again by itself. */
  onReconnect?: ((why: unknown) => void) | undefined;
}

// The server says something every 25 seconds.
const silenceMs = 60_000;

const hopeless = [AuthenticationError, PermissionError, ValidationError, NotFoundError];

const isHopeless = (error: unknown): boolean => hopeless.some((kind) => error instanceof kind);

const closedBy = (reason: string): HandoffRailError | null => {
  if (reason === 'key_revoked')
    return new PermissionError({ code: reason, message: 'The API key has been revoked.' });
  if (reason === 'key_expired')
    return new AuthenticationError({ code: reason, message: 'The API key has expired.' });
  return null;
};

/** Aborts when it is not fed in time. */
const watchdog = (ending: AbortController) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  const feed = () => {
    stop();
    timer = setTimeout(() => ending.abort(new Error('The stream has gone silent.')), silenceMs);
  };
  return { feed, stop };
};

/**
 * What happens in the tenant, as it happens, each event once and in order: iterate it. A lost connection is
 * opened again behind the last event.
 */
export class EventFeed implements AsyncIterable<FeedEvent> {
  readonly #source: FeedSource & { fetch: Fetch };
  readonly #options: EventFeedOptions;
  #cursor: string | undefined;

  /** @internal */
  constructor(source: FeedSource & { fetch: Fetch }, options: EventFeedOptions) {
    this.#source = source;
    this.#options = options;
    this.#cursor = options.cursor;
  }

  /** Behind which the feed would go on: keep it, to go on there in another process. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Event by event, until it is left or aborted. */
  async *[Symbol.asyncIterator](): AsyncGenerator<FeedEvent, void, undefined> {
    const lost = { failures: 0, why: undefined as unknown };
    for (;;) {
      yield* this.#untilLost(lost);
      await this.#rest(lost.why, lost.failures);
      lost.failures += 1;
    }
  }

  /** Passes on what one connection tells, and notes why it was lost. @throws when another one would not help */
  async *#untilLost(lost: { failures: number; why: unknown }): AsyncGenerator<FeedEvent, void, undefined> {
    lost.why = undefined;
    try {
      for await (const event of this.#connection()) {
        lost.failures = 0;
        if (event !== null) yield event;
      }
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (isHopeless(error)) throw error;
      lost.why = error;
    }
  }

  /** Waits before the next connection, as the server asks for or longer from time to time. */
  async #rest(why: unknown, failures: number): Promise<void> {
    this.#options.onReconnect?.(why);
    const asked = why instanceof HandoffRailError ? (why.retryAfter ?? 0) * 1000 : 0;
    await pause(Math.max(asked, pauseAfter(failures)), this.#options.signal);
  }

  /** The events of one connection, and null for what is only a sign of life. */
  async *#connection(): AsyncGenerator<FeedEvent | null, void, undefined> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const ending = new AbortController();
    const abort = () => ending.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      for await (const frame of this.#frames(ending)) yield this.#taken(frame);
    } finally {
      signal?.removeEventListener('abort', abort);
      ending.abort();
    }
  }

  async *#frames(ending: AbortController): AsyncGenerator<SseFrame, void, undefined> {
    const watched = watchdog(ending);
    watched.feed();
    try {
      const reader = await this.#open(ending.signal);
      const frames = new SseFrames();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        // However long the one who iterates takes, it is not the server's silence.
        watched.stop();
        yield* frames.take(piece.value);
        watched.feed();
      }
    } finally {
      watched.stop();
    }
  }

  async #open(signal: AbortSignal): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    const { url, apiKey, fetch } = this.#source;
    const query = new URLSearchParams(
      feedQuery(channelsOf(this.#options.subscribe), this.#cursor),
    ).toString();
    const headers = { accept: 'text/event-stream', 'x-api-key': apiKey };
    const answer = await fetch(`${url}/events${query && `?${query}`}`, { method: 'GET', headers, signal });
    if (answer.ok && answer.body) return answer.body.getReader();
    const text = await answer.text();
    throw errorOf({ status: answer.status, header: (name) => answer.headers.get(name), text });
  }

  #taken({ id, type, data }: SseFrame): FeedEvent | null {
    const body = JSON.parse(data) as FeedEvent & { reason: string };
    const over = type === 'closed' ? closedBy(body.reason) : null;
    if (over) throw over;
    if (id !== undefined) this.#cursor = id;
    return isTold(type) ? ({ ...body, type } as FeedEvent) : null;
  }
}
