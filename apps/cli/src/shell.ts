import type { Readable, Writable } from 'node:stream';

/** Where output goes to: a terminal, a file or a pipe. */
export type Sink = Writable & { isTTY?: boolean; columns?: number };

/** What a shell gives to a program that it starts. */
export interface Shell {
  env: Readonly<Record<string, string | undefined>>;
  stdin: Readable & { isTTY?: boolean };
  stdout: Sink;
  stderr: Sink;
}

/** What was given at the prompt does not make sense; said before anything is sent. Exit code 2. */
export class UsageError extends Error {
  /** What to do instead. */
  readonly next: string | undefined;

  constructor(message: string, next?: string) {
    super(message);
    this.name = 'UsageError';
    this.next = next;
  }
}
