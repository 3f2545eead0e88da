import type { Paint } from './paint.js';

/** What a text is made for. */
export interface Look {
  paint: Paint;
  /** Of the terminal; without end in a file or a pipe. */
  columns: number;
  /** Epoch milliseconds, for ages. */
  now: number;
}

/** How a kind of document looks to people. With `--json` the document itself is printed. */
export interface Shape<T> {
  text(document: T, look: Look): string;
  /** What `--quiet` prints, a line each. */
  ids?(document: T): string[];
}
