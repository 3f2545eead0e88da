import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Rig, tenant } from './given.features.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterEach(async () => {
  await rig.stopCopies();
  for (const endpoint of rig.hooks.list(tenant)) await rig.hooks.forget(endpoint);
});
afterAll(() => rig?.stop());

test('endpoints that hang, fail, ask for a pause or hang up are in nobody’s way', async () => {
  await rig.copy();
  const [hangs, fails, pauses, closes, healthy] = await Promise.all(
    Array.from({ length: 5 }, () => rig.receiver()),
  );
  hangs?.behave(() => ({ afterMs: 15_000 }));
  fails?.behave(() => ({ status: 500 }));
  pauses?.behave(() => ({ status: 429, headers: { 'retry-after': '30' } }));
  closes?.behave(() => 'close');
  for (const receiver of rig.receivers) await rig.endpoint(receiver.url, { events: ['packet.created'] });
  const sentAt = Date.now();
  await Promise.all(Array.from({ length: 200 }, () => rig.created()));
  const got = await healthy?.until(200);
  expect(new Set(got?.map(({ body }) => body.id)).size).toBe(200);
  // Far less than one of the sick ones takes for one call.
  expect(Date.now() - sentAt).toBeLessThan(10_000);
  expect(hangs?.got.length).toBeLessThanOrEqual(16);
  expect(pauses?.got.length).toBeLessThanOrEqual(16);
});

test('an ordered endpoint gets one packet’s events in order, and one that fails holds back its packet alone', async () => {
  await rig.copy({ HR_WEBHOOK_RETRY_SECONDS: '1,1' });
  const receiver = await rig.receiver();
  const [held, free] = [await rig.created(), await rig.created()];
  let refusals = 0;
  receiver.behave(({ body }) =>
    body.packet_id === held && body.revision === 2 && ++refusals <= 1 ? { status: 500 } : { afterMs: 3 },
  );
  await rig.endpoint(receiver.url, { ordered: true });
  for (const packet of [held, free]) await rig.claimed(packet);
  for (let percent = 1; percent <= 20; percent += 1)
    for (const packet of [held, free]) await rig.progressed(packet, percent);
  await expect.poll(() => receiver.revisionsOf(free).length, { timeout: 5_000 }).toBe(21);
  await expect.poll(() => receiver.revisionsOf(held).length, { timeout: 10_000 }).toBe(22);
  const revisions = Array.from({ length: 21 }, (_, nth) => nth + 2);
  expect(receiver.revisionsOf(free)).toEqual(revisions);
  expect(receiver.revisionsOf(held)).toEqual([2, ...revisions]);
});

test('a dead letter holds back nothing any more', async () => {
  await rig.copy({ HR_WEBHOOK_RETRY_SECONDS: '0' });
  const receiver = await rig.receiver();
  receiver.behave(({ body }) => ({ status: body.revision === 1 ? 500 : 200 }));
  await rig.endpoint(receiver.url, { ordered: true });
  const packet = await rig.created();
  await rig.claimed(packet);
  await expect.poll(() => receiver.revisionsOf(packet), { timeout: 10_000 }).toEqual([1, 1, 2]);
});

test('copies share the work and keep to an endpoint’s rate together', async () => {
  for (let nth = 0; nth < 3; nth += 1) await rig.copy();
  const [fast, slow] = [await rig.receiver(), await rig.receiver()];
  await rig.endpoint(fast.url, { events: ['packet.created'] });
  await rig.endpoint(slow.url, { events: ['packet.created'], rate_per_second: 20 });
  await Promise.all(Array.from({ length: 60 }, () => rig.created()));
  await Promise.all([fast.until(60), slow.until(60)]);
  await delay(200);
  for (const { got } of [fast, slow]) {
    expect(got).toHaveLength(60);
    expect(new Set(got.map(({ body }) => body.id)).size).toBe(60);
  }
  const times = slow.got.map(({ at }) => at).sort((a, b) => a - b);
  // 59 gaps of 50 ms.
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(2_700);
});
