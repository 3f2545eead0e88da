import { startSpan } from '#libs/event-log';
import type {
  CandidateAgent,
  ChooseTarget,
  ExistingPacket,
  NewPacket,
  Route,
  RouteInput,
  Routing,
  TenantId,
  Unrouted,
} from '#libs/packet';
import type { AgentRegistry } from './agent-registry.js';
import type { Edges } from './edges.js';
import { KnownLoads, type ReadLoads } from './load-figures.js';
import { countRoute } from './metrics.js';
import { routeWith } from './route-with.js';

/** A packet, or what is to become one, as far as the router looks at it. */
export type Routable = Pick<RouteInput, 'source' | 'routing' | 'summary' | 'pending' | 'rejected_by'>;

/** A packet that is about to be made. */
export const routableOf = ({ content, terms }: NewPacket): Routable => ({
  source: content.metadata.source_agent.id,
  routing: terms.routing ?? {},
  summary: content.context.summary,
  pending: content.actions.pending.map(({ description }) => description),
  rejected_by: [],
});

/** A packet that is there; `alsoNot` is about to reject it. */
export const routableAgain = (packet: ExistingPacket, alsoNot: string[] = []): Routable => ({
  ...routableOf(packet),
  rejected_by: [...packet.rejected_by, ...alsoNot],
});

export interface AgentRouterParts {
  agents: AgentRegistry;
  edges: Edges;
  /** Without it every agent counts as having nothing to do. */
  loads?: ReadLoads | undefined;
  /** Who decides for packets that ask for `strategy: "llm"`. */
  choose?: ChooseTarget | undefined;
}

/** Decides who gets a packet, by the agents that are registered and present now. */
export class AgentRouter {
  readonly #loads: KnownLoads;

  constructor(private readonly parts: AgentRouterParts) {
    this.#loads = new KnownLoads(parts.loads);
  }

  /** Decides for good, within the trace of a request. Never rejects. */
  async route(tenant: TenantId, work: Routable, traceparent: string): Promise<Route | Unrouted> {
    const span = startSpan('route', { parent: traceparent });
    const decision = await this.preview(tenant, work);
    span.set('handoffrail.route.strategy', 'unrouted' in decision ? 'unrouted' : decision.strategy);
    if (!('unrouted' in decision)) span.set('handoffrail.route.target', decision.target.id);
    span.end();
    this.took(tenant, decision);
    return decision;
  }

  /** Counts a decision that was carried out: its target has one packet more. */
  took(tenant: TenantId, decision: Route | Unrouted): void {
    countRoute('unrouted' in decision ? 'unrouted' : decision.strategy);
    if (!('unrouted' in decision)) this.#loads.given(tenant, decision.target.id);
  }

  /** What would be decided now. Never rejects. */
  async preview(tenant: TenantId, work: Routable): Promise<Route | Unrouted> {
    const mayReceive = (id: string): boolean => this.parts.edges.allows(tenant, work.source, id);
    const input = { ...work, agents: await this.#candidates(tenant), mayReceive };
    return routeWith(this.parts.choose, input);
  }

  /** Whether anybody is present who may get such a packet: cheaper than to decide who. */
  hasTaker(
    tenant: TenantId,
    { source, routing, rejected_by }: Omit<Routable, 'summary' | 'pending'>,
  ): boolean {
    const { agents, edges } = this.parts;
    return agents
      .list(tenant)
      .some(
        ({ id }) =>
          id !== source &&
          !isBarred(routing, rejected_by, id) &&
          agents.isPresent(tenant, id) &&
          edges.allows(tenant, source, id),
      );
  }

  async #candidates(tenant: TenantId): Promise<CandidateAgent[]> {
    const { agents } = this.parts;
    const present = agents.list(tenant).filter(({ id }) => agents.isPresent(tenant, id));
    const loads = await this.#loads.of(
      tenant,
      present.map(({ id }) => id),
    );
    return present.map(({ id, name, framework, capabilities }) => ({
      id,
      name,
      ...(framework !== undefined && { framework }),
      capabilities,
      present: true,
      open_packets: 0,
      ...loads.get(id),
    }));
  }
}

const isBarred = ({ exclude }: Routing, rejectedBy: readonly string[], id: string): boolean =>
  exclude?.includes(id) === true || rejectedBy.includes(id);
