import { HandoffRailError, PayloadTooLargeError, StaleClaimError, ValidationError } from './errors.js';
import type { FlatChild } from './flat-packet.js';
import type { HitlBody, PacketDocument } from './generated/wire.js';
import type { PacketWork } from './packet-work.js';
import { asWire, type Given } from './spelling.js';
import { pause } from './transport.js';

/** Thrown by a handler, it fails the packet for good: nobody tries again unless told to. */
export class TerminalError extends Error {
  /** Stored as the code of the failure. */
  readonly code: string;

  constructor(message: string, { code = 'terminal', cause }: { code?: string; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TerminalError';
    this.code = code;
  }
}

/** Why `signal` of the work was aborted: let go of it, its result will not be asked for. */
export class WorkStoppedError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'WorkStoppedError';
  }
}

/** A child to chain; its source is the agent of the worker when none is given. */
export type WorkChild = Omit<FlatChild, 'sourceAgent'> & Partial<Pick<FlatChild, 'sourceAgent'>>;

/** What a handler can do with the packet that it works on. */
export interface WorkContext {
  /** Aborted when the work is to be let go: cancelled, expired, held by another, or the worker stops. */
  readonly signal: AbortSignal;
  /** Says how far the work is, in percent. */
  progress(percent: number, note?: string): Promise<PacketDocument>;
  /**
   * Asks people, waits for what they decide and resolves with the packet, whose `hitl` holds the answer. A
   * denial aborts `signal`, and rejects. The packet takes one of the worker's places as long as it waits.
   */
  requestApproval(hitl: Given<HitlBody>): Promise<PacketDocument>;
  /** Hands a part of the work on. */
  chain(child: WorkChild): Promise<PacketDocument>;
}

/** Does the work; what it returns is the result. */
export type WorkHandler = (packet: PacketDocument, context: WorkContext) => unknown;

export interface WorkSettings {
  rail: PacketWork;
  agentId: string;
  leaseSeconds: number;
  onError: (error: unknown, packet?: PacketDocument) => void;
}

const patience = { maxRetries: 8 };
const firstLookMs = 500;
const longestLookMs = 10_000;

const isRefused = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof ValidationError || error instanceof PayloadTooLargeError;

const textOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)) || 'No reason given';

/** One packet in the hands of a worker: keeps its lease, runs the handler, tells how it ended. */
export class Work {
  readonly #ending = new AbortController();
  readonly #settings: WorkSettings;
  readonly #packet: PacketDocument;
  #heard = Date.now();

  constructor(packet: PacketDocument, settings: WorkSettings) {
    this.#packet = packet;
    this.#settings = settings;
  }

  /** Never rejects: what goes wrong goes to `onError`. */
  async run(handler: WorkHandler): Promise<void> {
    const beats = setInterval(() => void this.#beat(), (this.#settings.leaseSeconds * 1000) / 3);
    try {
      await this.#tell(await this.#outcome(handler));
    } catch (error) {
      this.#settings.onError(error, this.#packet);
    } finally {
      clearInterval(beats);
    }
  }

  /** Lets go: the packet is offered to others at once. */
  async release(reason: string): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort(new WorkStoppedError(reason));
    try {
      await this.#settings.rail.releasePacket(this.#packet, { reason });
    } catch (error) {
      this.#settings.onError(error, this.#packet);
    }
  }

  get #context(): WorkContext {
    const { rail, agentId } = this.#settings;
    const { signal } = this.#ending;
    return {
      signal,
      progress: (percent, note) => rail.reportProgress(this.#packet, { percent, note }, { signal }),
      requestApproval: (hitl) => this.#askPeople(hitl),
      chain: (child) => rail.chainPacket(this.#packet, { sourceAgent: agentId, ...child }, { signal }),
    };
  }

  async #outcome(handler: WorkHandler): Promise<{ result: unknown } | { error: unknown }> {
    try {
      return { result: await handler(this.#packet, this.#context) };
    } catch (error) {
      return { error };
    }
  }

  async #tell(outcome: { result: unknown } | { error: unknown }): Promise<void> {
    // Whoever told us to stop, or holds the packet now, wants no word from us.
    if (this.#ending.signal.aborted) return;
    if ('error' in outcome) return this.#fail(outcome.error);
    try {
      await this.#settings.rail.completePacket(this.#packet, { result: outcome.result }, patience);
    } catch (error) {
      if (!isRefused(error)) throw error;
      // The work is done and its result cannot be told: done again it would be the same.
      await this.#fail(new TerminalError(`The result was refused: ${textOf(error)}`, { code: 'bad_result' }));
    }
  }

  async #fail(error: unknown): Promise<void> {
    const terminal = error instanceof TerminalError;
    const body = {
      reason: textOf(error).slice(0, 2_000),
      retryable: !terminal,
      ...(terminal && { code: error.code }),
    };
    this.#settings.onError(error, this.#packet);
    await this.#settings.rail.failPacket(this.#packet, body, patience);
  }

  async #beat(): Promise<void> {
    const { rail, leaseSeconds } = this.#settings;
    const { signal } = this.#ending;
    if (signal.aborted) return;
    try {
      const { directive, reason } = await rail.heartbeat(
        this.#packet,
        {},
        { signal, maxRetries: 0, timeoutMs: leaseSeconds * 500 },
      );
      this.#heard = Date.now();
      if (directive === 'stop') this.#stop(reason ?? 'The rail said stop.');
    } catch (error) {
      this.#missed(error);
    }
  }

  // A beat that is lost is no harm, as long as the next one comes within the lease.
  #missed(error: unknown): void {
    const over =
      error instanceof StaleClaimError || (error instanceof HandoffRailError && error.status === 404);
    if (over) this.#stop(textOf(error));
    else if (Date.now() - this.#heard >= this.#settings.leaseSeconds * 1000)
      this.#stop('No heartbeat got through within the lease: the packet may be held by another by now.');
  }

  #stop(reason: string): void {
    if (!this.#ending.signal.aborted) this.#ending.abort(new WorkStoppedError(reason));
  }

  async #askPeople(hitl: Given<HitlBody>): Promise<PacketDocument> {
    const { rail } = this.#settings;
    const { signal } = this.#ending;
    const body = { hitl: asWire<HitlBody>(hitl) };
    let packet = await rail.requestApproval(this.#packet, body, { signal });
    for (
      let wait = firstLookMs;
      packet.status === 'awaiting_human';
      wait = Math.min(wait * 1.5, longestLookMs)
    ) {
      await pause(wait, signal);
      packet = await rail.getPacket(packet.id, {}, { signal, ...patience });
    }
    if (packet.claim?.claim_id === this.#packet.claim?.claim_id && packet.claim) return packet;
    this.#stop(`The packet is ${packet.status} now.`);
    throw signal.reason;
  }
}
