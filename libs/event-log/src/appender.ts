import { eventHeaders, logHeaders, packetSubject } from '#libs/contracts';
import type { PacketEvent } from '#libs/packet';
import { encodeEvent } from './codec.js';
import type { Piece, PublishAck, Publisher } from './publisher.js';
import { tollPiece } from './quota-message.js';
import type { Toll } from './quota-message.js';
import type { StreamReader } from './stream-reader.js';
import { LogUnavailable } from './unavailable.js';

/** New events of one packet, in order, and the sequence its last event must still have (0: no event yet). */
export interface Append {
  events: readonly PacketEvent[];
  expected: number;
  /** What they take from a quota, stored right before the first of them. */
  toll?: Toll;
}

export type AppendOutcome =
  /** On stable storage; `sequences` holds the last one of each append, `tolled` that of the last toll. */
  | { kind: 'appended'; sequences: number[]; bytes: number[]; tolled?: number }
  /** Somebody else wrote first; nothing was stored. */
  | { kind: 'conflict' }
  /** This very command is what was written last: it had been stored before. */
  | { kind: 'duplicate' };

/** The event does not fit into a message; nothing was stored. */
export class EventTooLarge extends Error {
  constructor(
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`The event takes ${bytes} bytes; the log takes ${limit}.`);
    this.name = 'EventTooLarge';
  }
}

/** Wrong last sequence, with and without saying which one it is. */
const staleCodes = new Set<number | undefined>([10071, 10164]);
const duplicateInBatch = 10201;

// Room for the headers of a batch, which come later.
const batchAllowance = 512;

const headerBytes = ({ headers }: Piece): number =>
  headers.reduce((bytes, [name, value]) => bytes + name.length + (value?.length ?? 0) + 4, 0);

const utf8 = new TextEncoder();

// One command may write to several packets, and several events to one.
const messageIdOf = ({ causation_id, packet_id }: PacketEvent, index: number): string =>
  `${causation_id}.${packet_id}${index === 0 ? '' : `.${index}`}`;

const eventPieces = ({ events, expected, toll }: Append): Piece[] =>
  events.map((event, index) => {
    const { headers, payload } = encodeEvent(event);
    return {
      subject: packetSubject(event.tenant_id, event.packet_id),
      payload: utf8.encode(payload),
      headers: [
        ...headers,
        [logHeaders.counted, toll && index === 0 ? '1' : undefined],
        ['Nats-Msg-Id', messageIdOf(event, index)],
        ['Nats-Expected-Last-Subject-Sequence', index === 0 ? String(expected) : undefined],
      ],
    };
  });

const piecesOf = (append: Append): Piece[] => [
  ...(append.toll ? [tollPiece(append.toll)] : []),
  ...eventPieces(append),
];

/** Writes events at their packet's expected sequence: the server's comparison is the only lock there is. */
export class Appender {
  constructor(
    private readonly publisher: Publisher,
    private readonly reader: StreamReader,
    private readonly maxPayload: () => number,
  ) {}

  /**
   * Stores all of it or nothing.
   * @throws EventTooLarge before anything is sent; LogUnavailable when the outcome is not known
   */
  async append(appends: readonly Append[]): Promise<AppendOutcome> {
    const groups = appends.map(piecesOf);
    const pieces = groups.flat();
    for (const piece of pieces) this.#checkSize(piece);
    const ack = await this.publisher.publish(pieces);
    if (ack.error !== undefined || ack.duplicate === true) return this.#explain(ack, appends);
    return { kind: 'appended', ...placesOf(groups, ack.seq ?? 0), ...tolledOf(appends, ack.seq ?? 0) };
  }

  // The client throws on a message that is too large, and would take a whole group of appends with it.
  #checkSize(piece: Piece): void {
    const bytes = piece.payload.length + headerBytes(piece) + batchAllowance;
    if (bytes > this.maxPayload()) throw new EventTooLarge(bytes, this.maxPayload());
  }

  async #explain({ error, duplicate }: PublishAck, appends: readonly Append[]): Promise<AppendOutcome> {
    const code = error?.err_code;
    if (duplicate === true || code === duplicateInBatch) return { kind: 'duplicate' };
    if (!staleCodes.has(code))
      throw new LogUnavailable(`The log refused an append: ${JSON.stringify(error)}.`);
    return (await this.#isOurs(appends[0])) ? { kind: 'duplicate' } : { kind: 'conflict' };
  }

  // The server compares the sequence before it looks for a known message id, so a repeated append of what
  // was stored looks like a conflict.
  async #isOurs(append: Append | undefined): Promise<boolean> {
    const event = append?.events.at(-1);
    if (event === undefined) return false;
    const last = await this.reader.last(packetSubject(event.tenant_id, event.packet_id));
    return last?.headers.get(eventHeaders.causation) === event.causation_id;
  }
}

/** Where each group ended and how large it was; a batch's messages stand side by side. */
const placesOf = (groups: readonly Piece[][], last: number): { sequences: number[]; bytes: number[] } => {
  let sequence = last - groups.reduce((sum, group) => sum + group.length, 0);
  return {
    sequences: groups.map((group) => (sequence += group.length)),
    bytes: groups.map((group) => group.reduce((sum, { payload }) => sum + payload.length, 0)),
  };
};

/** A toll stands before its events, and they before those of later appends. */
const tolledOf = (appends: readonly Append[], last: number): { tolled?: number } => {
  const place = appends.findLastIndex(({ toll }) => toll !== undefined);
  if (place === -1) return {};
  return { tolled: last - appends.slice(place).reduce((sum, { events }) => sum + events.length, 0) };
};
