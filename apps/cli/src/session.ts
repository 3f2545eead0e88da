import type { HandoffRail } from '#libs/sdk';
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.js';
import { quickFetch } from './quick-fetch.js';
import { type GlobalFlags, type Settings, settingsFrom } from './settings.js';
import { type Shell, UsageError } from './shell.js';
import { Output } from './show/output.js';
import type { Shape } from './show/shape.js';

/** What a command has at hand while it runs. */
export class Session {
  readonly shell: Shell;
  readonly flags: GlobalFlags;
  readonly output: Output;
  readonly #command: Command;
  #ending: AbortController | undefined;

  constructor(shell: Shell, command: Command) {
    this.shell = shell;
    this.#command = command;
    this.flags = command.optsWithGlobals<GlobalFlags>();
    const { json = false, quiet = false, color = true } = this.flags;
    this.output = new Output(shell, { json, quiet, color });
  }

  /** What follows the options: words that the command does not name. */
  get words(): string[] {
    return this.#command.args;
  }

  /**
   * Aborted by Ctrl-C, or when the process is told to end; told twice, it ends at once. Without one who asks for
   * the signal it does so the first time.
   */
  get signal(): AbortSignal {
    if (this.#ending) return this.#ending.signal;
    const ending = (this.#ending = new AbortController());
    const end = () => {
      // By an exit, not by the signal: what hangs on this process is ended with it.
      if (ending.signal.aborted) process.exit(exitCodes.interrupted);
      ending.abort(new DOMException('Interrupted.', 'AbortError'));
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end);
    return ending.signal;
  }

  /** Which rail, and as whom. @throws UsageError */
  settings(): Promise<Settings> {
    return settingsFrom(this.flags, this.shell.env);
  }

  /** A client of the rail. @throws UsageError without a key */
  async rail(): Promise<HandoffRail> {
    const { baseUrl, apiKey } = await this.settings();
    if (apiKey === undefined)
      throw new UsageError(
        `There is no API key for ${baseUrl}.`,
        'Log in with `handoffrail login`, or set HANDOFFRAIL_API_KEY.',
      );
    const { HandoffRail } = await import('#libs/sdk');
    return new HandoffRail({ baseUrl, apiKey, fetch: quickFetch });
  }

  /** Prints a document. */
  show<T>(document: T, shape: Shape<T>): void {
    this.output.show(document, shape);
  }
}
