import type { TenantId } from '#libs/packet';
import { ProblemError, unavailable } from '../http/problem-error.js';
import type { ControlData } from './control-data.js';
import { isLive, type KeyRecord } from './key-records.js';

const tries = 8;

/** Waits a little longer in each round, for the watch to bring what others have written. */
export const pause = (round: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 20 * (round + 1)));

/** Runs `attempt` until it returns something, some times. @throws ProblemError when it never does */
export const untilWritten = async <T>(attempt: () => Promise<T | null>): Promise<T> => {
  for (let round = 0; round < tries; round += 1) {
    const written = await attempt();
    if (written !== null) return written;
    await pause(round);
  }
  throw unavailable('Many changes to this at once: send the request again.');
};

// The tenant's own record decides, by its revision: two admins who revoke each other cannot both win. It is written
// even where nothing changes in it, since only that proves that what was read was the latest.
const changeAdmins = (
  data: ControlData,
  tenant: TenantId,
  change: (ids: string[]) => string[],
): Promise<number> =>
  untilWritten(async () => {
    const entry = data.tenant(tenant);
    if (!entry) return 0;
    const admin_keys = change(entry.value.admin_keys);
    return data.tenants.update(tenant, { ...entry.value, admin_keys }, entry.revision);
  });

const left = (data: ControlData, ids: string[], record: KeyRecord): string[] => {
  const now = new Date();
  const stays = (other: KeyRecord): boolean =>
    ids.includes(other.id) &&
    other.id !== record.id &&
    isLive(other, now) &&
    // Nobody could make another platform admin.
    (!record.platform_admin || other.platform_admin === true);
  // What has expired keeps nobody in.
  if (!isLive(record, now) || data.findKeys(stays).length > 0) return ids.filter((id) => id !== record.id);
  const kind = record.platform_admin ? 'platform admin' : 'admin';
  const first = record.platform_admin ? 'Rotate it instead' : `Make another ${kind} key first`;
  throw new ProblemError('last_admin_key', `${first}: this is the last ${kind} key of the tenant.`);
};

/**
 * Enters an admin key among those of which one always stays. Before the key is stored: whoever can see a key
 * must find it there. @throws ProblemError
 */
export const countAdmin = async (data: ControlData, { tenant_id, id }: KeyRecord): Promise<void> => {
  await changeAdmins(data, tenant_id, (ids) => (ids.includes(id) ? ids : [...ids, id]));
};

/** Takes an admin key out again that was not stored after all. @throws ProblemError */
export const forgetAdmin = async (data: ControlData, { tenant_id, id }: KeyRecord): Promise<void> => {
  await changeAdmins(data, tenant_id, (ids) => ids.filter((other) => other !== id));
};

/** Takes a key out from among them, before it ends. @throws ProblemError when it is the last */
export const releaseAdmin = async (data: ControlData, record: KeyRecord): Promise<void> => {
  if (record.role === 'admin') await changeAdmins(data, record.tenant_id, (ids) => left(data, ids, record));
};
