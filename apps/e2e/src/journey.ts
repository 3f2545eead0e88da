import { expect, test } from 'vitest';
import { type Client, createClient, realisticPacket, smallPacket } from '#libs/testing';
import { testReading } from './reading-journey.js';
import { testRouting } from './routing-journey.js';

/** What a running rail must do for its users, over HTTP alone: run against each way of starting it. */
export const describeJourneys = (rail: () => { url: string; key: string }): void => {
  const withClient = async (run: (client: Client) => Promise<void>) => {
    const client = createClient(rail().url, rail().key);
    await run(client).finally(() => client.close());
  };

  test('a packet is created, claimed, completed, and every step is on record', () =>
    withClient(async (client) => {
      const created = await client.post('packets', realisticPacket(1));
      expect(created.status).toBe(201);
      expect(created.headers['etag']).toBe('"1"');
      const { id } = created.body;
      expect(created.body).toMatchObject({ status: 'created', revision: 1, version: '1.0.0', claim: null });

      const claimed = await client.post(`packets/${id}/claim`, {
        agent_id: 'billing-01',
        agent_name: 'BillingBot',
      });
      expect(claimed.status).toBe(200);
      expect(claimed.body).toMatchObject({
        status: 'claimed',
        claim: { attempt: 1, agent: { id: 'billing-01' } },
      });

      const progress = await client.post(`packets/${id}/progress`, { percent: 40, note: 'half way' });
      expect(progress.body).toMatchObject({ status: 'in_progress', progress: { percent: 40 } });

      const completed = await client.post(`packets/${id}/complete`, {
        agent_id: 'billing-01',
        result: { invoice: 7 },
      });
      expect(completed.body).toMatchObject({ status: 'completed', result: { invoice: 7 }, revision: 4 });

      const current = await client.get(`packets/${id}`);
      expect(current.body).toEqual(completed.body);

      const history = await client.get(`packets/${id}/history`);
      expect(history.body.events.map((event: { event_type: string }) => event.event_type)).toEqual([
        'packet.created',
        'packet.claimed',
        'packet.progressed',
        'packet.completed',
      ]);
      expect(history.body.events[0]).toMatchObject({
        packet_id: id,
        revision: 1,
        trace_id: created.body.trace_id,
      });
    }));

  test('an update names what it changes and nothing else is lost', () =>
    withClient(async (client) => {
      const { body } = await client.post('packets', realisticPacket(2));
      const patched = await client.send('PATCH', `packets/${body.id}`, {
        context: {
          summary: 'Forty-five seats now',
          append_conversation: [{ role: 'user', content: 'Make it forty-five.' }],
        },
        actions: { completed: [{ id: 'a1', description: 'Create the subscription', result: 'done' }] },
      });
      expect(patched.status).toBe(200);
      expect(patched.body.context.conversation_state).toHaveLength(6);
      expect(patched.body.context.artifacts).toEqual(body.context.artifacts);
      expect(patched.body.actions.pending.map((action: { id: string }) => action.id)).toEqual(['a2']);
      expect(patched.body.actions.completed.map((action: { id: string }) => action.id)).toEqual(['a0', 'a1']);
      expect(patched.body.decisions).toEqual(body.decisions);
      const stale = await client.send(
        'PATCH',
        `packets/${body.id}`,
        { context: { summary: 'x' } },
        { 'if-match': '"1"' },
      );
      expect(stale.body).toMatchObject({ status: 412, code: 'revision_mismatch' });
    }));

  test('a chain carries the context forward, and its lineage shows the tree', () =>
    withClient(async (client) => {
      const { body: root } = await client.post('packets', realisticPacket(3));
      await client.post(`packets/${root.id}/claim`, { agent_id: 'billing-01' });
      const chained = await client.post(`packets/${root.id}/chain`, {
        metadata: {
          source_agent: { id: 'billing-01', name: 'BillingBot' },
          target_agent: { id: 'mail-01', name: 'MailBot' },
        },
        context: { summary: 'Send the invoice' },
      });
      expect(chained.status).toBe(201);
      const child = chained.body;
      expect(child).toMatchObject({
        parent_packet_id: root.id,
        chain: { root_id: root.id, depth: 1, path: ['sales-01', 'billing-01'] },
      });
      expect(child.context.conversation_state).toHaveLength(5);
      expect(child.decisions[0]).toMatchObject({ id: 'd1', inherited_from: root.id });
      const lineage = await client.get(`packets/${child.id}/lineage`);
      expect(lineage.status).toBe(200);
      expect(JSON.stringify(lineage.body)).toContain(root.id);
      expect(JSON.stringify(lineage.body)).toContain(child.id);
      const parentHistory = await client.get(`packets/${root.id}/history`);
      expect(parentHistory.body.events.at(-1)).toMatchObject({ event_type: 'packet.chained' });
      const expanded = await client.get(`packets/${child.id}?expand=ancestors`);
      expect(expanded.status).toBe(200);
    }));

  test('fail, retry, reject, release and cancel do what the lifecycle says', () =>
    withClient(async (client) => {
      const make = async () => (await client.post('packets', smallPacket())).body.id as string;
      const claim = (id: string) => client.post(`packets/${id}/claim`, { agent_id: 'billing-01' });
      const failing = await make();
      await claim(failing);
      expect(
        (await client.post(`packets/${failing}/fail`, { code: 'no_access', reason: 'no', retryable: false }))
          .body,
      ).toMatchObject({
        status: 'failed',
        failure: { code: 'no_access', retryable: false },
      });
      expect((await client.post(`packets/${failing}/retry`, {})).body.status).toBe('created');
      expect((await claim(failing)).body.claim.attempt).toBe(2);
      expect((await client.post(`packets/${failing}/release`, { reason: 'later' })).body).toMatchObject({
        status: 'created',
        claim: null,
      });
      expect((await client.post(`packets/${failing}/reject`, { reason: 'not mine' })).body.status).toBe(
        'rejected',
      );
      const cancelled = await make();
      expect((await client.send('DELETE', `packets/${cancelled}`)).status).toBe(204);
      expect((await client.send('DELETE', `packets/${cancelled}`)).body).toMatchObject({
        status: 409,
        code: 'invalid_transition',
      });
      expect((await claim(cancelled)).status).toBe(409);
    }));

  test('batches answer item by item', () =>
    withClient(async (client) => {
      const bad = smallPacket('t', 's', { context: { summary: '' } });
      const created = await client.post('packets/batch', { packets: [smallPacket(), bad, smallPacket()] });
      expect(created.status).toBe(201);
      expect(created.body.created).toHaveLength(2);
      expect(created.body.errors).toMatchObject([{ index: 1, error: { code: 'validation_failed' } }]);
      const packet_ids = created.body.created.map((packet: { id: string }) => packet.id);
      const claimed = await client.post('packets/batch/claim', { packet_ids, agent_id: 'billing-01' });
      expect(claimed.body.claimed).toHaveLength(2);
      const missing = '01890000-0000-7000-8000-000000000000';
      const done = await client.post('packets/batch/complete', {
        packet_ids: [...packet_ids, missing],
        result: 'ok',
      });
      expect(done.body.completed).toHaveLength(2);
      expect(done.body.errors).toMatchObject([{ packet_id: missing, error: { code: 'not_found' } }]);
    }));

  test('a retried create makes one packet, another body under the same key is refused', () =>
    withClient(async (client) => {
      const key = { 'idempotency-key': `"order-${Date.now()}"` };
      const first = await client.post('packets', realisticPacket(4), key);
      await client.post(`packets/${first.body.id}/claim`, { agent_id: 'billing-01' });
      const again = await client.post('packets', realisticPacket(4), key);
      expect(again.status).toBe(201);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.body).toEqual(first.body);
      const other = await client.post('packets', realisticPacket(5), key);
      expect(other.body).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
      const claimKey = { 'idempotency-key': 'finish-1' };
      const done = await client.post(`packets/${first.body.id}/complete`, { result: 1 }, claimKey);
      const replay = await client.post(`packets/${first.body.id}/complete`, { result: 1 }, claimKey);
      expect(replay.headers['idempotency-replayed']).toBe('true');
      expect(replay.body).toEqual(done.body);
    }));

  test('a late holder is refused by its fencing token', () =>
    withClient(async (client) => {
      const { body } = await client.post('packets', smallPacket('a', 's', { claim_policy: 'open' }));
      const first = await client.post(`packets/${body.id}/claim`, { agent_id: 'a' });
      const old = { 'handoffrail-claim': first.body.claim.claim_id };
      await client.post(`packets/${body.id}/release`, {}, old);
      await client.post(`packets/${body.id}/claim`, { agent_id: 'a' });
      expect((await client.post(`packets/${body.id}/complete`, { result: 1 }, old)).body).toMatchObject({
        status: 409,
        code: 'stale_claim',
      });
    }));

  test('a key made through the API works with its role only, and not after it is revoked', () =>
    withClient(async (admin) => {
      const made = await admin.post('keys', { name: 'worker', role: 'agent', agent_id: 'billing-01' });
      expect(made.status).toBe(201);
      const worker = createClient(rail().url, made.body.key);
      const { body } = await admin.post('packets', smallPacket());
      expect((await worker.post('packets', smallPacket())).body).toMatchObject({
        status: 403,
        code: 'forbidden',
      });
      expect((await worker.post(`packets/${body.id}/claim`, { agent_id: 'somebody' })).status).toBe(403);
      expect((await worker.post(`packets/${body.id}/claim`, { agent_id: 'billing-01' })).status).toBe(200);
      expect(JSON.stringify((await admin.get('keys')).body)).not.toContain(made.body.key);
      expect((await admin.send('DELETE', `keys/${made.body.id}`)).status).toBe(204);
      await expect.poll(async () => (await worker.get(`packets/${body.id}`)).body.code).toBe('key_revoked');
      await worker.close();
      const stranger = createClient(rail().url, 'hr_nobody');
      expect((await stranger.get('packets')).body).toMatchObject({ status: 401, code: 'unauthenticated' });
      await stranger.close();
    }));

  test('statistics, health and metrics are live', () =>
    withClient(async (client) => {
      expect((await client.get('stats')).status).toBe(200);
      expect((await client.get('/health')).status).toBe(200);
      expect((await client.get('/ready')).status).toBe(200);
      const metrics = await client.get('/metrics');
      expect(metrics.body).toMatch(/^handoffrail_http_requests_total\{.*\} \d+/m);
    }));

  testReading(withClient);
  testRouting(rail);
};
