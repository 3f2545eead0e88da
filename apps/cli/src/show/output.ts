import type { Shell, Sink } from '../shell.js';
import { isColored, paintWhen } from './paint.js';
import type { Look, Shape } from './shape.js';

export interface OutputOptions {
  json: boolean;
  quiet: boolean;
  color: boolean;
}

const lookOf = (sink: Sink, env: Shell['env'], color: boolean): Look => ({
  paint: paintWhen(isColored(sink, env, color)),
  columns: sink.isTTY ? (sink.columns ?? 80) : Infinity,
  now: Date.now(),
});

/** The one place where answers are printed: as text for people, as JSON for programs. */
export class Output {
  readonly json: boolean;
  readonly #quiet: boolean;
  readonly #shell: Shell;
  readonly #color: boolean;
  #progress = '';

  constructor(shell: Shell, { json, quiet, color }: OutputOptions) {
    this.json = json;
    this.#quiet = quiet;
    this.#shell = shell;
    this.#color = color;
  }

  /** The look of errors and notes. */
  get noteLook(): Look {
    return lookOf(this.#shell.stderr, this.#shell.env, this.#color);
  }

  /** Prints a document. */
  show<T>(document: T, shape: Shape<T>): void {
    if (this.json) this.#print(JSON.stringify(document, null, 2));
    else if (this.#quiet && shape.ids) this.#printLines(shape.ids(document));
    else this.#print(shape.text(document, this.#look));
  }

  /** Prints one of many that come one by one: a line, with `--json` a JSON document on a line. */
  tell<T>(document: T, shape: Shape<T>): void {
    if (this.json) this.#print(JSON.stringify(document));
    else if (this.#quiet && shape.ids) this.#printLines(shape.ids(document));
    else this.#print(shape.text(document, this.#look));
  }

  /** Says something beside the answer, on stderr. Programs are not told. */
  note(text: string): void {
    if (this.json || this.#quiet) return;
    this.progress('');
    this.#shell.stderr.write(`${text}\n`);
  }

  /** Says what went wrong, on stderr. */
  complain(text: string): void {
    this.progress('');
    this.#shell.stderr.write(`${text}\n`);
  }

  /** Shows how far it is, on a terminal and until something else is said; nothing with an empty text. */
  progress(text: string): void {
    const { stderr } = this.#shell;
    if (!stderr.isTTY || this.json || text === this.#progress) return;
    stderr.write(`\r\u001b[2K${text === '' ? '' : this.noteLook.paint.dim(text)}`);
    this.#progress = text;
  }

  get #look(): Look {
    return lookOf(this.#shell.stdout, this.#shell.env, this.#color);
  }

  #printLines(lines: string[]): void {
    if (lines.length > 0) this.#print(lines.join('\n'));
  }

  #print(text: string): void {
    this.progress('');
    this.#shell.stdout.write(`${text}\n`);
  }
}
