import { type Limits, type Tier, tiers } from '../tiers.js';
import { InstantText, Int, Nested, OneOf, Optional, Pattern, Shape, Text } from './rules.js';
import { channelRights } from './values.js';

const roles = ['reader', 'agent', 'writer', 'approver', 'admin'] as const;
const most = 1_000_000_000;

/** What a key may do on a channel; who may write may read. */
export type ChannelRight = 'none' | 'read' | 'write';

export class CreateKeyBody {
  @Text(1, 128) name!: string;
  @Optional() @OneOf(roles, 'What the key may do; agent when left out.') role?: (typeof roles)[number];
  @Optional() @Text(1, 256, 'The key acts as this agent and no other.') agent_id?: string;
  @Optional() @Shape(...channelRights) channels?: Record<string, ChannelRight>;
  @Optional() @InstantText('From then on the key is refused.') expires_at?: string;
  @Optional() @Pattern(/^[a-z0-9][a-z0-9_-]*$/, 64, 'Platform admin only.') tenant_id?: string;
}

/** What is left out stays; null takes channels or expires_at away. */
export class ChangeKeyBody {
  @Optional() @Text(1, 128) name?: string;
  @Optional() @OneOf(roles, 'What the key may do from now on.') role?: (typeof roles)[number];
  @Optional() @Shape(...channelRights) channels?: Record<string, ChannelRight>;
  @Optional() @InstantText('From then on the key is refused.') expires_at?: string;
}

export class RotateKeyBody {
  @Optional()
  @Int(0, 2_592_000, 'How long the key before still works; it ends at once when left out.')
  grace_seconds?: number;
}

const count = (unit: string) => Int(0, most, `${unit}; null: no limit.`);

/** Limits that hold for one tenant in place of its tier's. */
export class OverridesBody implements Partial<Limits> {
  @Optional() @count('Packets per UTC day') packets_per_day?: number | null;
  @Optional() @count('Registered agents') agents?: number | null;
  @Optional() @count('Live API keys') keys?: number | null;
  @Optional() @Int(1_024, 1_048_576, 'Bytes of JSON of one packet.') packet_bytes?: number;
  @Optional() @count('Requests per hour of all its keys') requests_per_hour?: number | null;
  @Optional() @count('Requests per minute of one key') requests_per_minute?: number | null;
  @Optional() @count('Open live streams') streams?: number | null;
  @Optional() @count('Webhooks') webhooks?: number | null;
  @Optional() @count('Days that its audit is kept') audit_days?: number | null;
}

const tierRule = OneOf(tiers);
const nameRule = Text(1, 128, 'Unique among the living tenants; case makes no difference.');
const overridesRule = Nested(OverridesBody, 'What holds in place of the limits of the tier.');
const ttlRule = Int(
  1,
  31_536_000,
  'Time to live of packets that name neither expires_at nor ttl_seconds; none when left out.',
);

export class CreateTenantBody {
  @nameRule name!: string;
  @Optional() @tierRule tier?: Tier;
  @Optional() @overridesRule overrides?: OverridesBody;
  @Optional() @ttlRule default_ttl_seconds?: number;
}

/** What is left out stays; null takes overrides or default_ttl_seconds away. */
export class ChangeTenantBody {
  @Optional() @nameRule name?: string;
  @Optional() @tierRule tier?: Tier;
  @Optional() @overridesRule overrides?: OverridesBody;
  @Optional() @ttlRule default_ttl_seconds?: number;
}

export class SignUpBody {
  @Text(1, 128, 'The name of the new tenant: unique, case makes no difference.') team_name!: string;
  @Text(1, 128, 'Who makes it: the name of its first key.') sender_name!: string;
}
