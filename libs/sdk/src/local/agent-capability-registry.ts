import { NotFoundError } from '../errors.js';
import type { AgentDocument } from '../generated/wire.js';
import { type LocalRail, railOf, type RailSource } from './local-rail.js';

/** An agent and what it can do. */
export interface CapableAgent {
  id: string;
  /** The id when left out. */
  name?: string | undefined;
  /** What it can do: 100 at most, of 1 to 64 characters each. */
  capabilities: string[];
  framework?: string | undefined;
  /** Packets that it is given at once, at most. */
  maxConcurrency?: number | undefined;
}

/**
 * Who can do what, kept beside the packets of a local rail.
 *
 * @example
 * ```ts
 * const registry = new AgentCapabilityRegistry({ store: 'handoffs.json' });
 * await registry.register({ id: 'billing-01', capabilities: ['refunds', 'invoices'] });
 * const [agent] = await registry.findCapable('refunds');
 * ```
 */
export class AgentCapabilityRegistry {
  /** What it works on: share it with the other classes. */
  readonly rail: LocalRail;

  constructor(source: RailSource = {}) {
    this.rail = railOf(source);
  }

  /**
   * Registers an agent or replaces what is known of it. Handoffs that waited for such a one go to it.
   *
   * @example
   * ```ts
   * await registry.register({ id: 'billing-01', capabilities: ['refunds'], maxConcurrency: 3 });
   * ```
   */
  register({ id, name, capabilities, framework, maxConcurrency }: CapableAgent): Promise<AgentDocument> {
    return this.rail.agents.register(id, { name: name ?? id, capabilities, framework, maxConcurrency });
  }

  /**
   * Takes an agent out. Returns whether it was there.
   *
   * @example
   * ```ts
   * await registry.unregister('billing-01');
   * ```
   */
  async unregister(id: string): Promise<boolean> {
    try {
      await this.rail.agents.remove(id);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  /**
   * The agents that can do all of this, by id.
   *
   * @example
   * ```ts
   * const able = await registry.findCapable(['refunds', 'invoices']);
   * ```
   */
  async findCapable(capabilities: string | string[]): Promise<AgentDocument[]> {
    const found: AgentDocument[] = [];
    const capability = [capabilities].flat();
    for await (const agent of this.rail.agents.list({ ...(capability.length > 0 && { capability }) }))
      found.push(agent);
    return found;
  }
}
