import type { TenantId } from '#libs/packet';
import type { AgentRecord } from './agent.js';

/** The agents of each tenant, in the order of their ids. */
export class TenantAgents {
  readonly #tenants = new Map<TenantId, Map<string, AgentRecord>>();
  readonly #sorted = new Map<TenantId, readonly AgentRecord[]>();

  get(tenant: TenantId, id: string): AgentRecord | undefined {
    return this.#tenants.get(tenant)?.get(id);
  }

  set(agent: AgentRecord): void {
    const agents = this.#tenants.get(agent.tenant_id) ?? new Map<string, AgentRecord>();
    this.#tenants.set(agent.tenant_id, agents.set(agent.id, agent));
    this.#sorted.delete(agent.tenant_id);
  }

  delete({ tenant_id, id }: AgentRecord): void {
    const agents = this.#tenants.get(tenant_id);
    agents?.delete(id);
    if (agents?.size === 0) this.#tenants.delete(tenant_id);
    this.#sorted.delete(tenant_id);
  }

  of(tenant: TenantId): readonly AgentRecord[] {
    const known = this.#sorted.get(tenant);
    if (known) return known;
    const agents = [...(this.#tenants.get(tenant)?.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
    if (agents.length > 0) this.#sorted.set(tenant, agents);
    return agents;
  }

  *all(): IterableIterator<AgentRecord> {
    for (const agents of this.#tenants.values()) yield* agents.values();
  }

  /** How many tenants have any. */
  get tenants(): number {
    return this.#tenants.size;
  }
}
