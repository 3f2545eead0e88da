import type { Lane, WaitingPacket } from '#libs/read-models';
import { compareInLine, type InLine, lineUp, type LineOptions, rankOf } from './line.js';
import type { Taken } from './taken.js';

export type Candidate = InLine<WaitingPacket>;

/** Which packets a lane is of. */
export type LaneKey = Pick<Lane, 'pool' | 'tags' | 'agent'>;

/** Longer lines are read anew when it comes to it. */
const longest = 1_000;

/** The head of one lane in memory: some hundreds of packets that come first in it. */
export class LaneLine {
  /** Where the next look begins among the sources. */
  after = '';
  /** When it was read, by performance.now(). */
  readAt = Number.NEGATIVE_INFINITY;
  usedAt = performance.now();
  /** It must be read before it is used. */
  isStale = true;
  /** There may be packets behind its end. */
  #more = false;
  #line: Candidate[] = [];
  #head = 0;
  #added: WaitingPacket[] = [];
  #isReading = false;
  /** Told while it is being read: what is read may not hold it yet. */
  #toldMeanwhile: WaitingPacket[] = [];
  /** How many there were when it was read. */
  #length = 0;

  constructor(
    readonly key: LaneKey,
    private readonly taken: Taken,
  ) {}

  /** Whether nothing is left of what was read, though there may be more. */
  get isUsedUp(): boolean {
    this.#skipTaken();
    return this.#more && this.#head >= this.#line.length && this.#added.length === 0;
  }

  /** Whether it is worth reading on already, so that nobody has to wait for it later. */
  get isLow(): boolean {
    this.#skipTaken();
    return this.#more && 2 * (this.#line.length - this.#head) < this.#length;
  }

  /** From now on what is told is newer than what is being read may be. Meanwhile it is used as it was. */
  startReading(): void {
    this.isStale = false;
    this.#isReading = true;
  }

  fill(packets: readonly WaitingPacket[], options: LineOptions): void {
    this.#isReading = false;
    this.#line = lineUp(
      packets.filter((one) => !this.taken.has(one)),
      options,
    );
    this.#head = 0;
    this.#length = this.#line.length;
    this.#added = this.#toldMeanwhile.splice(0);
    this.#more = packets.length > 0;
    this.readAt = performance.now();
  }

  /** It could not be read. */
  giveUp(): void {
    this.#isReading = false;
    this.#toldMeanwhile = [];
    this.isStale = true;
  }

  /** Takes in a packet that is offered since the lane was read, or offered in another way. */
  add(packet: WaitingPacket, options: LineOptions): void {
    if (this.isStale) return;
    if (!this.#isReading && this.#comesAfterAll(packet, options)) return void (this.#more = true);
    this.#added.push(packet);
    if (this.#isReading) this.#toldMeanwhile.push(packet);
    if (this.#added.length + this.#line.length - this.#head > longest) this.isStale = true;
  }

  /** The first packet for an agent, and whether others had to be passed over because they are not for it. */
  first(agent: string, options: LineOptions): { candidate: Candidate | undefined; passedOver: boolean } {
    this.#takeInAdded(options);
    this.#skipTaken();
    let passedOver = false;
    for (let at = this.#head; at < this.#line.length; at += 1) {
      const candidate = this.#line[at];
      if (candidate === undefined || this.taken.has(candidate)) continue;
      if (!candidate.not_for?.includes(agent)) return { candidate, passedOver };
      passedOver = true;
    }
    return { candidate: undefined, passedOver };
  }

  // With more behind the end, what would stand behind the end as well is read when it is its turn.
  #comesAfterAll(packet: WaitingPacket, options: LineOptions): boolean {
    const last = this.#line.at(-1);
    if (last === undefined || this.#head >= this.#line.length || packet.deadline !== null) return false;
    return rankOf(packet, options) <= last.rank && last.source === packet.source;
  }

  #takeInAdded(options: LineOptions): void {
    if (this.#added.length === 0) return;
    const left = new Map(this.#line.slice(this.#head).map((one): [string, WaitingPacket] => [one.id, one]));
    for (const one of this.#added) left.set(one.id, one);
    const free = [...left.values()].filter((one) => !this.taken.has(one));
    this.#line = lineUp(free, options);
    this.#head = 0;
    this.#added = [];
  }

  #skipTaken(): void {
    for (; this.#head < this.#line.length; this.#head += 1) {
      const candidate = this.#line[this.#head];
      if (candidate !== undefined && !this.taken.has(candidate)) return;
    }
  }
}

/** The one that comes first of the heads of several lanes. */
export const firstOf = (candidates: readonly Candidate[]): Candidate | undefined =>
  candidates.reduce<Candidate | undefined>(
    (first, one) => (first === undefined || compareInLine(one, first) < 0 ? one : first),
    undefined,
  );
