interface Placed {
  rank: number;
  source: string;
}

/** So many sources are remembered before those that are not ahead are forgotten. */
const many = 1_000;

/**
 * Whose turn it is: each packet that a source gets rid of puts its next one a round further, and a source that
 * comes new, or back, starts in the round that is being served. So none waits for more than one packet of each
 * other source, and none saves turns up by being away.
 */
export class Turns {
  /** The next round of each source, by rank. */
  readonly #next = new Map<string, number>();
  /** The round that is being served, by rank. */
  readonly #now = new Map<number, number>();

  /** The round of the next packet of a source. */
  next({ rank, source }: Placed): number {
    return Math.max(this.#now.get(rank) ?? 0, this.#next.get(`${rank} ${source}`) ?? 0);
  }

  /** A packet was given away. */
  served(placed: Placed & { turn: number }): void {
    const { rank, source, turn } = placed;
    const key = `${rank} ${source}`;
    const round = this.next(placed);
    this.#now.set(rank, Math.max(this.#now.get(rank) ?? 0, Math.min(turn, round)));
    this.#next.set(key, round + 1);
    if (this.#next.size > many) this.#forget();
  }

  /** Lets go of what says no more than that a source may have its turn now. */
  #forget(): void {
    for (const [key, next] of this.#next) {
      const rank = Number(key.slice(0, key.indexOf(' ')));
      if (next <= (this.#now.get(rank) ?? 0)) this.#next.delete(key);
    }
    // However many wait at once: who is forgotten starts in the round of now.
    if (this.#next.size > many) this.#next.clear();
  }
}
