import { type Limits, limitNames, tiers } from '../tiers.js';
import { type ChannelRight, OverridesBody } from './control-bodies.js';
import {
  Flag,
  InstantText,
  Int,
  List,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Shape,
  Text,
  Uuid,
} from './rules.js';
import { channelRights } from './values.js';

const many = 1_000_000_000;

export class KeyDocument {
  @Uuid() id!: string;
  @Text(1, 64) tenant_id!: string;
  @Text(1, 128) name!: string;
  @Text(1, 11, 'The first 11 characters of the key.') prefix!: string;
  @OneOf(['reader', 'agent', 'writer', 'approver', 'admin']) role!: string;
  @Optional() @Text(1, 256, 'The agent that it is bound to.') agent_id?: string;
  @Optional() @Shape(...channelRights) channels?: Record<string, ChannelRight>;
  @Optional() @Flag() platform_admin?: boolean;
  @OneOf(['live', 'expired', 'revoked']) status!: string;
  @InstantText() created_at!: string;
  @Text(1, 64, 'Id of the key that made it.') created_by!: string;
  @Optional() @InstantText() expires_at?: string;
  @Optional() @InstantText() revoked_at?: string;
  @Optional() @Uuid('The key that it took the place of.') replaces?: string;
  @Optional() @Uuid('The key that has taken its place.') replaced_by?: string;
  @Nullable() @InstantText('To the minute; null: never.') last_used_at!: string | null;
}

export class MadeKeyDocument extends KeyDocument {
  @Nullable() @Text(1, 64, 'The key itself, shown this once.') key!: string | null;
}

export class KeyListDocument {
  @List(KeyDocument, 200, 'Newest first.') keys!: KeyDocument[];
  @Int(0, many) total!: number;
  @Int(1, 200) limit!: number;
  @Nullable() @Text(1, 1_024, 'Null at the end.') next_cursor!: string | null;
}

const limitsRule = Shape(
  {
    type: 'object',
    required: [...limitNames],
    properties: Object.fromEntries(limitNames.map((name) => [name, { type: ['integer', 'null'] }])),
  },
  (value) => typeof value === 'object' && value !== null,
  'What holds for the tenant: the limits of its tier with its overrides; null: no limit.',
);

export class TenantDocument {
  @Text(1, 64) id!: string;
  @Text(1, 128) name!: string;
  @OneOf(tiers) tier!: string;
  @Nested(OverridesBody) overrides!: OverridesBody;
  @limitsRule limits!: Limits;
  @Optional() @Int(1, 31_536_000, 'Time to live of packets that name none.') default_ttl_seconds?: number;
  @InstantText() created_at!: string;
}

export class TenantListDocument {
  @List(TenantDocument, 200, 'Oldest first.') tenants!: TenantDocument[];
  @Int(0, many) total!: number;
  @Int(1, 200) limit!: number;
  @Nullable() @Text(1, 1_024, 'Null at the end.') next_cursor!: string | null;
}

export class SignedUpDocument {
  @Nested(TenantDocument) tenant!: TenantDocument;
  @Nested(MadeKeyDocument) key!: MadeKeyDocument;
}

/** What the routes of keys and tenants answer with. */
export const controlDocuments = [
  KeyDocument,
  MadeKeyDocument,
  KeyListDocument,
  TenantDocument,
  TenantListDocument,
  SignedUpDocument,
];
