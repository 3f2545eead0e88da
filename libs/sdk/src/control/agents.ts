import type { Caller, RequestOptions } from '../caller.js';
import type { Operations } from '../generated/operations.js';
import type {
  AgentDocument,
  AgentListDocument,
  EdgesDocument,
  PresenceDocument,
  PreviewRouteBody,
  RegisterAgentBody,
  RoutePreviewDocument,
  SetEdgesBody,
} from '../generated/wire.js';
import type { Listing } from '../listing.js';
import { asWire, type Given } from '../spelling.js';

/** The registered agents of the tenant: who can do what, and who is there. */
export class Agents {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Registers an agent, or changes it; it is present from then on.
   *
   * @example
   * ```ts
   * await rail.agents.register('refunds-01', { name: 'RefundBot', capabilities: ['refunds'] });
   * ```
   */
  register(id: string, body: Given<RegisterAgentBody>, options?: RequestOptions): Promise<AgentDocument> {
    const input = { params: { agent_id: id }, body: asWire<RegisterAgentBody>(body) };
    return this.#caller.call('agents_register', input, options);
  }

  /**
   * One agent.
   *
   * @example
   * ```ts
   * const { present } = await rail.agents.get('refunds-01');
   * ```
   */
  get(id: string, options?: RequestOptions): Promise<AgentDocument> {
    return this.#caller.call('agents_get', { params: { agent_id: id } }, options);
  }

  /**
   * Agents that have all of the capabilities, by id.
   *
   * @example
   * ```ts
   * for await (const agent of rail.agents.list({ capability: ['refunds'] })) console.log(agent.id);
   * ```
   */
  list(
    query: Operations['agents_list']['query'] = {},
    options?: RequestOptions,
  ): Listing<AgentListDocument, AgentDocument> {
    return this.#caller.list('agents_list', { query, items: ({ agents }) => agents }, options);
  }

  /**
   * Takes an agent out of the registry. What it holds stays with it.
   *
   * @example
   * ```ts
   * await rail.agents.remove('refunds-01');
   * ```
   */
  async remove(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.call('agents_remove', { params: { agent_id: id } }, options);
  }

  /**
   * Says that an agent is there.
   *
   * @example
   * ```ts
   * await rail.agents.heartbeat('refunds-01');
   * ```
   */
  heartbeat(id: string, options?: RequestOptions): Promise<PresenceDocument> {
    return this.#caller.call('agents_heartbeat', { params: { agent_id: id } }, options);
  }
}

/** Who gets work that names no target, and who may hand to whom. */
export class Routing {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Decides who would get a packet, with scores and reasons, and creates nothing.
   *
   * @example
   * ```ts
   * const { target, candidates } = await rail.routing.preview({
   *   metadata: { source_agent: { id: 'sales-01', name: 'SalesBot' } },
   *   context: { summary: 'Who could refund a payment?' },
   *   routing: { capabilities: ['refunds'] },
   * });
   * ```
   */
  preview(body: PreviewRouteBody, options?: RequestOptions): Promise<RoutePreviewDocument> {
    return this.#caller.call('routing_preview', { body }, options);
  }

  /**
   * The allowed handoffs; everything is allowed when there are none.
   *
   * @example
   * ```ts
   * const { edges } = await rail.routing.edges();
   * ```
   */
  edges(options?: RequestOptions): Promise<EdgesDocument> {
    return this.#caller.call('routing_get', {}, options);
  }

  /**
   * Restricts who may hand to whom; `edges: null` lifts every restriction.
   *
   * @example
   * ```ts
   * await rail.routing.setEdges({ edges: [{ from: 'sales-01', to: 'billing-01' }] });
   * ```
   */
  setEdges(body: SetEdgesBody, options?: RequestOptions): Promise<EdgesDocument> {
    return this.#caller.call('routing_put', { body }, options);
  }
}
