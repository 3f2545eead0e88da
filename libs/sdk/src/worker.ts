import { randomKey } from './caller.js';
import { AuthenticationError, PermissionError, ValidationError } from './errors.js';

import type { ClaimNextBody, PacketDocument } from './generated/wire.js';
import type { PacketWork } from './packet-work.js';
import { pause } from './transport.js';
import { Work, type WorkHandler } from './work.js';

/** Which work a worker takes, and how much of it at once. */
export interface WorkerOptions {
  /** As which agent. */
  agentId: string;
  /** Shown to people; the agent id when left out. */
  agentName?: string | undefined;
  /** What it is made with, for people to know. */
  framework?: string | undefined;
  /** What it can do, beside what its registration says. */
  capabilities?: string[] | undefined;
  /** Only packets with all of these. */
  tags?: string[] | undefined;
  /** Packets at once; 1 when left out. */
  concurrency?: number | undefined;
  /** How long a packet stays with a worker that is not heard of any more; 60 when left out. */
  leaseSeconds?: number | undefined;
  /** How long one request waits for work, 0 to 30; 20 when left out. */
  waitSeconds?: number | undefined;
  /** Hears of everything that went wrong: of what a handler threw, of requests that were given up. */
  onError?: ((error: unknown, packet?: PacketDocument) => void) | undefined;
}

/** How a worker ends. */
export interface StopOptions {
  /** How long handlers may go on before their packets are released; 30,000 when left out. Milliseconds. */
  graceMs?: number | undefined;
}

const longestPauseMs = 30_000;
// What waits for work and is not told otherwise would ask without end.
const shortestPauseMs = 250;

// How long a request for work that is under way has to be answered when the worker stops.
const answerMs = 1_000;

/** A signal that follows another after some time. */
const endingAfter = (signal: AbortSignal, ms: number) => {
  const ending = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = () => (timer = setTimeout(() => ending.abort(), ms));
  signal.addEventListener('abort', begin, { once: true });
  const clear = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', begin);
  };
  return { signal: ending.signal, clear };
};

const isFatal = (error: unknown): boolean =>
  error instanceof AuthenticationError ||
  error instanceof PermissionError ||
  error instanceof ValidationError;

/**
 * Takes work as it comes and does it, several packets at once: waits for it, keeps its leases, completes each
 * packet with what the handler returns, and fails it with what the handler throws.
 *
 * @example
 * ```ts
 * const worker = rail.worker({ agentId: 'billing-01', concurrency: 4 }, async (packet, { signal, progress }) => {
 *   await progress(10, 'Begun');
 *   return { refund: packet.id, cancelled: signal.aborted };
 * });
 * await worker.stop();
 * ```
 */
export class Worker {
  /** Resolves when the worker has stopped; rejects when it had to, because its key is refused for example. */
  readonly done: Promise<void>;
  readonly #rail: PacketWork;
  readonly #options: WorkerOptions;
  readonly #handler: WorkHandler;
  readonly #stopping = new AbortController();
  readonly #running = new Map<Work, Promise<void>>();

  constructor(rail: PacketWork, options: WorkerOptions, handler: WorkHandler) {
    this.#rail = rail;
    this.#options = options;
    this.#handler = handler;
    this.done = this.#loop();
    // Who does not ask for it is told by onError.
    this.done.catch((error: unknown) => this.#report(error));
  }

  /** Packets in its hands. */
  get active(): number {
    return this.#running.size;
  }

  /** Takes nothing new, finishes what it holds, and after the time of grace releases the rest. */
  async stop({ graceMs = 30_000 }: StopOptions = {}): Promise<void> {
    this.#stopping.abort();
    const ended = this.done.catch(() => undefined);
    const late = new AbortController();
    const releaseLate = pause(graceMs, late.signal).then(
      () => this.#releaseAll(),
      () => undefined,
    );
    await Promise.race([ended.then(() => this.#idle()), releaseLate]);
    late.abort();
    await releaseLate;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        const free = (this.#options.concurrency ?? 1) - this.#running.size;
        if (free > 0) await this.#take(free);
        else await this.#oneDone();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (isFatal(error)) throw error;
        this.#report(error);
        await this.#rest(Math.min(longestPauseMs, 1000 * 2 ** failures));
        failures += 1;
      }
    }
  }

  async #take(free: number): Promise<void> {
    const asked = Date.now();
    const packets = await this.#ask(this.#wish(Math.min(free, 50)));
    for (const packet of packets) this.#begin(packet);
    if (packets.length === 0 && Date.now() - asked < shortestPauseMs) await this.#rest(shortestPauseMs);
  }

  /** What the rail gives. A worker that stops does not leave behind what was on its way to it. */
  async #ask(wish: ClaimNextBody): Promise<PacketDocument[]> {
    const idempotencyKey = randomKey();
    const ending = endingAfter(this.#stopping.signal, answerMs);
    try {
      return (await this.#rail.claimNext(wish, { signal: ending.signal, idempotencyKey })).packets;
    } catch (error) {
      if (!ending.signal.aborted) throw error;
      // Under the same key comes what was given while we hung up.
      const again = this.#rail.claimNext(wish, { signal: AbortSignal.timeout(answerMs / 2), idempotencyKey });
      return await again.then(
        ({ packets }) => packets,
        () => [],
      );
    } finally {
      ending.clear();
    }
  }

  #wish(max: number): ClaimNextBody {
    const {
      agentId,
      agentName,
      framework,
      capabilities,
      tags,
      leaseSeconds = 60,
      waitSeconds = 20,
    } = this.#options;
    return {
      agent_id: agentId,
      agent_name: agentName,
      framework,
      capabilities,
      tags,
      max,
      lease_seconds: leaseSeconds,
      wait_seconds: waitSeconds,
    };
  }

  #begin(packet: PacketDocument): void {
    const { agentId, leaseSeconds = 60 } = this.#options;
    const onError = (error: unknown, about?: PacketDocument) => this.#report(error, about);
    const work = new Work(packet, { rail: this.#rail, agentId, leaseSeconds, onError });
    // The handler begins when its packet is counted among the active ones.
    const running = Promise.resolve().then(() => work.run(this.#handler));
    this.#running.set(
      work,
      running.finally(() => this.#running.delete(work)),
    );
  }

  async #rest(ms: number): Promise<void> {
    await pause(ms, this.#stopping.signal).catch(() => undefined);
  }

  /** Until one of the packets is done, or the worker stops. */
  async #oneDone(): Promise<void> {
    const { signal } = this.#stopping;
    let wake = (): void => undefined;
    const stopped = new Promise<void>((resolve) => (wake = resolve));
    signal.addEventListener('abort', wake, { once: true });
    await Promise.race([...this.#running.values(), stopped]);
    signal.removeEventListener('abort', wake);
  }

  async #idle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async #releaseAll(): Promise<void> {
    const held = [...this.#running.keys()];
    await Promise.all(held.map((work) => work.release('The worker stops.')));
  }

  #report(error: unknown, packet?: PacketDocument): void {
    this.#options.onError?.(error, packet);
  }
}
