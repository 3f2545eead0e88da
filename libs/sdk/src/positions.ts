// `<partition>-<sequence in base 36>`: of two in one partition the longer, or else the greater, is the later.
const isLater = (position: string, than: string): boolean =>
  position.length === than.length ? position > than : position.length > than.length;

const partitionOf = (position: string) => position.slice(0, position.indexOf('-'));

/** The latest place in the log that this client has written to. */
export class Positions {
  #latest: string | undefined;

  get latest(): string | undefined {
    return this.#latest;
  }

  // Answers of calls that ran at once come in any order.
  see(position: string | null): void {
    if (position === null) return;
    const latest = this.#latest;
    const known = latest !== undefined && partitionOf(latest) === partitionOf(position);
    if (!known || isLater(position, latest)) this.#latest = position;
  }
}
