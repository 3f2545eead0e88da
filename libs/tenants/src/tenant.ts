import { type Limits, limitsOf, type Tier } from '#libs/contracts';
import type { Instant, TenantId } from '#libs/packet';

/** A tenant as it is stored, under its id. */
export interface TenantRecord {
  id: TenantId;
  name: string;
  created_at: Instant;
  /** Absent in a record of an older release: unlimited. */
  tier?: Tier;
  /** What holds in place of the tier's limits. */
  overrides?: Partial<Limits>;
  /** Its keys work no more, and its name is free. */
  deleted_at?: Instant;
  /** Seconds that a packet lives which names no time of its own. */
  default_ttl_seconds?: number;
  /** Ids of its admin keys. A key leaves this list before it is revoked, so that one always stays. */
  admin_keys: string[];
  request_digest?: string;
}

/** Holds a tenant's name, under a digest of it, so that no two tenants have the same. */
export interface NameRecord {
  tenant_id: TenantId;
}

/** What holds for a tenant; for one that is not known, nothing is limited but the size of a packet. */
export const limitsFor = (tenant: TenantRecord | undefined): Limits =>
  limitsOf(tenant?.tier ?? 'unlimited', tenant?.overrides);
