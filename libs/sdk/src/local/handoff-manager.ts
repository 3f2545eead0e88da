import { AlreadyClaimedError, ConflictError, InvalidTransitionError } from '../errors.js';
import type { PacketDocument } from '../generated/wire.js';
import {
  type Handoff,
  handoffOf,
  type HandoffStatus,
  type HandoffVerb,
  packetStatuses,
  verbsFrom,
} from './handoff.js';
import { type LocalRail, railOf, type RailSource } from './local-rail.js';
import type { Imported, LocalExport } from './transfer.js';

/** Work to hand over. */
export interface NewHandoff {
  from: string;
  /** Left out: whoever is registered and suits it best. */
  to?: string | undefined;
  task: string;
  /** 1–10, 10 most urgent; 5 when left out. */
  priority?: number | undefined;
  /** When it should be done. */
  deadline?: string | Date | undefined;
  /** JSON of your own. */
  context?: Record<string, unknown> | undefined;
  /** What the one who gets it must be able to do, when nobody is named. */
  needs?: string[] | undefined;
}

/**
 * Handoffs in simple words, over a local rail: `pending`, `accepted`, `in_progress`, `completed`, `rejected`,
 * `failed`.
 *
 * @example
 * ```ts
 * const handoffs = new HandoffManager({ store: 'handoffs.json' });
 * const { id } = await handoffs.createHandoff({ from: 'sales', to: 'billing', task: 'Refund order 4711' });
 * await handoffs.accept(id);
 * await handoffs.complete(id, { refund: 're_981' });
 * ```
 */
// eslint-disable-next-line names/empty-name -- the name that users of handoffs know
export class HandoffManager {
  /** What it works on: share it with the other classes. */
  readonly rail: LocalRail;

  constructor(source: RailSource = {}) {
    this.rail = railOf(source);
  }

  /**
   * Hands work over; with `needs` instead of `to`, to whoever is registered and suits it best.
   *
   * @example
   * ```ts
   * const handoff = await handoffs.createHandoff({
   *   from: 'sales',
   *   to: 'billing',
   *   task: 'Refund order 4711',
   *   priority: 8,
   *   context: { order: 4711 },
   * });
   * ```
   */
  async createHandoff({ from, to, task, priority, deadline, context, needs }: NewHandoff): Promise<Handoff> {
    const packet = await this.rail.createPacket({
      sourceAgent: from,
      summary: task,
      ...(to === undefined ? { routing: { capabilities: needs ?? [] } } : { targetAgent: to }),
      ...{ priority, deadline, custom: context },
    });
    return handoffOf(packet);
  }

  /**
   * Takes the work: whom it was handed to, or the agent that is named.
   *
   * @example
   * ```ts
   * await handoffs.accept(id);
   * ```
   */
  async accept(id: string, by?: string): Promise<Handoff> {
    return this.#try(id, 'accept', async () => {
      const agentId = by ?? (await this.get(id)).to ?? undefined;
      if (agentId !== undefined) return this.rail.claimPacket(id, { agentId });
      const message = `Handoff ${id} was handed to nobody yet: say who accepts it.`;
      throw new ConflictError({ code: 'not_routed', message });
    });
  }

  /**
   * Refuses the work. A handoff that named nobody goes to the next who suits it.
   *
   * @example
   * ```ts
   * await handoffs.reject(id, 'Not an invoice');
   * ```
   */
  reject(id: string, reason: string): Promise<Handoff> {
    return this.#try(id, 'reject', () => this.rail.rejectPacket(id, { reason }));
  }

  /**
   * Says that the work has begun. Not needed before `complete`.
   *
   * @example
   * ```ts
   * await handoffs.start(id);
   * ```
   */
  start(id: string): Promise<Handoff> {
    return this.#try(id, 'start', () => this.rail.startPacket(id));
  }

  /**
   * Ends the work with a result, any JSON.
   *
   * @example
   * ```ts
   * await handoffs.complete(id, { refund: 're_981' });
   * ```
   */
  complete(id: string, result?: unknown): Promise<Handoff> {
    return this.#try(id, 'complete', () => this.rail.completePacket(id, { result }));
  }

  /**
   * Ends the work without a result.
   *
   * @example
   * ```ts
   * await handoffs.fail(id, 'The bank does not answer');
   * ```
   */
  fail(id: string, reason: string): Promise<Handoff> {
    return this.#try(id, 'fail', () => this.rail.failPacket(id, { reason }));
  }

  /**
   * One handoff, as it is now.
   *
   * @example
   * ```ts
   * const { status, result } = await handoffs.get(id);
   * ```
   */
  async get(id: string): Promise<Handoff> {
    return handoffOf(await this.rail.getPacket(id));
  }

  /**
   * All handoffs, or those with a status; newest first.
   *
   * @example
   * ```ts
   * const waiting = await handoffs.list({ status: 'pending' });
   * ```
   */
  async list({ status }: { status?: HandoffStatus | undefined } = {}): Promise<Handoff[]> {
    const filter = status === undefined ? {} : { status: packetStatuses(status) };
    const handoffs: Handoff[] = [];
    for await (const packet of this.rail.listPackets({ ...filter, limit: 200 }))
      handoffs.push(handoffOf(packet));
    return handoffs.filter((handoff) => status === undefined || handoff.status === status);
  }

  /**
   * Everything that is stored, as JSON.
   *
   * @example
   * ```ts
   * const backup = await handoffs.export();
   * ```
   */
  export(): Promise<LocalExport> {
    return this.rail.export();
  }

  /**
   * Takes over what is not here yet.
   *
   * @example
   * ```ts
   * const { imported } = await handoffs.import(backup);
   * ```
   */
  import(from: LocalExport | string): Promise<Imported> {
    return this.rail.import(from);
  }

  async #try(id: string, verb: HandoffVerb, task: () => Promise<PacketDocument>): Promise<Handoff> {
    try {
      return handoffOf(await task());
    } catch (error) {
      const isOurs = error instanceof InvalidTransitionError || error instanceof AlreadyClaimedError;
      throw isOurs ? await this.#inWords(id, verb, error) : error;
    }
  }

  /** The same error in the words of handoffs: where it stands, and what can be done instead. */
  async #inWords(id: string, verb: HandoffVerb, error: ConflictError): Promise<ConflictError> {
    const packet = await this.rail.getPacket(id);
    const { status, acceptedBy } = handoffOf(packet);
    const allowed = verbsFrom(packet.status);
    const holder = error instanceof AlreadyClaimedError ? ` by "${acceptedBy ?? ''}"` : '';
    const instead =
      allowed.length === 0 ? 'nothing more can be done with it' : `possible: ${allowed.join(', ')}`;
    const message = `Handoff ${id} is ${status}${holder}, which does not allow "${verb}"; ${instead}.`;
    const problem = error.problem && { ...error.problem, detail: message, packet_status: status, allowed };
    const kind = error instanceof AlreadyClaimedError ? AlreadyClaimedError : InvalidTransitionError;
    return new kind({ code: error.code, status: error.status, message, problem, cause: error });
  }
}
