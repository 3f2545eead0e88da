import { foldCapability } from './capability.js';
import type { Instant } from './ids.js';
import type { CreatedPacket, ExistingPacket } from './state.js';

/** How a packet that nobody holds is offered to agents that ask for work. */
export interface Offer {
  /** Who may take it: everybody (`*`), one agent (`=id`), or who can do what a JSON list names (`+[…]`). */
  pool: string;
  /** From when on. */
  offered_at: Instant;
  /** Agents that do not get it: excluded by its routing, or they rejected it. */
  not_for: string[];
}

/** What an agent is, to the offers. */
export interface Taker {
  id: string;
  /** Folded (`foldCapability`). */
  capabilities: ReadonlySet<string>;
}

const everybody = '*';
const forAgent = (id: string): string => `=${id}`;

/** Pools are keys of an index: of a long list they name as much as fits, and `suits` asks for the rest. */
const longestPool = 250;

const poolOfCapabilities = (needed: readonly string[]): string => {
  const named = [...new Set(needed.map(foldCapability))].sort();
  while (JSON.stringify(named).length > longestPool) named.pop();
  return named.length === 0 ? everybody : `+${JSON.stringify(named)}`;
};

/** The agent that a packet is addressed to, and to nobody else. */
const addressee = ({ terms, content }: CreatedPacket): string | undefined =>
  terms.claim_policy === 'open' ? undefined : content.metadata.target_agent?.id;

const notFor = ({ terms, rejected_by }: CreatedPacket): string[] => [
  ...new Set([...(terms.routing?.exclude ?? []), ...rejected_by]),
];

/** The offer of a packet, or null when somebody holds it or it has ended. */
export const offerOf = (packet: ExistingPacket): Offer | null => {
  if (packet.status !== 'created') return null;
  const only = addressee(packet);
  const pool =
    only === undefined ? poolOfCapabilities(packet.terms.routing?.capabilities ?? []) : forAgent(only);
  // Time that it was put off for is no time in which it waited for somebody to take it.
  return { pool, offered_at: packet.available_at ?? packet.opened_at, not_for: notFor(packet) };
};

/** The pools that every agent looks into, whatever it can do. */
export const ownPools = ({ id }: Taker): string[] => [forAgent(id), everybody];

/** Pools that ask for capabilities lie between these two, the second excluded, in the order of code points. */
export const capabilityPools = ['+', ','] as const;

/** Whether an agent can do what a pool asks for. */
export const coversPool = ({ capabilities }: Taker, pool: string): boolean =>
  (JSON.parse(pool.slice(1)) as string[]).every((needed) => capabilities.has(needed));

/** Whether a packet may be given to this agent when it asks for work. */
export const suits = (packet: ExistingPacket, { id, capabilities }: Taker): boolean => {
  if (packet.status !== 'created' || notFor(packet).includes(id)) return false;
  const only = addressee(packet);
  if (only !== undefined) return only === id;
  return (packet.terms.routing?.capabilities ?? []).every((needed) =>
    capabilities.has(foldCapability(needed)),
  );
};
