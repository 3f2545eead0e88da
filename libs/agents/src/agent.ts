import { isDeepStrictEqual } from 'node:util';
import { foldCapability, type Instant, instantAt, type JsonObject, type TenantId } from '#libs/packet';

/** What an agent says of itself when it registers. */
export interface AgentFacts {
  name: string;
  framework?: string;
  /** Compared without regard to case. */
  capabilities: string[];
  /** Packets that it holds at once, at most. */
  max_concurrency?: number;
  metadata?: JsonObject;
  description?: string;
}

/** An agent as it is registered. */
export interface AgentRecord extends AgentFacts {
  tenant_id: TenantId;
  id: string;
  created_at: Instant;
  updated_at: Instant;
}

/** When an agent last said that it is there, and until when that counts. */
export interface Presence {
  seen_at: Instant;
  present_until: Instant;
}

/** What happened to an agent; `present`: it was not there, and is again. */
export type AgentChange = { tenant_id: TenantId; id: string } & (
  { news: 'registered' | 'changed' | 'present'; agent: AgentRecord } | { news: 'left' }
);

/** Where an agent is stored: ids are any text, keys of a bucket are not. */
export const agentKey = (tenant: TenantId, id: string): string =>
  `${tenant}.${Buffer.from(id).toString('base64url')}`;

/** Capabilities as they are stored: folded, each once. */
export const foldCapabilities = (capabilities: readonly string[]): string[] => [
  ...new Set(capabilities.map(foldCapability)),
];

/** Whether the agent has all of these (folded) capabilities. */
export const hasAll = ({ capabilities }: AgentFacts, wanted: readonly string[]): boolean =>
  wanted.every((capability) => capabilities.includes(capability));

const withoutTime = ({ updated_at: _at, ...rest }: AgentRecord): object => rest;

/** What a record tells that was not known before. */
export const newsOf = (
  agent: AgentRecord,
  before: AgentRecord | undefined,
): 'registered' | 'changed' | 'unchanged' => {
  if (before === undefined) return 'registered';
  return isDeepStrictEqual(withoutTime(agent), withoutTime(before)) ? 'unchanged' : 'changed';
};

/** The record of what an agent says of itself now. */
export const recordOf = (
  facts: AgentFacts,
  { held, ...ids }: Pick<AgentRecord, 'tenant_id' | 'id'> & { held: AgentRecord | undefined },
): AgentRecord => {
  const now: Instant = instantAt(Date.now());
  const capabilities = foldCapabilities(facts.capabilities);
  return { ...ids, ...facts, capabilities, created_at: held?.created_at ?? now, updated_at: now };
};
