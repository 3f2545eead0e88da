import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  /** An application with a `main.js`. */
  app: string;
  /** How it is called before its lines: `claiming-2`. */
  name: string;
  /** Variables on top of the ones that this process has. */
  env: Record<string, string>;
  say: (line: string) => void;
}

const steadyMs = 5_000;
const longestPauseMs = 5_000;

const entryOf = (app: string): string => fileURLToPath(new URL(`../${app}/main.js`, import.meta.url));

/** One service in a process of its own, started again when it ends without being told to. */
export class ChildService {
  #child: ChildProcess | undefined;
  #stopping = false;
  #gone: Promise<void> = Promise.resolve();

  constructor(private readonly options: ChildOptions) {}

  /** Starts it and waits until it is ready. @throws when it ends before. */
  async start(): Promise<void> {
    await this.#spawn(0);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child?.kill('SIGTERM');
    await this.#gone;
  }

  /** At once, without draining. */
  kill(): void {
    this.#stopping = true;
    this.#child?.kill('SIGKILL');
  }

  #spawn(attempt: number): Promise<void> {
    const child = spawn(process.execPath, [...process.execArgv, entryOf(this.options.app)], {
      // eslint-disable-next-line no-restricted-properties -- a child gets the environment that this process was given
      env: { ...process.env, ...this.options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // The terminal's Ctrl-C is for this process, which stops its children in order.
      detached: process.platform !== 'win32',
    });
    this.#child = child;
    this.#print(child.stdout);
    this.#print(child.stderr);
    const startedAt = Date.now();
    this.#gone = new Promise((resolve) => child.once('exit', () => resolve()));
    return new Promise((resolve, reject) => {
      let ready = false;
      child.once('message', () => {
        ready = true;
        resolve();
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        if (this.#stopping) return resolve();
        const fate = `ended with ${signal ?? `code ${code}`}`;
        if (!ready && attempt === 0)
          return reject(new Error(`${this.options.name} ${fate} before it was ready: see its lines above.`));
        this.options.say(`${fate}, starting it again`);
        resolve();
        void this.#again(Date.now() - startedAt > steadyMs ? 1 : attempt + 1);
      });
    });
  }

  async #again(attempt: number): Promise<void> {
    await delay(Math.min(100 * 2 ** (attempt - 1), longestPauseMs));
    if (!this.#stopping) await this.#spawn(attempt).catch(() => this.#again(attempt + 1));
  }

  #print(lines: Readable | null): void {
    if (lines === null) return;
    createInterface({ input: lines }).on('line', (line) => this.options.say(line));
  }
}
