import type { Mailbox } from './mailbox.js';
import { writeHeaders } from './raw-headers.js';
import type { HeaderEntry } from './raw-headers.js';
import { LogUnavailable } from './unavailable.js';
import { uuidv7 } from './uuidv7.js';

/** One message to be stored. */
export interface Piece {
  subject: string;
  headers: readonly HeaderEntry[];
  payload: Uint8Array;
}

/** The server's answer; `seq` is the sequence of the last piece. */
export interface PublishAck {
  seq?: number;
  duplicate?: boolean;
  error?: { err_code?: number; description?: string };
}

/** The pieces that one append stores together. */
interface Parcel {
  pieces: readonly Piece[];
  /** Not sent any more after that. */
  deadline: number;
  resolve: (ack: PublishAck) => void;
  reject: (error: unknown) => void;
}

/** Single publishes on their way at a time: enough to keep a server busy that syncs after each. */
const singlesInFlight = 4;
/** An atomic batch costs the server about as much as this many single publishes that it syncs. */
const worthBatching = 8;
/** One is staged while the other is synced. */
const batchesInFlight = 2;
const mostPieces = 500;
const mostBytes = 4 * 1024 * 1024;

const bytesOf = ({ pieces }: Parcel): number => pieces.reduce((sum, { payload }) => sum + payload.length, 0);

/** Publishes pieces as they are, or as one atomic batch when there are several: all stored side by side, or none. */
const send = async (mailbox: Mailbox, pieces: readonly Piece[]): Promise<PublishAck> => {
  const batch = pieces.length > 1 ? uuidv7() : undefined;
  const letters = pieces.map(({ subject, headers, payload }, index) => {
    const place: HeaderEntry[] =
      batch === undefined
        ? []
        : [
            ['Nats-Batch-Id', batch],
            ['Nats-Batch-Sequence', String(index + 1)],
            ['Nats-Batch-Commit', index === pieces.length - 1 ? '1' : undefined],
          ];
    return { subject, payload, headers: writeHeaders([...headers, ...place]) };
  });
  const last = letters.pop();
  if (last === undefined) throw new RangeError('Nothing to publish.');
  for (const letter of letters) mailbox.post(letter);
  return (await mailbox.ask(last)).json<PublishAck>();
};

/**
 * Publishes to the log. Appends that come while the server is busy go together as one atomic batch, so that
 * they share an answer and, where each write is synced, the sync: three times the rate at 64 writers. When one
 * of them is stale the server refuses them all; then each is sent alone and gets its own answer.
 */
export class Publisher {
  readonly #queue: Parcel[] = [];
  #singles = 0;
  #batches = 0;
  #scheduled = false;
  /** Grows with every success and is halved by a refused batch: under contention, alone is faster. */
  #mostParcels = mostPieces;

  constructor(private readonly mailbox: Mailbox) {}

  /** Stores the pieces together. @throws LogUnavailable when the outcome is not known */
  publish(pieces: readonly Piece[]): Promise<PublishAck> {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + this.mailbox.timeoutMs;
      this.#queue.push({ pieces, deadline, resolve, reject });
      this.#schedule();
    });
  }

  // What arrives in one turn of the event loop is looked at together.
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  // A server that stalls is not waited for by each in line for as long as by all before it.
  #dropLate(): void {
    const now = Date.now();
    const end = this.#queue.findIndex(({ deadline }) => deadline > now);
    const late = this.#queue.splice(0, end === -1 ? this.#queue.length : end);
    for (const { reject } of late) reject(new LogUnavailable('The log is too busy; nothing was written.'));
  }

  #pump(): void {
    if (this.#batches >= batchesInFlight) return;
    this.#dropLate();
    if (this.#queue.length >= worthBatching && this.#mostParcels >= worthBatching) {
      void this.#sendTogether(this.#takeGroup());
      return;
    }
    while (this.#queue.length > 0 && this.#singles < singlesInFlight) {
      const parcel = this.#queue.shift();
      if (parcel !== undefined) void this.#sendAlone(parcel);
    }
  }

  #takeGroup(): Parcel[] {
    let pieces = 0;
    let bytes = 0;
    const fits = (parcel: Parcel, index: number): boolean => {
      pieces += parcel.pieces.length;
      bytes += bytesOf(parcel);
      return index === 0 || (index < this.#mostParcels && pieces <= mostPieces && bytes <= mostBytes);
    };
    const end = this.#queue.findIndex((parcel, index) => !fits(parcel, index));
    return this.#queue.splice(0, end === -1 ? this.#queue.length : end);
  }

  async #sendAlone(parcel: Parcel): Promise<void> {
    this.#singles += 1;
    try {
      parcel.resolve(await send(this.mailbox, parcel.pieces));
      this.#mostParcels = Math.min(mostPieces, this.#mostParcels + 1);
    } catch (error) {
      parcel.reject(error);
    } finally {
      this.#singles -= 1;
      this.#schedule();
    }
  }

  async #sendTogether(group: readonly Parcel[]): Promise<void> {
    this.#batches += 1;
    try {
      const ack = await send(
        this.mailbox,
        group.flatMap(({ pieces }) => pieces),
      );
      if (ack.error === undefined) this.#share(group, ack.seq ?? 0);
      else this.#fallBack(group);
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      this.#batches -= 1;
      this.#schedule();
    }
  }

  #share(group: readonly Parcel[], last: number): void {
    this.#mostParcels = Math.min(mostPieces, this.#mostParcels * 2);
    let seq = last - group.reduce((sum, { pieces }) => sum + pieces.length, 0);
    for (const { pieces, resolve } of group) {
      seq += pieces.length;
      resolve({ seq });
    }
  }

  // An answer with an error means that nothing of the batch was stored.
  #fallBack(group: readonly Parcel[]): void {
    this.#mostParcels = Math.floor(group.length / 2);
    for (const parcel of group) void this.#sendAlone(parcel);
  }
}
