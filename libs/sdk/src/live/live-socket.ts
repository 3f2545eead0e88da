import { AuthenticationError, ConnectionError, type HandoffRailError, PermissionError } from '../errors.js';
import {
  channelsOf,
  type FeedEvent,
  type FeedOptions,
  feedQuery,
  type FeedSource,
  type GapEvent,
  isTold,
  pauseAfter,
} from './feed-events.js';

/** As much of a WebSocket as is used: that of browsers, of Node 22, or of the package `ws`. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** Options of `socket`. */
export interface SocketOptions extends FeedOptions {
  /** Used instead of the global one, which Node has from version 22 on. */
  WebSocket?: (new (url: string) => SocketLike) | undefined;
  /** Something happened. */
  onEvent?: ((event: Exclude<FeedEvent, GapEvent>) => void) | undefined;
  /** Events were missed: fetch what you show anew. */
  onGap?: ((gap: GapEvent) => void) | undefined;
  /** The connection is there, for the first time or again. */
  onOpen?: (() => void) | undefined;
  /** It is lost, and will be opened again. */
  onLost?: ((why: ConnectionError) => void) | undefined;
  /** It is over for good: the key is refused, or `close` was called. */
  onClose?: ((why: HandoffRailError | null) => void) | undefined;
}

const pingMs = 25_000;
const silenceMs = 60_000;

// A channel of its own for whoever wants nothing: without any, everything would come.
const nothing = 'packet:00000000-0000-0000-0000-000000000000';

const refusals: Record<number, HandoffRailError> = {
  4001: new PermissionError({ code: 'key_revoked', message: 'The API key has been revoked.' }),
  4002: new AuthenticationError({ code: 'key_expired', message: 'The API key has expired.' }),
};

type Told = GapEvent | (Exclude<FeedEvent, GapEvent> & { position?: string });

interface Setup {
  source: FeedSource;
  /** Rejects when the key is refused: a browser does not say why a socket could not be opened. */
  check: () => Promise<unknown>;
}

/** The feed over a WebSocket, told to callbacks. Lost connections are opened again, behind the last event. */
export class LiveSocket {
  readonly #setup: Setup;
  readonly #options: SocketOptions;
  readonly #channels: Set<string>;
  #everything: boolean;
  #cursor: string | undefined;
  #socket: SocketLike | undefined;
  /** What is to be said once the connection is open; null when it is. */
  #unsaid: object[] | null = [];
  #failures = 0;
  #closed = false;
  #heard = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #pings: ReturnType<typeof setInterval>;

  /** @internal */
  constructor(setup: Setup, options: SocketOptions) {
    this.#setup = setup;
    this.#options = options;
    this.#cursor = options.cursor;
    this.#channels = new Set(channelsOf(options.subscribe));
    this.#everything = this.#channels.size === 0;
    this.#pings = setInterval(() => this.#ping(), pingMs);
    this.#connect();
  }

  /** Behind which the feed would go on: keep it, to go on there in another process. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Asks for one more channel. The first one narrows a socket that got everything. */
  subscribe(channel: string): void {
    this.#channels.add(channel);
    this.#everything = false;
    this.#send({ action: 'subscribe', channel });
  }

  /** After the last one nothing comes. */
  unsubscribe(channel: string): void {
    if (this.#channels.delete(channel)) this.#send({ action: 'unsubscribe', channel });
  }

  /** Ends it for good. */
  close(): void {
    this.#end(null);
  }

  #address(): string {
    const { url, apiKey } = this.#setup.source;
    const wanted = this.#channels.size > 0 || this.#everything ? [...this.#channels] : [nothing];
    const query = new URLSearchParams([...feedQuery(wanted, this.#cursor), ['token', apiKey]]);
    return `${url.replace(/^http/, 'ws')}/ws?${query.toString()}`;
  }

  #connect(): void {
    const Socket =
      this.#options.WebSocket ?? (globalThis as { WebSocket?: new (url: string) => SocketLike }).WebSocket;
    if (Socket === undefined)
      throw new TypeError('There is no WebSocket here: pass one as the option WebSocket.');
    const socket = new Socket(this.#address());
    this.#socket = socket;
    // The address has said it all.
    this.#unsaid = [];
    this.#heard = Date.now();
    let opened = false;
    socket.onopen = () => {
      opened = true;
      const unsaid = this.#unsaid ?? [];
      this.#unsaid = null;
      for (const message of unsaid) this.#send(message);
      this.#options.onOpen?.();
    };
    socket.onmessage = ({ data }: { data: string }) => this.#take(String(data));
    // What there is to know comes with the close.
    socket.onerror = () => undefined;
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      if (socket === this.#socket) void this.#lost({ code, reason, opened });
    };
  }

  #take(text: string): void {
    this.#heard = Date.now();
    this.#failures = 0;
    const message = JSON.parse(text) as Told | { type: 'connected'; position: string };
    if (message.type === 'connected') this.#cursor ??= message.position;
    else if (isTold(message.type)) this.#tell(message);
  }

  #tell(event: Told): void {
    if (event.type === 'gap') {
      this.#cursor = event.resumed_from;
      this.#options.onGap?.(event);
      return;
    }
    this.#cursor = event.position ?? this.#cursor;
    this.#options.onEvent?.(event);
  }

  async #lost({ code, reason, opened }: { code: number; reason: string; opened: boolean }): Promise<void> {
    this.#socket = undefined;
    this.#unsaid = [];
    const refused = refusals[code] ?? (opened ? null : await this.#refusal());
    if (this.#closed) return;
    if (refused) return this.#end(refused);
    const message = `The connection was lost (${code}${reason && `, ${reason}`}).`;
    this.#options.onLost?.(new ConnectionError({ code: 'connection', message }));
    this.#again = setTimeout(() => this.#connect(), pauseAfter(this.#failures));
    this.#failures += 1;
  }

  async #refusal(): Promise<HandoffRailError | null> {
    try {
      await this.#setup.check();
      return null;
    } catch (error) {
      return error instanceof AuthenticationError || error instanceof PermissionError ? error : null;
    }
  }

  #ping(): void {
    if (this.#socket === undefined) return;
    if (Date.now() - this.#heard < silenceMs) return this.#send({ action: 'ping' });
    const silent = this.#socket;
    this.#socket = undefined;
    silent.close();
    void this.#lost({ code: 1006, reason: 'silence', opened: true });
  }

  #send(message: object): void {
    if (this.#unsaid === null) this.#socket?.send(JSON.stringify(message));
    else this.#unsaid.push(message);
  }

  #end(why: HandoffRailError | null): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#pings);
    clearTimeout(this.#again);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
    this.#options.onClose?.(why);
  }
}
