import type { RoutePreviewDocument } from '../generated/wire.js';
import { type LocalRail, railOf, type RailSource } from './local-rail.js';

/** Work that somebody is to be found for. */
export interface WorkToRoute {
  from: string;
  /** What is to be done, in prose. */
  task: string;
  /** What whoever gets it must be able to do; without it the words of the task are matched. */
  needs?: string[] | undefined;
  /** Agents that get it before all others. */
  prefer?: string[] | undefined;
  /** Agents that do not get it. */
  exclude?: string[] | undefined;
}

/**
 * Tells who would get a handoff, and why: the decision that a create without `to` comes to.
 *
 * @example
 * ```ts
 * const router = new HandoffRouter(registry);
 * const { target, confidence } = await router.route({ from: 'sales', task: 'Refund an invoice' });
 * ```
 */
export class HandoffRouter {
  /** What it works on: share it with the other classes. */
  readonly rail: LocalRail;

  constructor(source: RailSource = {}) {
    this.rail = railOf(source);
  }

  /**
   * Who would get such work now. `target` is null when there is nobody, for the `reason`.
   *
   * @example
   * ```ts
   * const { target, candidates, reason } = await router.route({ from: 'sales', task: 'Refund it' });
   * ```
   */
  route({ from, task, needs, prefer, exclude }: WorkToRoute): Promise<RoutePreviewDocument> {
    return this.rail.routing.preview({
      metadata: { source_agent: { id: from, name: from } },
      context: { summary: task },
      routing: { capabilities: needs, prefer, exclude },
    });
  }
}
