import type { Command } from 'commander';
import type { Session } from './session.js';

/** What a command does with its arguments and flags, by their names. A number is its exit code. */
export type Handler<Given> = (session: Session, given: Given) => Promise<number | void>;

/** Makes an action of commander out of a handler. */
export type Run = <Given>(handler: Handler<Given>) => (...parts: unknown[]) => Promise<void>;

/** Commands that belong together: one file, and one line in `command-groups.ts`. */
export interface CommandGroup {
  /** Above them in the help. */
  heading: string;
  add(program: Command, run: Run): void;
}
