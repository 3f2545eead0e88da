import type { AgentRegistry } from '#libs/agents';
import { setTimeout as delay } from 'node:timers/promises';
import type { TenantId } from '#libs/packet';
import type { Logger } from '#libs/service-kit';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { routeUnrouted, tenantsToRoute, type UnroutedParts } from './unrouted-packets.js';

/** Agents that start together are waited for, so that the first does not get everything. */
const gatherMs = 100;
/** What no agent's coming tells of: edges that changed, packets that came back, a crash, a lost race. */
const sweepMs = 10_000;

export interface LateRoutingParts extends UnroutedParts {
  agents: AgentRegistry;
  logger: Logger;
}

/** Routes packets that nobody was found for: at the start, when agents come, and now and then. */
export class LateRouting implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #waiting = new Set<TenantId>();
  readonly #stopping = new AbortController();
  #sweeping: NodeJS.Timeout | undefined;
  #unwatch: (() => void) | undefined;
  #running: Promise<void> | undefined;

  /** @param parts null: without read models nobody knows which packets wait */
  constructor(private readonly parts: LateRoutingParts | null) {}

  onApplicationBootstrap(): void {
    const { parts } = this;
    if (parts === null) return;
    this.#unwatch = parts.agents.onChange(({ tenant_id, news }) => {
      if (news !== 'left') this.#note(parts, tenant_id);
    });
    this.#sweeping = setInterval(() => void this.#sweep(parts), sweepMs);
    void this.#sweep(parts);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    this.#unwatch?.();
    clearInterval(this.#sweeping);
    await this.#running;
  }

  async #sweep(parts: LateRoutingParts): Promise<void> {
    try {
      for (const tenant of await tenantsToRoute(parts)) this.#note(parts, tenant);
    } catch (error) {
      parts.logger.debug({ err: error }, 'packets without a target could not be looked for');
    }
  }

  #note(parts: LateRoutingParts, tenant: TenantId): void {
    this.#waiting.add(tenant);
    this.#running ??= this.#run(parts).finally(() => (this.#running = undefined));
  }

  async #run(parts: LateRoutingParts): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#waiting.size > 0 && !signal.aborted) {
      await delay(gatherMs);
      const tenants = [...this.#waiting];
      this.#waiting.clear();
      for (const tenant of tenants) await this.#route(parts, tenant);
    }
  }

  async #route(parts: LateRoutingParts, tenant: TenantId): Promise<void> {
    try {
      await routeUnrouted(parts, tenant, this.#stopping.signal);
    } catch (error) {
      parts.logger.warn(
        { tenant_id: tenant, err: error },
        'packets without a target could not be routed yet',
      );
    }
  }
}
