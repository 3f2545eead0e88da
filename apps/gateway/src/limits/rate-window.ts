import { type RateWindowName, rateSubject } from '#libs/contracts';
import { countCounted } from './metrics.js';
import type { SharedCounts } from './shared-counts.js';

const secondsOf: Record<RateWindowName, number> = { minute: 60, hour: 3_600 };

/** One minute or hour of the clock, and how often everybody has come in it. */
export class RateWindow {
  readonly seconds: number;
  /** Epoch milliseconds at which it is over. */
  readonly resetsAt: number;
  /** The highest count that is known here. */
  readonly #used = new Map<string, number>();

  constructor(
    readonly name: RateWindowName,
    /** How many windows of its kind have been before it since 1970. */
    readonly index: number,
    private readonly counts: Pick<SharedCounts, 'increment'>,
  ) {
    this.seconds = secondsOf[name];
    this.resetsAt = (index + 1) * this.seconds * 1_000;
  }

  used(id: string): number {
    return this.#used.get(id) ?? 0;
  }

  /** Counts one more and returns what it comes to, on all gateways together. */
  async count(id: string): Promise<number> {
    const before = this.used(id);
    const told = await this.counts.increment(rateSubject(this.name, id, this.index));
    // A server that was away, or has lost what it had, is behind what is known here: then this gateway goes on by itself.
    const isCurrent = told !== undefined && told > before;
    const value = isCurrent ? told : this.used(id) + 1;
    countCounted(isCurrent ? 'nats' : 'process');
    this.#used.set(id, Math.max(this.used(id), value));
    return value;
  }
}

/** The windows of one kind, of which there is one at a time. */
export class RateWindows {
  #current: RateWindow;

  constructor(
    private readonly name: RateWindowName,
    private readonly counts: Pick<SharedCounts, 'increment'>,
  ) {
    this.#current = new RateWindow(name, -1, counts);
  }

  /** @param now epoch milliseconds */
  at(now: number): RateWindow {
    const index = Math.floor(now / 1_000 / secondsOf[this.name]);
    if (this.#current.index !== index) this.#current = new RateWindow(this.name, index, this.counts);
    return this.#current;
  }
}
