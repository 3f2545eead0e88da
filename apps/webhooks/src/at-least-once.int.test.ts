import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { instantAt } from '#libs/packet';
import { answerOf, type Receiver, Rig, tenant } from './given.features.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterEach(async () => {
  await rig.stopCopies();
  for (const endpoint of rig.hooks.list(tenant)) await rig.hooks.forget(endpoint);
});
afterAll(() => rig?.stop());

const created = (count: number) => Promise.all(Array.from({ length: count }, () => rig.created()));
const packetsOf = ({ got }: Receiver): string[] =>
  [...new Set(got.map(({ body }) => body.packet_id as string))].sort();

test('what happens while the service is away is delivered when it is back', async () => {
  const receiver = await rig.receiver();
  await rig.endpoint(receiver.url, { events: ['packet.created'] });
  const before = await created(30);
  await rig.copy();
  await receiver.until(30);
  await rig.stopCopies();
  const after = await created(30);
  await rig.copy();
  await receiver.until(60);
  expect(packetsOf(receiver)).toEqual([...before, ...after].sort());
  expect(receiver.got).toHaveLength(60);
});

test('a copy that takes over from one that was stopped in the middle loses nothing', async () => {
  const receiver = await rig.receiver();
  receiver.behave(() => ({ afterMs: 20 }));
  await rig.endpoint(receiver.url, { events: ['packet.created'] });
  await rig.copy();
  const packets = await created(200);
  await receiver.until(20);
  await rig.stopCopies();
  expect(receiver.got.length).toBeLessThan(200);
  await rig.copy();
  await receiver.until(200);
  await delay(200);
  expect(packetsOf(receiver)).toEqual([...packets].sort());
});

test('a fan-out that is done again inserts nothing', async () => {
  const receiver = await rig.receiver();
  await rig.endpoint(receiver.url, { events: ['packet.created'] });
  await rig.copy();
  await created(20);
  await receiver.until(20);
  await rig.stopCopies();
  await rig.source.query('update handoffrail_deliveries.checkpoints set position = 0');
  await rig.copy();
  await created(1);
  await receiver.until(21);
  expect(receiver.got).toHaveLength(21);
});

test('tables that were lost are made again, and the last hour is sent again under the same ids', async () => {
  const receiver = await rig.receiver();
  await rig.endpoint(receiver.url, { events: ['packet.created'] });
  await rig.copy();
  const packets = await created(5);
  await receiver.until(5);
  await rig.stopCopies();
  await rig.source.query('drop schema handoffrail_deliveries cascade');
  await rig.copy();
  await receiver.until(10);
  expect(packetsOf(receiver)).toEqual([...packets].sort());
  expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
  expect(new Set(receiver.got.map(({ headers }) => headers['x-hr-delivery'])).size).toBe(5);
});

test('an endpoint gets what it missed, out of the log, once each; and what failed, when it asks', async () => {
  const webhooks = await rig.copy({ HR_WEBHOOK_RETRY_SECONDS: '0' });
  const receiver = await rig.receiver();
  const since = instantAt(Date.now());
  const missed = await created(30);
  const endpoint = await rig.endpoint(receiver.url, { events: ['packet.created'] });
  const mine = { hook_id: endpoint.id };
  const seen = await created(5);
  await receiver.until(5);
  const call = { ...rig.call(endpoint.id), since };
  answerOf(await webhooks.answers.replay_missing(call));
  await receiver.until(35);
  await delay(200);
  expect(receiver.got).toHaveLength(35);
  expect(packetsOf(receiver)).toEqual([...missed, ...seen].sort());

  receiver.behave(() => ({ status: 500 }));
  const failed = await created(3);
  await expect
    .poll(async () => (await rig.deliveries({ ...mine, status: 'dead_letter' })).deliveries.length, {
      timeout: 20_000,
    })
    .toBe(3);
  receiver.behave(() => ({}));
  expect(answerOf(await webhooks.answers.recover_hook(call)).answer).toEqual({ deliveries: 3 });
  await expect
    .poll(async () => (await rig.deliveries({ ...mine, status: 'delivered' })).deliveries.length, {
      timeout: 20_000,
    })
    .toBe(38);
  expect(packetsOf(receiver)).toEqual([...missed, ...seen, ...failed].sort());
});
