import type { TenantId } from '#libs/packet';
import type { ControlData } from './control-data.js';
import { isLive, type KeyRecord } from './key-records.js';

/**
 * How many live API keys a tenant has. A rotation changes nothing in that: of a key and the one that takes its place
 * only one counts, also while both work.
 */
export const countKeys = (data: ControlData, tenant: TenantId): number => {
  const now = new Date();
  const counts = (record: KeyRecord): boolean => record.replaced_by === undefined && isLive(record, now);
  const current = data.findKeys((record) => record.tenant_id === tenant && counts(record));
  const ids = new Set(current.map(([, { id }]) => id));
  return current.filter(([, { replaces }]) => replaces === undefined || !ids.has(replaces)).length;
};
