import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Client, smallPacket } from '#libs/testing';
import { startTestGateway, type TestGateway } from './gateway.features.js';

describe('batches by filter', () => {
  let gateway: TestGateway;
  let client: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    client = gateway.client();
  });
  afterAll(() => gateway?.stop());

  const retry = (body: object, headers?: Record<string, string>): Promise<Answer> =>
    client.post('packets/batch/retry', body, headers);

  const attempt = async (id: string, by: Client): Promise<string> => {
    await by.post(`packets/${id}/claim`, { agent_id: 'billing-01' });
    const { body } = await by.post(`packets/${id}/fail`, { reason: 'No.', retryable: true });
    return body.status;
  };
  const tagged = (tag: string, more: object = {}) => {
    const packet = smallPacket();
    return { ...packet, metadata: { ...packet.metadata, tags: [tag] }, ...more };
  };
  /** A packet with a tag of its own, whose two attempts failed. */
  const deadLetter = async (tag: string, by = client): Promise<string> => {
    const retries = { retry: { max_attempts: 2, backoff_seconds: 0 } };
    const { id } = (await by.post('packets', tagged(tag, retries))).body;
    expect([await attempt(id, by), await attempt(id, by)]).toEqual(['created', 'failed']);
    return id;
  };
  const someDead = async (tag: string, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let made = 0; made < count; made += 1) ids.push(await deadLetter(tag));
    return ids;
  };
  const idsOf = (packets: { id: string }[]): string[] => packets.map(({ id }) => id);

  it('tells on a dry run which packets it would be, and changes nothing', async () => {
    const ids = await someDead('dry', 3);
    const filter = { dead_letter: true, tags: ['dry'] };
    const told = await retry({ filter, limit: 2, dry_run: true }, { 'idempotency-key': 'dry' });
    expect(told).toMatchObject({
      status: 200,
      body: { retried: [], errors: [], packet_ids: ids.slice(0, 2), matched: 3, dry_run: true },
    });
    for (const id of ids)
      expect((await client.get(`packets/${id}`)).body).toMatchObject({ status: 'failed', revision: 5 });
  });

  it('retries the oldest first, as many as the limit says; each starts with fresh attempts', async () => {
    const ids = await someDead('cap', 3);
    const filter = { status: ['failed'], tags: ['cap'] };
    const first = await retry({ filter, limit: 2, reason: 'The bank is back.' });
    expect(first.body).toMatchObject({ errors: [], matched: 3, matched_capped: false, dry_run: false });
    expect(idsOf(first.body.retried)).toEqual(ids.slice(0, 2));
    const rest = await retry({ filter });
    expect(rest.body).toMatchObject({ matched: 1, packet_ids: ids.slice(2) });
    const [id = ''] = ids;
    expect((await client.get(`packets/${id}`)).body.status).toBe('created');
    // Had it kept its old attempts, the first new one would be the last.
    expect([await attempt(id, client), await attempt(id, client)]).toEqual(['created', 'failed']);
    expect((await client.get('packets?dead_letter=true&tags=cap')).body.packets[0].id).toBe(id);
  });

  it('is for the same packets when it is sent again', async () => {
    const ids = await someDead('twice', 3);
    const body = { filter: { dead_letter: true, tags: ['twice'] }, limit: 2 };
    const [first, second] = [
      await retry(body, { 'idempotency-key': 'again' }),
      await retry(body, { 'idempotency-key': 'again' }),
    ];
    expect(idsOf(first.body.retried)).toEqual(ids.slice(0, 2));
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect((await client.get(`packets/${ids[2]}`)).body.status).toBe('failed');
    expect(await retry({ ...body, limit: 3 }, { 'idempotency-key': 'again' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    });
  });

  it('leaves the packets of other tenants alone, and needs a writer', async () => {
    const { body: tenant } = await client.post('tenants', { name: 'Umbrella', tier: 'unlimited' });
    const { body: key } = await client.post('keys', { name: 'k', tenant_id: tenant.id, role: 'writer' });
    const other = gateway.client(key.key);
    const id = await deadLetter('foreign', other);
    const mine = await deadLetter('foreign');
    expect(idsOf((await retry({ filter: { tags: ['foreign'] } })).body.retried)).toEqual([mine]);
    expect((await other.get(`packets/${id}`)).body.status).toBe('failed');
    const { body: agent } = await client.post('keys', { name: 'agent', role: 'agent' });
    const refused = await gateway
      .client(agent.key)
      .post('packets/batch/retry', { filter: { tags: ['foreign'] } });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it.each([
    [{}, 'packet_ids'],
    [{ packet_ids: ['x'], filter: { tags: ['a'] } }, 'filter'],
    [{ packet_ids: ['x'], dry_run: true }, 'dry_run'],
    [{ packet_ids: ['x'], limit: 5 }, 'limit'],
    [{ filter: {} }, 'filter'],
    [{ filter: { priority: null } }, 'filter'],
    [{ filter: { status: ['failed', 'completed'] } }, 'filter.status'],
    [{ filter: { tags: ['a'] }, limit: 501 }, 'limit'],
    [{ filter: { colour: 'red' } }, 'filter.colour'],
  ])('refuses %j', async (body, field) => {
    expect(await retry(body)).toMatchObject({ status: 422, body: { code: 'validation_failed', field } });
  });

  it('names the statuses that a retry is possible in', async () => {
    const { body } = await retry({ filter: { status: ['cancelled'] } });
    expect(body.errors[0].message).toBe(
      'retry is possible in failed, rejected, expired: leave out cancelled.',
    );
  });

  it('finds nothing without a fault, and cancels by filter too', async () => {
    expect((await retry({ filter: { tags: ['nobody'] } })).body).toEqual({
      ...{ retried: [], errors: [], packet_ids: [], matched: 0, matched_capped: false, dry_run: false },
    });
    const { body: packet } = await client.post('packets', tagged('over'));
    const dead = await deadLetter('over');
    const answer = await client.post('packets/batch/cancel', { filter: { tags: ['over'] } });
    expect(idsOf(answer.body.cancelled)).toEqual([packet.id]);
    expect((await client.get(`packets/${dead}`)).body.status).toBe('failed');
  });
});
