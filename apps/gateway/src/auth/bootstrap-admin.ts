import { setTimeout as delay } from 'node:timers/promises';
import { uuidv7 } from '#libs/event-log';
import { instantAt } from '#libs/packet';
import { StartError } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import { auditedAdmin } from '../audit/audited-admin.js';
import { countAdmin } from './admin-keys.js';
import { ControlData } from './control-data.js';
import { defaultTenant, hashKey, isLive, type KeyRecord, newKey, prefixOf } from './key-records.js';
import { Keys } from './keys.js';
import { Tenants } from './tenants.js';

const tenantId = defaultTenant;
/** The entry whose writer makes the first admin. */
const turn = 'bootstrap';
const patienceMs = 2_000;

const adminRecord = (key: string): KeyRecord => ({
  id: uuidv7(),
  tenant_id: tenantId,
  name: 'first platform admin',
  prefix: prefixOf(key),
  role: 'admin',
  platform_admin: true,
  created_at: instantAt(Date.now()),
  created_by: 'bootstrap',
});

const ensureTenant = (data: ControlData): Promise<unknown> =>
  new Tenants(data).store({
    id: tenantId,
    name: tenantId,
    tier: 'unlimited',
    created_at: instantAt(Date.now()),
    admin_keys: [],
  });

/** Takes the key that the environment gives, unless it is there. @throws StartError when it does not work any more */
const ensureGiven = async (data: ControlData, nats: NatsConnection, key: string): Promise<void> => {
  const known = data.keys.get(hashKey(key))?.value;
  if (known?.platform_admin && isLive(known, new Date())) return;
  if (known !== undefined)
    throw new StartError(
      'HR_BOOTSTRAP_API_KEY must be a live platform admin key, but that key is revoked or another: give a new one.',
    );
  const record = adminRecord(key);
  await countAdmin(data, record);
  // Two processes that start with the same key both want it: that it is there is enough.
  await auditedAdmin(nats, record, () => data.keys.create(hashKey(key), record));
};

const hasPlatformAdmin = (data: ControlData): boolean =>
  [...data.keys.entries()].some(([, { value }]) => value.platform_admin && isLive(value, new Date()));

// Of several that start at once one writes the entry; the others wait for its key, and one of them takes over
// if the writer did not live to store it.
const takeTurn = async (data: ControlData): Promise<boolean> => {
  const mark = { tenant_id: tenantId };
  if ((await data.tenants.create(turn, mark)) !== null) return true;
  for (let waited = 0; waited < patienceMs && !hasPlatformAdmin(data); waited += 50) await delay(50);
  const entry = data.tenants.get(turn);
  if (hasPlatformAdmin(data) || !entry) return false;
  return (await data.tenants.update(turn, mark, entry.revision)) !== null;
};

const makeFirst = async (data: ControlData, nats: NatsConnection): Promise<string | null> => {
  if (hasPlatformAdmin(data) || !(await takeTurn(data))) return null;
  const key = newKey();
  const record = adminRecord(key);
  await auditedAdmin(nats, record, () => new Keys(data).store(key, record));
  return key;
};

/**
 * Makes the tenant `default` and, once in the life of the rail, its first platform admin key, which is
 * returned in plain: it is stored nowhere, so show it. With `givenKey` that key is made to be one instead,
 * and nothing is returned. The buckets must be provisioned. @throws StartError, LogUnavailable
 */
export const bootstrapAdmin = async (
  nats: NatsConnection,
  { givenKey }: { givenKey?: string | undefined } = {},
): Promise<string | null> => {
  const data = await ControlData.open(nats);
  try {
    await ensureTenant(data);
    if (givenKey === undefined) return await makeFirst(data, nats);
    await ensureGiven(data, nats, givenKey);
    return null;
  } finally {
    data.close();
  }
};
