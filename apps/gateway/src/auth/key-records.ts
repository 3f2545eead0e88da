import { hash, randomBytes } from 'node:crypto';
import type { ChannelRight } from '#libs/contracts';
import type { Instant, Principal, Role, TenantId } from '#libs/packet';

/** An API key as it is stored, under its SHA-256: the key itself is never kept. */
export interface KeyRecord {
  id: string;
  tenant_id: TenantId;
  name: string;
  /** The first 11 characters of the key, to recognise it by. */
  prefix: string;
  role: Role;
  agent_id?: string;
  /** What it may do on channels, by their names. */
  channels?: Record<string, ChannelRight>;
  platform_admin?: true;
  created_at: Instant;
  created_by: string;
  expires_at?: Instant;
  revoked_at?: Instant;
  /** Ids of the keys before and behind it in a rotation. */
  replaces?: string;
  replaced_by?: string;
  /** Digest of the request that made it, when that had an idempotency key. */
  request_digest?: string;
}

/** The first tenant, made at the first start. */
export const defaultTenant = 'default' as TenantId;

const prefixLength = 11;

/** A new key: `hr_` and 43 url-safe characters, 256 random bits. */
export const newKey = (): string => `hr_${randomBytes(32).toString('base64url')}`;

/** Where a key's record is stored. */
export const hashKey = (key: string): string => hash('sha256', key, 'hex');

export const prefixOf = (key: string): string => key.slice(0, prefixLength);

/** Whether a key works at this time. */
export const isLive = (record: KeyRecord, now: Date): boolean =>
  record.revoked_at === undefined &&
  (record.expires_at === undefined || record.expires_at > now.toISOString());

/** Approvers are people, also where their key says which. */
const actorType = ({ agent_id, role }: KeyRecord): Principal['type'] => {
  if (role === 'approver') return 'human';
  return role === 'admin' && agent_id === undefined ? 'human' : 'agent';
};

/** Who the holder of a key is. */
export const principalFrom = (record: KeyRecord): Principal => ({
  tenant_id: record.tenant_id,
  key_id: record.id,
  role: record.role,
  type: actorType(record),
  ...(record.agent_id !== undefined && { agent_id: record.agent_id }),
  ...(record.platform_admin && { platform_admin: true }),
});
