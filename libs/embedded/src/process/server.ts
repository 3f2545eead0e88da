import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { endChild, hasEnded, type Launch, spawnServer } from './child.js';
import { logTail, rotateLog } from './local-files.js';

export interface ServerOptions {
  /** How it is called in log lines and errors. */
  name: string;
  launch: Launch;
  /** One try at reaching the process with this id: true once it serves. */
  isReady: (pid: number) => Promise<boolean>;
  /** Milliseconds it may take to become ready, recovery of its data included. */
  readyMs: number;
  /** Start it again, for ever, when it ends without being told to. */
  supervise: boolean;
  log: (line: string) => void;
}

export interface RunningServer {
  pid(): number | undefined;
  stop(): Promise<void>;
}

const steadyMs = 5_000;
const backoffMs = (attempt: number): number => Math.min(20 * 2 ** attempt, 5_000);

const poll = async (child: ChildProcess, options: ServerOptions): Promise<void> => {
  const end = Date.now() + options.readyMs;
  for (let pause = 2; Date.now() < end && !hasEnded(child); pause = Math.min(pause * 1.5, 50)) {
    if (child.pid !== undefined && (await options.isReady(child.pid))) return;
    await sleep(pause);
  }
  throw new Error(`was not ready after ${options.readyMs} ms`);
};

/** Fails as soon as the child ends, even while a try at reaching it still waits for an answer. */
const untilReady = async (child: ChildProcess, options: ServerOptions): Promise<void> => {
  const failed = new Promise<never>((_, reject) => {
    child.once('exit', () => reject(new Error('ended at its start')));
    child.once('error', reject);
  });
  try {
    await Promise.race([poll(child, options), failed]);
  } catch (error) {
    await endChild(child, { ...options.launch, stopGraceMs: 1_000 });
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${options.name}: ${reason}\n${await logTail(options.launch.logFile)}`);
  }
};

class SupervisedServer implements RunningServer {
  private child: ChildProcess | undefined;
  private readonly stopped = new AbortController();
  private restarting: Promise<void> = Promise.resolve();

  constructor(private readonly options: ServerOptions) {}

  pid(): number | undefined {
    return this.child === undefined || hasEnded(this.child) ? undefined : this.child.pid;
  }

  async launch(attempt: number): Promise<void> {
    await rotateLog(this.options.launch.logFile);
    if (this.stopped.signal.aborted) return;
    const child = spawnServer(this.options.launch);
    this.child = child;
    await untilReady(child, this.options);
    const readyAt = Date.now();
    const onEnd = () => this.ended(child, Date.now() - readyAt > steadyMs ? 0 : attempt + 1);
    if (hasEnded(child)) onEnd();
    else child.once('exit', onEnd);
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    if (this.child !== undefined) await endChild(this.child, this.options.launch);
    await this.restarting;
  }

  private ended(child: ChildProcess, attempt: number): void {
    if (this.stopped.signal.aborted) return;
    const { name, supervise, log } = this.options;
    log(`${name} ended unexpectedly (${child.signalCode ?? `exit code ${child.exitCode}`})`);
    if (supervise) this.restarting = this.restart(attempt);
  }

  private async restart(firstAttempt: number): Promise<void> {
    const { signal } = this.stopped;
    for (let attempt = firstAttempt; !signal.aborted; attempt += 1) {
      await sleep(backoffMs(attempt), undefined, { signal, ref: false }).catch(() => undefined);
      try {
        await this.launch(attempt);
        if (!signal.aborted) this.options.log(`${this.options.name} was started again`);
        return;
      } catch (error) {
        if (!signal.aborted) this.options.log(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

/** Starts a server and resolves when it is ready; fails with the end of its log when it is not. */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const server = new SupervisedServer(options);
  await server.launch(0);
  return server;
};
