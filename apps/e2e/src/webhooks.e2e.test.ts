import { createHmac, randomBytes } from 'node:crypto';
import { apiSchemas } from '#libs/contracts';
import { type Client, createClient, type Rail, smallPacket, startRail } from '#libs/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, type Receiver, startReceiver, verifies } from './webhook-receiver.js';

const isMessage = new Ajv2020({ strict: false, validateFormats: false }).compile({
  $ref: '#/$defs/HookMessageDocument',
  $defs: apiSchemas([]),
});
const patient = { timeout: 20_000, interval: 20 };
const types = (got: readonly Got[]): string[] => got.map(({ body }) => body.type);
const started = new Date().toISOString();

describe.each([{ services: false }, { services: true }])(
  'webhooks over HTTP (services: $services)',
  (how) => {
    let rail: Rail;
    let client: Client;
    const receivers: Receiver[] = [];
    beforeAll(async () => {
      rail = await startRail({
        ...how,
        env: { HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32', HR_WEBHOOK_RETRY_SECONDS: '0,0' },
      });
      client = createClient(rail.url, rail.key);
    });
    afterAll(async () => {
      for (const receiver of receivers) receiver.stop();
      await client?.close();
      await rail?.stop();
    });

    const listen = async (): Promise<Receiver> => {
      const receiver = await startReceiver();
      receivers.push(receiver);
      return receiver;
    };
    const make = async ({ url }: Receiver, more: object = {}) =>
      (await client.post('hooks', { url, ...more })).body as { id: string; secret: string };
    const create = async (headers: Record<string, string> = {}): Promise<string> =>
      (await client.post('packets', smallPacket('b', 'a'), headers)).body.id;
    const deliveries = async (path: string) => (await client.get(path)).body.deliveries;

    test('a receiver written with the public package verifies what it gets, in full or thin', async () => {
      const [full, thin] = [await listen(), await listen()];
      const one = await make(full, { headers: { Authorization: 'Bearer ours' } });
      const two = await make(thin, { payload: 'thin', events: ['packet.claimed', 'packet.in_progress'] });
      const traceId = randomBytes(16).toString('hex');
      const id = await create({ traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` });
      await client.post(`packets/${id}/claim`, { agent_id: 'b' });
      await client.post(`packets/${id}/start`, { agent_id: 'b' });
      await expect
        .poll(() => types(full.got).sort(), patient)
        .toEqual(['packet.claimed', 'packet.created', 'packet.started']);
      await expect
        .poll(() => types(thin.got).sort(), patient)
        .toEqual(['packet.claimed', 'packet.in_progress']);
      for (const { body } of [...full.got, ...thin.got])
        expect(isMessage(body) || isMessage.errors).toBe(true);
      for (const got of full.got) expect(verifies(one.secret, got)).toBe(true);
      for (const got of thin.got) expect(verifies(two.secret, got)).toBe(true);
      expect(verifies(two.secret, full.got[0]!)).toBe(false);

      const created = full.got.find(({ body }) => body.type === 'packet.created')!;
      expect(created.body).toEqual({
        id: created.headers['webhook-id'],
        type: 'packet.created',
        timestamp: expect.any(String),
        data: { packet: expect.objectContaining({ id, status: 'created', revision: 1 }) },
        tenant_id: 'default',
        packet_id: id,
        revision: 1,
        position: expect.any(String),
      });
      expect(created.headers).toMatchObject({
        'content-type': expect.stringContaining('application/json'),
        authorization: 'Bearer ours',
        'x-hr-event': 'packet.created',
        'x-hr-signature': createHmac('sha256', one.secret).update(created.text).digest('hex'),
        traceparent: expect.stringContaining(traceId),
      });
      expect(thin.got.map(({ body }) => body.data)).toEqual([{ packet_id: id }, { packet_id: id }]);
      const log = await deliveries(`hooks/${one.id}/deliveries?status=delivered`);
      expect(log.map(({ id: delivery }: { id: string }) => delivery)).toContain(
        created.headers['x-hr-delivery'],
      );
      expect(log).toHaveLength(3);
      expect(log[0]).toMatchObject({
        hook_id: one.id,
        packet_id: id,
        status: 'delivered',
        attempts: [{ status_code: 200, error: null, response_excerpt: 'noted' }],
        next_retry_at: null,
        delivered_at: expect.any(String),
      });
    });

    test('a rotated secret: both verify during the grace, after it only the new one', async () => {
      const receiver = await listen();
      const { id, secret: before } = await make(receiver, { events: ['packet.cancelled'] });
      const rotate = async (grace_seconds: number): Promise<string> =>
        (await client.post(`hooks/${id}/rotate-secret`, { grace_seconds })).body.secret;
      const next = async (): Promise<Got> => {
        const count = receiver.got.length;
        expect((await client.post(`hooks/${id}/test`)).status).toBe(202);
        await expect.poll(() => receiver.got.length, patient).toBe(count + 1);
        return receiver.got[count]!;
      };
      const verdicts = async (...secrets: string[]) => {
        const got = await next();
        return secrets.map((secret) => verifies(secret, got));
      };
      expect(await verdicts(before)).toEqual([true]);
      const after = await rotate(2);
      await expect.poll(() => verdicts(before, after), patient).toEqual([true, true]);
      await expect.poll(() => verdicts(before, after), patient).toEqual([false, true]);
      const last = await rotate(0);
      await expect.poll(() => verdicts(after, last), patient).toEqual([false, true]);
      expect(receiver.got.at(-1)!.body).toMatchObject({ type: 'hook.test', packet_id: null });
    });

    test('what fails is a dead letter, is sent again on request, and keeps its ids', async () => {
      const receiver = await listen();
      receiver.status = 500;
      const { id } = await make(receiver, { events: ['packet.created'] });
      const packets = [await create(), await create(), await create()];
      const dead = async () =>
        (await deliveries('hooks/dlq')).filter(({ hook_id }: { hook_id: string }) => hook_id === id);
      await expect.poll(async () => (await dead()).length, patient).toBe(3);
      expect(receiver.got).toHaveLength(9);
      const [one, ...rest] = await dead();
      expect(one.attempts).toMatchObject(Array(3).fill({ status_code: 500, error: expect.any(String) }));
      expect(await deliveries(`hooks/${id}/deliveries?status=dead_letter`)).toEqual([one, ...rest]);

      receiver.status = 200;
      receiver.got.splice(0);
      expect(await client.post(`hooks/dlq/${one.id}/replay`)).toMatchObject({
        status: 202,
        body: { delivery_id: one.id },
      });
      await expect.poll(() => receiver.got.length, patient).toBe(1);
      expect(receiver.got[0]!.headers).toMatchObject({
        'webhook-id': one.event_id,
        'x-hr-delivery': one.id,
      });
      expect((await client.post(`hooks/dlq/${one.id}/replay`)).body.code).toBe('not_found');
      expect(await client.post(`hooks/${id}/recover`, { since: started })).toMatchObject({
        status: 202,
        body: { deliveries: 2 },
      });
      await expect.poll(() => receiver.got.length, patient).toBe(3);
      expect(receiver.got.map(({ body }) => body.packet_id).sort()).toEqual(packets.sort());
      await expect.poll(dead, patient).toEqual([]);
    });

    test('one that is gone is disabled; enabled again, it gets what it missed', async () => {
      const [gone, other] = [await listen(), await listen()];
      gone.status = 410;
      const { id } = await make(gone, { events: ['packet.created'] });
      const { id: otherId } = await make(other, { events: ['hook.disabled'] });
      const before = await create();
      const shown = async () => (await client.get(`hooks/${id}`)).body;
      await expect.poll(async () => (await shown()).status, patient).toBe('disabled');
      expect(await shown()).toMatchObject({ disabled_reason: 'gone', disabled_at: expect.any(String) });
      await expect.poll(() => types(other.got), patient).toEqual(['hook.disabled']);
      expect(other.got[0]!.body.data).toMatchObject({ hook_id: id, reason: 'gone' });
      const [letter] = await deliveries(`hooks/${id}/deliveries?status=dead_letter`);
      for (const path of [`hooks/${id}/test`, `hooks/dlq/${letter.id}/replay`])
        expect(await client.post(path)).toMatchObject({ status: 409, body: { code: 'hook_disabled' } });

      const missed = [await create(), await create()];
      gone.status = 200;
      gone.got.splice(0);
      await client.post(`hooks/${id}/enable`);
      const after = await create();
      const ids = () => gone.got.map(({ body }) => body.packet_id).sort();
      await expect.poll(ids, patient).toEqual([after]);
      const answer = await client.post(`hooks/${id}/replay-missing`, { since: started });
      expect(answer.status).toBe(202);
      // All of the log since then, without what it has had coming: the dead letter is one.
      await expect.poll(ids, patient).toEqual(expect.arrayContaining([...missed, after]));
      expect(ids()).not.toContain(before);
      await client.post(`hooks/${id}/recover`, { since: started });
      await expect.poll(ids, patient).toContain(before);
      expect(new Set(ids()).size).toBe(ids().length);
      await client.send('DELETE', `hooks/${otherId}`);
    });

    test('another tenant finds nothing of it, and nothing that is deleted is sent to', async () => {
      const receiver = await listen();
      const { id } = await make(receiver);
      const tenant = (await client.post('tenants', { name: `Other ${how.services}`, tier: 'unlimited' })).body
        .id;
      const { key } = (await client.post('keys', { name: 'o', role: 'admin', tenant_id: tenant })).body;
      const stranger = createClient(rail.url, key);
      await stranger.post('packets', smallPacket('b', 'a'));
      await create();
      await expect.poll(() => receiver.got.length, patient).toBe(1);
      expect(receiver.got[0]!.body.tenant_id).toBe('default');
      const [delivery] = await deliveries(`hooks/${id}/deliveries`);
      expect((await stranger.get(`hooks/${id}/deliveries`)).status).toBe(404);
      expect((await stranger.get('hooks/dlq')).body.deliveries).toEqual([]);
      expect((await stranger.post(`hooks/dlq/${delivery.id}/replay`)).status).toBe(404);
      await stranger.close();
      expect((await client.send('DELETE', `hooks/${id}`)).status).toBe(204);
      const watched = await listen();
      await make(watched, { events: ['packet.created'] });
      await create();
      await expect.poll(() => watched.got.length, patient).toBe(1);
      expect(receiver.got).toHaveLength(1);
    });

    test('the log of a webhook comes in pages, and a cursor of another list is none', async () => {
      const receiver = await listen();
      const { id } = await make(receiver, { events: ['packet.created'] });
      for (let count = 0; count < 5; count += 1) await create();
      await expect.poll(async () => (await deliveries(`hooks/${id}/deliveries`)).length, patient).toBe(5);
      await expect.poll(() => receiver.got.length, patient).toBe(5);
      await expect
        .poll(async () => (await deliveries(`hooks/${id}/deliveries?status=delivered`)).length, patient)
        .toBe(5);
      const found: string[] = [];
      for (let cursor = ''; ;) {
        const { body } = await client.get(`hooks/${id}/deliveries?limit=2${cursor && `&cursor=${cursor}`}`);
        found.push(...body.deliveries.map((delivery: { id: string }) => delivery.id));
        if (body.next_cursor === null) break;
        cursor = body.next_cursor;
      }
      expect(found).toEqual(
        (await deliveries(`hooks/${id}/deliveries`)).map((one: { id: string }) => one.id),
      );
      for (const query of ['cursor=!', 'status=lost', 'limit=0', 'limit=201', 'of=1'])
        expect((await client.get(`hooks/${id}/deliveries?${query}`)).status, query).toBe(422);
    });
  },
);
