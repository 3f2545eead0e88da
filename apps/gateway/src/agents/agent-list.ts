import type { AgentListQuery } from '#libs/contracts';
import type { AgentRecord, AgentRegistry } from '#libs/agents';
import type { TenantId } from '#libs/packet';
import { badCursor } from '../reads/list-filter.js';

/** The agent as it is shown. */
export const agentDocument = (registry: AgentRegistry, { tenant_id, ...agent }: AgentRecord) => {
  const { created_at, updated_at, ...facts } = agent;
  const present = registry.isPresent(tenant_id, agent.id);
  const seen_at = registry.presence(tenant_id, agent.id)?.seen_at ?? null;
  return { ...facts, present, seen_at, created_at, updated_at };
};

const cursorOf = (id: string): string => Buffer.from(`a${id}`).toString('base64url');

/** The id that the page begins after. */
const parseCursor = (cursor: string): string => {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith('a') || cursorOf(text.slice(1)) !== cursor) throw badCursor();
  return text.slice(1);
};

/** A page of the tenant's agents, by id. @throws ProblemError for a cursor that is none */
export const agentPage = (registry: AgentRegistry, tenant: TenantId, query: AgentListQuery) => {
  const { limit = 50, cursor, capability, present } = query;
  const filtered = registry
    .list(tenant, capability ? { capabilities: capability } : {})
    .filter(({ id }) => present === undefined || registry.isPresent(tenant, id) === present);
  const after = cursor === undefined ? '' : parseCursor(cursor);
  const rest = filtered.filter(({ id }) => id > after);
  const agents = rest.slice(0, limit);
  const last = agents.at(-1);
  return {
    agents: agents.map((agent) => agentDocument(registry, agent)),
    total: filtered.length,
    limit,
    next_cursor: last && rest.length > agents.length ? cursorOf(last.id) : null,
  };
};
