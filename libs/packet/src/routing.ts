import { foldCapability } from './capability.js';
import { defined } from './defined.js';
import type { AgentRef, Routing } from './document.js';
import type { PacketEventData } from './events.js';
import type { Instant } from './ids.js';
import { keywordsOf, wordsMet } from './keywords.js';

/** A registered agent as the router sees it. */
export interface CandidateAgent {
  id: string;
  name: string;
  framework?: string;
  /** Compared folded (`foldCapability`). */
  capabilities: readonly string[];
  present: boolean;
  /** Packets that wait for it or that it holds. */
  open_packets: number;
  last_success_at?: Instant;
}

/** What a packet says about whom it needs, and who is there. */
export interface RouteInput {
  /** The agent that hands the work off: it never gets it back by routing. */
  source: string;
  routing: Routing;
  summary: string;
  /** The descriptions of the pending actions. */
  pending: readonly string[];
  /** The agents that rejected the packet. */
  rejected_by: readonly string[];
  /** In any order, each id once. */
  agents: readonly CandidateAgent[];
  /** Whether the tenant's edges let the source hand work to this agent. Absent: to anybody. */
  mayReceive?: (agentId: string) => boolean;
}

/** A decision, as `packet.routed` records it. */
export type Route = PacketEventData['packet.routed'];
/** Why there is nobody to give the packet to, in plain words. */
export interface Unrouted {
  unrouted: string;
}

/** By what the candidates were found. */
export type RouteStrategy = 'capability' | 'keywords' | 'preferred' | 'any';

/** One that may get the packet. */
export interface Ranked {
  agent: CandidateAgent;
  /** How well it suits, 0-1. */
  score: number;
  why: string;
  strategy: RouteStrategy;
}

/** Candidates that an event names at most. */
export const mostCandidates = 20;
/** Words that a reason names at most. */
const mostNamed = 5;

interface Match {
  agent: CandidateAgent;
  /** Its place among the preferred ones; behind the last of them when it is none. */
  rank: number;
  preferred: boolean;
  /** Words of its capabilities that the packet speaks of. */
  met: string[];
}

const isEligible = (input: RouteInput, { id, present }: CandidateAgent): boolean =>
  present &&
  id !== input.source &&
  !input.routing.exclude?.includes(id) &&
  !input.rejected_by.includes(id) &&
  (input.mayReceive?.(id) ?? true);

const matchesOf = (input: RouteInput): Match[] => {
  const { routing, summary, pending } = input;
  const required = routing.capabilities ?? [];
  const readsText = required.length === 0 || routing.strategy === 'keywords';
  const keywords = keywordsOf(readsText ? [summary, ...pending] : []);
  const prefer = routing.prefer ?? [];
  return input.agents
    .filter((agent) => isEligible(input, agent))
    .map((agent) => {
      const place = prefer.indexOf(agent.id);
      const met = keywords.size === 0 ? [] : wordsMet(agent.capabilities, keywords);
      return { agent, met, preferred: place >= 0, rank: place >= 0 ? place : prefer.length };
    });
};

const ableOnes = (matches: Match[], required: readonly string[]): Match[] => {
  const wanted = required.map(foldCapability);
  return matches.filter(({ agent }) => {
    const has = new Set(agent.capabilities.map(foldCapability));
    return wanted.every((capability) => has.has(capability));
  });
};

interface Pool {
  matches: Match[];
  strategyOf: (match: Match) => RouteStrategy;
}

const wordsOrWish = ({ met }: Match): RouteStrategy => (met.length > 0 ? 'keywords' : 'preferred');

/** Those who suit best: with the capabilities, else by the words and the wish, else all. */
const poolOf = (input: RouteInput): Pool => {
  const matches = matchesOf(input);
  const required = input.routing.capabilities ?? [];
  if (required.length > 0) {
    const able = ableOnes(matches, required);
    if (able.length > 0) return { matches: able, strategyOf: () => 'capability' };
  } else {
    const meant = matches.filter(({ met, preferred }) => met.length > 0 || preferred);
    if (meant.length > 0) return { matches: meant, strategyOf: wordsOrWish };
  }
  return { matches, strategyOf: () => 'any' };
};

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const inOrder = (a: Match, b: Match): number =>
  a.rank - b.rank ||
  b.met.length - a.met.length ||
  a.agent.open_packets - b.agent.open_packets ||
  compareText(b.agent.last_success_at ?? '', a.agent.last_success_at ?? '') ||
  compareText(a.agent.id, b.agent.id);

const scoreOf = ({ preferred, met }: Match, strategy: RouteStrategy): number => {
  if (strategy === 'any') return 0.1;
  if (strategy === 'capability') return preferred ? 1 : 0.9;
  // One word is a hint, five are nearly a name; a wish is more than either.
  return preferred ? 0.9 : Math.round((80 * met.length) / (met.length + 1)) / 100;
};

const matchWords = (match: Match, strategy: RouteStrategy, input: RouteInput): string => {
  const required = input.routing.capabilities?.length ?? 0;
  if (strategy === 'capability') return `It has all required capabilities (${required})`;
  if (strategy === 'any') return 'Nobody who is present suits better';
  if (match.met.length === 0) return 'It does not match the words of the packet';
  return `The packet speaks of what it can do (${match.met.slice(0, mostNamed).join(', ')})`;
};

const countWords = (open: number): string => (open === 1 ? '1 open packet' : `${open} open packets`);

const whyOf = (match: Match, strategy: RouteStrategy, input: RouteInput): string => {
  const { open_packets, last_success_at } = match.agent;
  const wish = match.preferred ? ', and the packet prefers it' : '';
  const success =
    last_success_at === undefined ? 'no success yet' : `its last success was ${last_success_at}`;
  return `${matchWords(match, strategy, input)}${wish}; ${countWords(open_packets)}, ${success}.`;
};

/** Who may get the packet, the first choice first, `most` at most. Empty: nobody. */
export const rankCandidates = (input: RouteInput, most = mostCandidates): Ranked[] => {
  const { matches, strategyOf } = poolOf(input);
  const first = matches.sort(inOrder).slice(0, most);
  return first.map((match) => {
    const strategy = strategyOf(match);
    const score = scoreOf(match, strategy);
    return { agent: match.agent, score, why: whyOf(match, strategy, input), strategy };
  });
};

const unroutedWhy = ({ agents, source }: RouteInput): string => {
  const present = agents.filter((agent) => agent.present && agent.id !== source);
  return present.length === 0
    ? 'No agent but the source is registered and present.'
    : 'Each agent that is present is excluded, has rejected the packet, or may not get work from the source.';
};

export const refOf = ({ id, name, framework }: CandidateAgent): AgentRef => defined({ id, name, framework });

/**
 * Who gets the packet: an agent with all required capabilities, the preferred one first, then who has the
 * least to do, then who last had success, then by id. Without required capabilities the words of summary and
 * pending actions are matched to what agents can do. If nobody suits, anybody who is present, but never the
 * source, an excluded agent or one that rejected it. The same for the same input, in whatever order.
 */
export const route = (input: RouteInput): Route | Unrouted => {
  const ranked = rankCandidates(input);
  const [first] = ranked;
  if (first === undefined) return { unrouted: unroutedWhy(input) };
  return {
    target: refOf(first.agent),
    candidates: ranked.map(({ agent, score, why }) => ({ id: agent.id, score, why })),
    strategy: first.strategy,
    confidence: first.score,
  };
};
