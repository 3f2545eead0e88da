import { LRUCache } from 'lru-cache';
import { isTerminal, type Packet } from '#libs/packet';
import { countLookup } from './metrics.js';

/** A packet's folded state and the stream sequence of its last event (0: it has none). */
export interface Loaded {
  packet: Packet;
  sequence: number;
}

export interface CacheLimits {
  /** Most packets held. */
  entries: number;
  /** Most bytes held, reckoned from the size of the packets' events. */
  bytes: number;
}

interface Entry extends Loaded {
  bytes: number;
}

/** What an entry costs beside its content: the state's own objects, the map, the key. */
const overheadBytes = 1_500;
/** Parsed JSON takes about this many times the room of its text. */
const inflation = 2;
/** However much was written, updates replace what they change: the limits of a packet bound its state. */
const largestState = 4 * 1024 * 1024;

/** Hardly a command follows, and readers are served from the read models: its room is better used. */
const hasEnded = ({ status }: Packet): boolean => status !== 'absent' && isTerminal(status);

/** Folded states of the live packets used last, bounded by count and by bytes. An entry may be behind the log. */
export class StateCache {
  readonly #entries: LRUCache<string, Entry>;

  constructor(private readonly limits: CacheLimits) {
    // To the library 0 entries are any number of them; `set` then keeps none.
    this.#entries = new LRUCache({
      max: limits.entries,
      maxSize: limits.bytes,
      sizeCalculation: (entry) => overheadBytes + inflation * entry.bytes,
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  get(key: string): Loaded | undefined {
    const found = this.#entries.get(key);
    countLookup(found === undefined ? 'miss' : 'hit');
    return found && { packet: found.packet, sequence: found.sequence };
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Takes a newer state over; `addedBytes` is the size of the events folded since the one held. */
  set(key: string, loaded: Loaded, addedBytes: number): void {
    if (this.limits.entries === 0) return;
    const held = this.#entries.peek(key);
    if (held !== undefined && held.sequence >= loaded.sequence) return;
    if (hasEnded(loaded.packet)) return void this.#entries.delete(key);
    const bytes = Math.min((held?.bytes ?? 0) + addedBytes, largestState);
    this.#entries.set(key, { packet: loaded.packet, sequence: loaded.sequence, bytes });
  }
}
