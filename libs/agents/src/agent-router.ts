import { startSpan } from '#libs/event-log';
import {
  type CandidateAgent,
  type ChooseTarget,
  type Routable,
  route,
  type Route,
  type RouteInput,
  type Routing,
  type TenantId,
  type Unrouted,
} from '#libs/packet';
import type { AgentRecord } from './agent.js';
import type { AgentRegistry } from './agent-registry.js';
import type { Edges } from './edges.js';
import { KnownLoads, type LoadFigures, type ReadLoads } from './load-figures.js';
import { countRoute } from './metrics.js';
import { routeWith } from './route-with.js';

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

  /** Decides within the trace of a request that carries it out, and counts the decision. Never rejects. */
  async route(tenant: TenantId, work: Routable, traceparent: string): Promise<Route | Unrouted> {
    const span = startSpan('route', { parent: traceparent });
    const decision = await this.decide(tenant, work);
    span.set('handoffrail.route.strategy', 'unrouted' in decision ? 'unrouted' : decision.strategy);
    if (!('unrouted' in decision)) span.set('handoffrail.route.target', decision.target.id);
    span.end();
    countRoute(decision);
    return decision;
  }

  /** Decides for good: from now on the target counts as having one packet more. Never rejects. */
  async decide(tenant: TenantId, work: Routable): Promise<Route | Unrouted> {
    const present = this.#present(tenant);
    const loads = await this.#loads.of(tenant, idsOf(present));
    const input = this.#input(tenant, work, candidatesOf(present, loads));
    // At once where it can be: of packets that come together each should see what the others were given.
    const decision = work.routing.strategy === 'llm' ? await this.#choice(input) : route(input);
    if (!('unrouted' in decision)) this.#loads.given(tenant, decision.target.id);
    return decision;
  }

  /** What would be decided now. Never rejects. */
  async preview(tenant: TenantId, work: Routable): Promise<Route | Unrouted> {
    const present = this.#present(tenant);
    const loads = await this.#loads.of(tenant, idsOf(present));
    return this.#choice(this.#input(tenant, work, candidatesOf(present, loads)));
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

  #present(tenant: TenantId): AgentRecord[] {
    const { agents } = this.parts;
    return agents.list(tenant).filter(({ id }) => agents.isPresent(tenant, id));
  }

  #choice(input: RouteInput): Promise<Route | Unrouted> {
    return routeWith(this.parts.choose, input);
  }

  #input(tenant: TenantId, work: Routable, candidates: CandidateAgent[]): RouteInput {
    const mayReceive = (id: string): boolean => this.parts.edges.allows(tenant, work.source, id);
    return { ...work, agents: candidates, mayReceive };
  }
}

const candidatesOf = (present: AgentRecord[], loads: ReadonlyMap<string, LoadFigures>): CandidateAgent[] =>
  present.map(({ id, name, framework, capabilities }) => ({
    id,
    name,
    ...(framework !== undefined && { framework }),
    capabilities,
    present: true,
    open_packets: 0,
    ...loads.get(id),
  }));

const idsOf = (agents: AgentRecord[]): string[] => agents.map(({ id }) => id);

const isBarred = ({ exclude }: Routing, rejectedBy: readonly string[], id: string): boolean =>
  exclude?.includes(id) === true || rejectedBy.includes(id);
