import { InstantText, Int, OneOf, Optional, Pattern, Text } from './rules.js';

const roles = ['reader', 'agent', 'writer', 'approver', 'admin'] as const;

export class CreateKeyBody {
  @Text(1, 128) name!: string;
  @Optional() @OneOf(roles, 'What the key may do; agent when left out.') role?: (typeof roles)[number];
  @Optional() @Text(1, 256, 'The key acts as this agent and no other.') agent_id?: string;
  @Optional() @InstantText('From then on the key is refused.') expires_at?: string;
  @Optional() @Pattern(/^[a-z0-9][a-z0-9_-]*$/, 64, 'Platform admin only.') tenant_id?: string;
}

export class CreateTenantBody {
  @Text(1, 128, 'Unique among the living tenants.') name!: string;
  @Optional()
  @Int(
    1,
    31_536_000,
    'Time to live of packets that name neither expires_at nor ttl_seconds; none when left out.',
  )
  default_ttl_seconds?: number;
}
