import { type RateWindowName, rateSubject } from '#libs/contracts';
import { countCounted } from './metrics.js';
import type { SharedCounts } from './shared-counts.js';

const secondsOf: Record<RateWindowName, number> = { minute: 60, hour: 3_600 };

/** What is known here of somebody's count. */
interface Count {
  /** The highest that it has been. */
  used: number;
  /** What the server does not know of. */
  owed: number;
}

/** One minute or hour of the clock, and how often everybody has come in it. */
export class RateWindow {
  readonly seconds: number;
  /** Epoch milliseconds at which it is over. */
  readonly resetsAt: number;
  readonly #counts = new Map<string, Count>();

  constructor(
    readonly name: RateWindowName,
    /** How many windows of its kind have been before it since 1970. */
    readonly index: number,
    private readonly shared: Pick<SharedCounts, 'add'>,
  ) {
    this.seconds = secondsOf[name];
    this.resetsAt = (index + 1) * this.seconds * 1_000;
  }

  used(id: string): number {
    return this.#counts.get(id)?.used ?? 0;
  }

  /** Counts one more and returns what it comes to, on all gateways together. */
  async count(id: string): Promise<number> {
    const count = this.#countOf(id);
    const [before, by] = [count.used, 1 + count.owed];
    count.owed = 0;
    const told = await this.shared.add(rateSubject(this.name, id, this.index), by);
    countCounted(told === undefined ? 'process' : 'nats');
    if (told === undefined) count.owed += by;
    // A server that was killed has lost its last counts.
    else if (told <= before) count.owed = Math.max(count.owed, before + 1 - told);
    const value = told !== undefined && told > before ? told : count.used + 1;
    count.used = Math.max(count.used, value);
    return value;
  }

  #countOf(id: string): Count {
    const count = this.#counts.get(id) ?? { used: 0, owed: 0 };
    this.#counts.set(id, count);
    return count;
  }
}

/** The windows of one kind, of which there is one at a time. */
export class RateWindows {
  #current: RateWindow;

  constructor(
    private readonly name: RateWindowName,
    private readonly shared: Pick<SharedCounts, 'add'>,
  ) {
    this.#current = new RateWindow(name, -1, shared);
  }

  /** @param now epoch milliseconds */
  at(now: number): RateWindow {
    const index = Math.floor(now / 1_000 / secondsOf[this.name]);
    if (this.#current.index !== index) this.#current = new RateWindow(this.name, index, this.shared);
    return this.#current;
  }
}
