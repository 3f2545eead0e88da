import { type FeedMessage, parsePosition } from '#libs/contracts';
import { everything, keysOf } from './channels.js';

/** A field of an SSE frame ends with its line. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, ' ');

/** One frame of server-sent events. With an id, a client that comes back says so in `Last-Event-ID`. */
export const sseFrame = (event: string, json: string, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${oneLine(event)}\ndata: ${oneLine(json)}\n\n`;

/** What is sent to readers, in the form of each transport: made once for all who want it. */
export class FeedFrame {
  /** Where it stands in the log; 0 for what is not on it. */
  readonly sequence: number;
  /** Where it was known, before it, that nothing is missing; its own place less one when that is not said. */
  readonly previous: number;
  readonly #keys: readonly string[];
  readonly #type: string;
  readonly #position: string | undefined;
  #sse: Buffer | undefined;
  #text: Buffer | undefined;

  private constructor(
    message: Partial<FeedMessage>,
    private readonly json: string,
    previous?: string,
  ) {
    const { type = 'message', position } = message;
    this.sequence = position === undefined ? 0 : (parsePosition(position) ?? 0);
    this.previous = parsePosition(previous ?? '') ?? this.sequence - 1;
    this.#keys = position === undefined ? [everything, `type:${type}`] : keysOf(message as FeedMessage);
    this.#type = type;
    this.#position = position;
  }

  static of(message: FeedMessage): FeedFrame {
    return new FeedFrame(message, JSON.stringify(message));
  }

  /** A message of the feed as it came. @throws SyntaxError */
  static read(json: string, previous: string | undefined): FeedFrame {
    return new FeedFrame(JSON.parse(json) as Partial<FeedMessage>, json, previous);
  }

  /** As server-sent event. */
  get sse(): Buffer {
    return (this.#sse ??= Buffer.from(sseFrame(this.#type, this.json, this.#position)));
  }

  /** As JSON. */
  get text(): Buffer {
    return (this.#text ??= Buffer.from(this.json));
  }

  isOn(channels: ReadonlySet<string>): boolean {
    return this.#keys.some((key) => channels.has(key));
  }
}
