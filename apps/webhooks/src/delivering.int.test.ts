import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { deliveryId } from '#libs/deliveries';
import { auditSubject, streams } from '#libs/contracts';
import { Mailbox, StreamReader } from '#libs/event-log';
import { disable } from '#libs/hooks';
import type { Instant } from '#libs/packet';
import { answerOf, Rig, tenant } from './given.features.js';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterEach(async () => {
  await rig.stopCopies();
  for (const endpoint of rig.hooks.list(tenant)) await rig.hooks.forget(endpoint);
});
afterAll(() => rig?.stop());

/** What the audit was told of an action. */
const audited = async (action: string): Promise<object[]> => {
  const mailbox = new Mailbox(rig.nats, 2_000, () => undefined);
  const stored = await new StreamReader(mailbox, streams.audit).all(auditSubject(tenant, action), 1);
  mailbox.close();
  return stored.map(({ payload }) => JSON.parse(payload) as object);
};

test('an event arrives with its packet as it was then, under signatures that the public package verifies', async () => {
  await rig.copy();
  const receiver = await rig.receiver();
  const endpoint = await rig.endpoint(receiver.url);
  const packet = await rig.created();
  await rig.claimed(packet);
  const [created, claimed] = (await receiver.until(2)).toSorted((a, b) => a.body.revision - b.body.revision);
  expect(created?.body).toMatchObject({
    type: 'packet.created',
    tenant_id: tenant,
    packet_id: packet,
    revision: 1,
    data: { packet: { id: packet, status: 'created', revision: 1, claim: null } },
  });
  expect(claimed?.body.data.packet).toMatchObject({ status: 'claimed', claim: { agent: { id: 'bo' } } });
  const headers = created?.headers as Record<string, string>;
  const verified = new Webhook(rig.secrets.get(endpoint.id) ?? '').verify(created?.text ?? '', headers);
  expect(verified).toEqual(created?.body);
  expect(headers).toMatchObject({
    'webhook-id': created?.body.id,
    'x-hr-event': 'packet.created',
    'x-hr-delivery': deliveryId(endpoint.id, created?.body.id),
    'content-type': 'application/json',
  });
  expect(headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
});

test('each endpoint gets what it asked for, by type, alias, filter and form', async () => {
  await rig.copy();
  const names = ['all', 'claims', 'others', 'alias', 'thin'] as const;
  const receivers = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await rig.receiver()] as const)),
  );
  const facts = {
    all: {},
    claims: { events: ['packet.claimed'] },
    others: { filter: { target_agent: 'cy' } },
    alias: { events: ['packet.in_progress'] },
    thin: { events: ['packet.created'], payload: 'thin' },
  } as const;
  for (const name of names) await rig.endpoint(receivers[name]?.url ?? '', facts[name]);
  const packet = await rig.created();
  await rig.claimed(packet);
  await rig.progressed(packet, 10);
  await receivers['all']?.until(3);
  await receivers['alias']?.until(1);
  const typesOf = (name: string) => receivers[name]?.got.map(({ body }) => body.type).sort();
  await expect
    .poll(() => names.map(typesOf))
    .toEqual([
      ['packet.claimed', 'packet.created', 'packet.progressed'],
      ['packet.claimed'],
      [],
      ['packet.in_progress'],
      ['packet.created'],
    ]);
  expect(receivers['thin']?.got[0]?.body.data).toEqual({ packet_id: packet });
});

test('what fails is tried again with the same id, and then a dead letter, until somebody replays it', async () => {
  const webhooks = await rig.copy({ HR_WEBHOOK_RETRY_SECONDS: '0,0,1' });
  const receiver = await rig.receiver();
  receiver.behave((_, nth) => ({ status: nth <= 4 ? 500 : 204 }));
  const endpoint = await rig.endpoint(receiver.url, { events: ['packet.created'] });
  await rig.created();
  await receiver.until(4);
  const ids = new Set(receiver.got.map(({ headers }) => headers['webhook-id']));
  expect(ids.size).toBe(1);
  await expect
    .poll(async () => (await rig.deliveries({ status: 'dead_letter' })).deliveries)
    .toMatchObject([{ hook_id: endpoint.id, event_type: 'packet.created', next_retry_at: null }]);
  const [dead] = (await rig.deliveries({ hook_id: endpoint.id })).deliveries;
  expect(dead?.attempts).toHaveLength(4);
  expect(dead?.attempts[0]).toMatchObject({
    status_code: 500,
    error: 'Answered 500.',
    response_excerpt: 'thanks',
  });

  const call = { ...rig.call(endpoint.id), delivery_id: dead?.id ?? '' };
  answerOf(await webhooks.answers.replay_delivery(call));
  await receiver.until(5);
  expect(receiver.got[4]?.headers['webhook-id']).toBe([...ids][0]);
  await expect
    .poll(async () => (await rig.deliveries({ hook_id: endpoint.id })).deliveries)
    .toMatchObject([{ status: 'delivered', delivered_at: expect.any(String) }]);
  expect(await webhooks.answers.replay_delivery(call)).toMatchObject({ outcome: 'refused' });
});

test('the body is the same at each attempt, whatever has become of the packet and of the process since', async () => {
  const receiver = await rig.receiver();
  receiver.behave(() => ({ status: 500 }));
  const endpoint = await rig.endpoint(receiver.url, { events: ['packet.created'] });
  await rig.copy({ HR_WEBHOOK_RETRY_SECONDS: '0' });
  const packet = await rig.created();
  await receiver.until(2);
  const hook_id = endpoint.id;
  const dead = async () => (await rig.deliveries({ hook_id, status: 'dead_letter' })).deliveries;
  await expect.poll(async () => (await dead()).length).toBe(1);
  await rig.stopCopies();
  await rig.claimed(packet);
  await rig.progressed(packet, 50);
  const { answers } = await rig.copy();
  const [{ id: delivery_id } = { id: '' }] = await dead();
  receiver.behave(() => ({}));
  answerOf(await answers.replay_delivery({ ...rig.call(hook_id), delivery_id }));
  const [first, second, third] = await receiver.until(3);
  expect([second?.text, third?.text]).toEqual([first?.text, first?.text]);
});

test('a redirect is a failure and is not followed; a pause that is asked for is kept', async () => {
  await rig.copy({ HR_WEBHOOK_RETRY_SECONDS: '0,0' });
  const target = await rig.receiver();
  const receiver = await rig.receiver();
  receiver.behave((_, nth) => {
    if (nth === 1) return { status: 302, headers: { location: target.url } };
    return nth === 2 ? { status: 429, headers: { 'retry-after': '2' } } : {};
  });
  await rig.endpoint(receiver.url);
  await rig.created();
  const [, second, third] = await receiver.until(3);
  expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(1_900);
  expect(target.got).toEqual([]);
});

test('410 disables the endpoint, and the others of the tenant that want to know hear of it', async () => {
  await rig.copy();
  const feed: string[] = [];
  const subscription = rig.nats.subscribe(`hr.feed.${tenant}.>`, {
    callback: (_error, message) => void feed.push(message.json<{ type: string }>().type),
  });
  const [gone, watching] = [await rig.receiver(), await rig.receiver()];
  gone.behave(() => ({ status: 410 }));
  const endpoint = await rig.endpoint(gone.url);
  await rig.endpoint(watching.url, { events: ['hook.disabled'] });
  await rig.created();
  const [news] = await watching.until(1);
  expect(news?.body).toMatchObject({
    type: 'hook.disabled',
    packet_id: null,
    data: { hook_id: endpoint.id, reason: 'gone' },
  });
  await expect.poll(() => rig.hooks.get(tenant, endpoint.id)?.disabled?.reason).toBe('gone');
  await expect.poll(() => feed).toContain('hook.disabled');
  expect(await audited('webhooks.disable_hook')).toMatchObject([
    { kind: 'attempt', resource: `/api/v1/hooks/${endpoint.id}`, details: { reason: 'gone' } },
    { kind: 'done' },
  ]);
  subscription.unsubscribe();
  await rig.created();
  await delay(200);
  expect(gone.got).toHaveLength(1);
});

test('what an endpoint was still owed when it was disabled becomes dead letters', async () => {
  await rig.copy();
  const receiver = await rig.receiver();
  receiver.behave(() => ({ status: 500 }));
  const endpoint = await rig.endpoint(receiver.url);
  for (let nth = 0; nth < 3; nth += 1) await rig.created();
  await receiver.until(3);
  const at = new Date().toISOString() as Instant;
  await rig.hooks.change(tenant, endpoint.id, (held) => disable(held, 'deleted', at));
  const statuses = async () =>
    (await rig.deliveries({ hook_id: endpoint.id })).deliveries.map(({ status }) => status);
  await expect.poll(statuses, { timeout: 15_000 }).toEqual(Array(3).fill('dead_letter'));
});

test('an endpoint that has only failed for five days is disabled', async () => {
  await rig.copy({ HR_WEBHOOK_RETRY_SECONDS: '0' });
  const receiver = await rig.receiver();
  receiver.behave(() => ({ status: 500 }));
  const longAgo = '2026-01-01T00:00:00.000Z' as never;
  const endpoint = await rig.endpoint(receiver.url, { updated_at: longAgo });
  await rig.created();
  await receiver.until(2);
  expect(rig.hooks.get(tenant, endpoint.id)?.disabled).toBeUndefined();
  await rig.source.query(
    `update handoffrail_deliveries.endpoints set failing_since = now() - interval '5 days' where hook_id = $1`,
    [endpoint.id],
  );
  await rig.created();
  await expect.poll(() => rig.hooks.get(tenant, endpoint.id)?.disabled?.reason).toBe('failing');
});

test('a test event goes to its endpoint alone, whatever that subscribes to', async () => {
  const webhooks = await rig.copy();
  const [asked, other] = [await rig.receiver(), await rig.receiver()];
  const endpoint = await rig.endpoint(asked.url, { events: ['packet.completed'] });
  await rig.endpoint(other.url);
  const { answer } = answerOf(await webhooks.answers.test_hook(rig.call(endpoint.id)));
  const [got] = await asked.until(1);
  expect(got?.headers['x-hr-delivery']).toBe(answer.delivery_id);
  expect(got?.body).toMatchObject({ type: 'hook.test', data: { hook_id: endpoint.id } });
  expect(other.got).toEqual([]);
});
