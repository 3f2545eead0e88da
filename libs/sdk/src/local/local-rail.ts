import { Caller } from '../caller.js';
import { Agents, Routing } from '../control/agents.js';
import { PacketBatches } from '../packet-batches.js';
import { fileStore } from './file-store.js';
import { change, type LocalParts, localTransport, look } from './local-transport.js';
import { memoryStore } from './memory-store.js';
import { exported, type Imported, type LocalExport, readExport, takeOver } from './transfer.js';

/** Where packets are kept, and what time it is. */
export interface LocalRailOptions {
  /**
   * A file, which the first change makes, for packets that are to outlive the process and that other processes
   * may use at once; `memory`, which is meant when left out, for such as need not.
   */
  store?: string | undefined;
  /** Epoch milliseconds; the system's clock when left out. */
  clock?: (() => number) | undefined;
}

/** A lock may be waited for, and nobody is far away: what takes longer is broken. */
const timeoutMs = 60_000;

/**
 * A rail in this process, without a server: the same packets, rules and methods, over a file or in memory.
 * What takes a server is refused with `not_found`: stats, links, allowed edges.
 *
 * @example
 * ```ts
 * const rail = new LocalRail({ store: 'handoffs.json' });
 * const { id } = await rail.createPacket({
 *   sourceAgent: 'sales-01',
 *   targetAgent: 'billing-01',
 *   summary: 'Refund the second payment',
 * });
 * await rail.claimPacket(id, { agentId: 'billing-01' });
 * await rail.completePacket(id, { result: { refund: 're_981' } });
 * ```
 */
export class LocalRail extends PacketBatches {
  /** Who can do what. */
  readonly agents: Agents;
  /** Who would get a piece of work. */
  readonly routing: Routing;
  readonly #parts: LocalParts;

  constructor({ store = 'memory', clock = Date.now }: LocalRailOptions = {}) {
    const parts = { store: store === 'memory' ? memoryStore() : fileStore(store), clock };
    const caller = new Caller({ transport: localTransport(parts), apiKey: '', timeoutMs, maxRetries: 0 });
    super(caller);
    this.#parts = parts;
    this.agents = new Agents(caller);
    this.routing = new Routing(caller);
  }

  /**
   * Everything that is stored, as JSON.
   *
   * @example
   * ```ts
   * const { packets } = await rail.export();
   * ```
   */
  export(): Promise<LocalExport> {
    return look(this.#parts, exported);
  }

  /**
   * Takes over what another rail has exported: packets and agents that are not here yet. If one of the packets
   * is here with another history it is refused as a whole.
   *
   * @example
   * ```ts
   * const { imported } = await rail.import(await other.export());
   * ```
   */
  async import(from: LocalExport | string): Promise<Imported> {
    const contents = readExport(from);
    return change(this.#parts, (turn) => takeOver(turn, contents));
  }
}

/** What the simpler classes work on: a rail of their own by its options, or one that they share. */
export type RailSource = LocalRail | { readonly rail: LocalRail } | LocalRailOptions;

export const railOf = (source: RailSource): LocalRail => {
  if (source instanceof LocalRail) return source;
  return 'rail' in source ? source.rail : new LocalRail(source);
};
