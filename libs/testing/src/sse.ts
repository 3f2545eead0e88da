import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import type { AnyJson } from './http.js';

/** One server-sent event. */
export interface SseEvent {
  id: string | undefined;
  type: string;
  data: AnyJson;
  /** When it came, as `performance.now()`. */
  at: number;
}

/** A stream of server-sent events, as `EventSource` reads it, but that it does not reconnect. */
export interface SseReader {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Everything that has come. */
  readonly events: SseEvent[];
  /** The id of the last event that had one. */
  readonly lastId: string | undefined;
  /** Settles when the stream is over, whoever ended it. */
  readonly ended: Promise<void>;
  /** The body of an answer that is no stream. */
  readonly body: () => AnyJson;
  /** Takes nothing any more, and leaves the connection open. */
  pause(): void;
  resume(): void;
  /** Breaks the connection off. */
  cut(): void;
}

export interface SseOptions {
  key?: string;
  lastEventId?: string;
  onEvent?: (event: SseEvent) => void;
}

const fieldsOf = (block: string): Map<string, string> =>
  new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );

const eventOf = (block: string): SseEvent => {
  const fields = fieldsOf(block);
  const data: AnyJson = JSON.parse(fields.get('data') ?? 'null');
  return { id: fields.get('id'), type: fields.get('event') ?? 'message', data, at: performance.now() };
};

class OpenReader implements SseReader {
  readonly events: SseEvent[] = [];
  readonly ended: Promise<void>;
  lastId: string | undefined;
  #rest = '';

  constructor(
    private readonly request: ClientRequest,
    private readonly answer: IncomingMessage,
    { onEvent, lastEventId }: SseOptions,
  ) {
    this.lastId = lastEventId;
    answer.setEncoding('utf8').on('data', (text: string) => {
      this.#rest += text;
      if (this.status === 200) this.#take(onEvent);
    });
    this.ended = new Promise((resolve) => answer.once('close', resolve));
    answer.on('error', () => undefined);
  }

  get status(): number {
    return this.answer.statusCode ?? 0;
  }

  get headers(): IncomingMessage['headers'] {
    return this.answer.headers;
  }

  body(): AnyJson {
    return JSON.parse(this.#rest);
  }

  pause(): void {
    this.answer.pause();
  }

  resume(): void {
    this.answer.resume();
  }

  cut(): void {
    this.request.destroy();
  }

  #take(onEvent: SseOptions['onEvent']): void {
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const event of blocks.map(eventOf)) {
      this.lastId = event.id ?? this.lastId;
      this.events.push(event);
      onEvent?.(event);
    }
  }
}

/** Opens a stream; settles when its answer has begun. */
export const readEvents = (url: string, options: SseOptions = {}): Promise<SseReader> =>
  new Promise((resolve, reject) => {
    const headers = {
      accept: 'text/event-stream',
      ...(options.key && { 'x-api-key': options.key }),
      ...(options.lastEventId !== undefined && { 'last-event-id': options.lastEventId }),
    };
    const request = get(url, { headers, agent: false }, (answer) =>
      resolve(new OpenReader(request, answer, options)),
    );
    request.once('error', reject);
  });
