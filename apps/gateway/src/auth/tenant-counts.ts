import { AgentRegistry } from '#libs/agents';
import { HookRegistry } from '#libs/hooks';
import type { TenantId } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import { ControlData } from './control-data.js';
import { countKeys } from './key-count.js';

/** What a tenant has of that whose number is limited, from memory. */
@Injectable()
export class TenantCounts {
  constructor(
    @Inject(ControlData) private readonly data: ControlData,
    @Inject(AgentRegistry) private readonly agents: AgentRegistry,
    @Inject(HookRegistry) private readonly hooks: HookRegistry,
  ) {}

  of(tenant: TenantId): Record<'agents' | 'keys' | 'webhooks', number> {
    return {
      agents: this.agents.list(tenant).length,
      keys: countKeys(this.data, tenant),
      webhooks: this.hooks.count(tenant),
    };
  }
}
