import type { Counters } from '#libs/event-log';

/** The two methods of a logger that are used. */
interface Voice {
  info(message: string): void;
  warn(fields: object, message: string): void;
}

/** After a count that failed the server is left alone for this long, so that not every request waits for it. */
const pauseMs = 1_000;

/** Counts that all gateways share, as long as there is a server that keeps them. */
export class SharedCounts {
  #awayUntil = 0;
  #isAway = false;

  constructor(
    private readonly counters: Pick<Counters, 'add'>,
    private readonly logger: Voice,
  ) {}

  /** Counts so many more and tells what it comes to; undefined: the server does not answer. */
  async add(subject: string, by: number): Promise<number | undefined> {
    if (Date.now() < this.#awayUntil) return undefined;
    try {
      const value = await this.counters.add(subject, by);
      this.#note(false);
      return value;
    } catch (error) {
      this.#awayUntil = Date.now() + pauseMs;
      this.#note(true, error);
      return undefined;
    }
  }

  #note(isAway: boolean, error?: unknown): void {
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    if (isAway) this.logger.warn({ err: error }, 'requests are counted by this gateway alone');
    else this.logger.info('requests are counted with the other gateways again');
  }
}
