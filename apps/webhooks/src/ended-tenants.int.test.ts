import { setTimeout as delay } from 'node:timers/promises';
import { instantAt } from '#libs/packet';
import { TenantRegistry } from '#libs/tenants';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Rig, tenant } from './given.features.js';

let rig: Rig;
let tenants: TenantRegistry;
beforeAll(async () => {
  rig = await Rig.start();
  tenants = await TenantRegistry.open(rig.nats);
});
afterEach(async () => {
  await rig.stopCopies();
  for (const endpoint of rig.hooks.list(tenant)) await rig.hooks.forget(endpoint);
});
afterAll(async () => {
  tenants?.close();
  await rig?.stop();
});

const setTenant = (deleted_at?: string) =>
  tenants.records.put(tenant, {
    ...{ id: tenant, name: 'Acme', created_at: instantAt(0), admin_keys: [] },
    ...(deleted_at !== undefined && { deleted_at: instantAt(Date.parse(deleted_at)) }),
  });
const end = () => setTenant(new Date().toISOString());
const reasonOf = (id: string) => rig.hooks.get(tenant, id)?.disabled?.reason;

test('a deleted tenant’s webhooks get nothing more, what is waiting to be tried again included', async () => {
  await setTenant();
  await rig.copy({ HR_WEBHOOK_RETRY_SECONDS: '1,1,1' });
  await rig.copy({ HR_WEBHOOK_RETRY_SECONDS: '1,1,1' });
  const [well, failing] = [await rig.receiver(), await rig.receiver()];
  failing.behave(() => ({ status: 500 }));
  const endpoints = [await rig.endpoint(well.url), await rig.endpoint(failing.url)];
  const id = await rig.created();
  await well.until(1);
  await failing.until(1);
  await end();
  for (const endpoint of endpoints)
    await expect.poll(() => reasonOf(endpoint.id), { timeout: 1_000 }).toBe('deleted');
  const counts = [well.got.length, failing.got.length];
  await rig.claimed(id);
  await delay(2_500);
  expect([well.got.length, failing.got.length]).toEqual(counts);
});

test('one that ended while no copy ran, or in whose last moment a webhook was made, gets nothing either', async () => {
  await setTenant();
  const receiver = await rig.receiver();
  const before = await rig.endpoint(receiver.url);
  await end();
  await delay(100);
  expect(reasonOf(before.id)).toBeUndefined();
  await rig.copy();
  await expect.poll(() => reasonOf(before.id), { timeout: 2_000 }).toBe('deleted');
  const late = await rig.endpoint(receiver.url);
  await expect.poll(() => reasonOf(late.id), { timeout: 1_000 }).toBe('deleted');
});
