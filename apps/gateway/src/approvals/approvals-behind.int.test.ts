import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, smallPacket } from '#libs/testing';
import { Client as Postgres } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const yes = { response: 'Yes', responded_by: 'Mira' };

describe('approvals while the read models are behind', () => {
  let gateway: TestGateway;
  let admin: Client;
  let postgres: Postgres;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = gateway.client();
    postgres = new Postgres(gateway.servers.databaseUrl);
    await postgres.connect();
  });
  afterAll(async () => {
    await postgres?.end();
    await gateway?.stop();
  });

  const waiting = async () => {
    const { body } = await admin.post('packets', smallPacket('bo', 'ana', { hitl: { reason: 'Sure?' } }));
    return { id: body.id as string, approval: body.hitl.id as string };
  };
  const known = async () => {
    const made = await waiting();
    expect((await admin.get(`approvals/${made.approval}`)).status).toBe(200);
    return made;
  };
  const heldStill = async (run: () => Promise<void>) => {
    await postgres.query('begin');
    await postgres.query('lock table handoffrail.packets in share mode');
    await run().finally(() => postgres.query('commit'));
  };

  it('waits for one that has just been opened', async () => {
    let found: Promise<{ status: number }> | undefined;
    await heldStill(async () => {
      const { approval } = await waiting();
      found = admin.get(`approvals/${approval}`);
      await delay(300);
    });
    expect(await found).toMatchObject({ status: 200, body: { state: 'open' } });
  });

  it('does not say that there is none before it can know', async () => {
    await heldStill(async () => {
      const { approval, id } = await waiting();
      const away = { status: 503, body: { code: 'unavailable' } };
      const unknown = await Promise.all([
        admin.get(`approvals/${approval}`),
        admin.post(`approvals/${approval}/respond`, yes),
        admin.get(`approvals/${randomUUID()}`),
      ]);
      for (const answer of unknown) expect(answer).toMatchObject(away);
      expect((await admin.post(`packets/${id}/respond`, yes)).status).toBe(200);
    });
  });

  it('shows how one stands now, and how it ended', async () => {
    const [answered, voided] = [await known(), await known()];
    await heldStill(async () => {
      await admin.post(`approvals/${answered.approval}/respond`, yes);
      expect((await admin.get(`approvals/${answered.approval}`)).body).toMatchObject({ state: 'approved' });
      await admin.post(`packets/${answered.id}/request-approval`, { hitl: { reason: 'Really?' } });
      expect((await admin.get(`approvals/${answered.approval}`)).body).toMatchObject({
        state: 'approved',
        response: 'Yes',
        packet_id: answered.id,
      });
      await admin.send('PATCH', `packets/${voided.id}`, { context: { summary: 'Another' } });
      const old = await admin.get(`approvals/${voided.approval}`);
      expect(old.body).toMatchObject({ state: 'voided', votes: [] });
      expect(old.headers).not.toHaveProperty('handoffrail-stale');
      expect((await admin.post(`approvals/${voided.approval}/respond`, yes)).body).toMatchObject({
        code: 'approval_closed',
        detail: 'The checkpoint is over: it is voided.',
      });
    });
    const behind = await admin.get(`approvals?packet_id=${voided.id}`);
    expect(behind.body.approvals.map(({ state }: { state: string }) => state).sort()).toEqual([
      'open',
      'voided',
    ]);
  });
});
