import { smallPacket, type Client } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

interface Listed {
  id: string;
  packet_id: string;
  tenant_id: string;
}

describe('the inbox over HTTP', () => {
  let gateway: TestGateway;
  let client: Client;
  let foreign: Client;
  const waiting = async (hitl: object) =>
    (await client.post('packets', { ...smallPacket(), hitl: { reason: 'Over the limit', ...hitl } })).body;
  const listed = async (query: string, by = client): Promise<Listed[]> =>
    (await by.get(`approvals?${query}`)).body.approvals;

  beforeAll(async () => {
    gateway = await startTestGateway();
    client = gateway.client();
    const { body: tenant } = await client.post('tenants', { name: 'Other', tier: 'unlimited' });
    const { body: key } = await client.post('keys', { name: 'k', role: 'admin', tenant_id: tenant.id });
    foreign = gateway.client(key.key);
  });
  afterAll(() => gateway.stop());

  it('shows at once what waits, the one that is due first at the top, a page at a time', async () => {
    const never = await waiting({});
    const later = await waiting({ timeout_seconds: 3_600 });
    const sooner = await waiting({ timeout_seconds: 60, approvers: [{ id: 'ana', kind: 'user' }] });
    const { status, body } = await client.get('approvals?state=open&limit=2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ total: 3, total_capped: false, limit: 2 });
    expect(body.approvals.map(({ packet_id }: Listed) => packet_id)).toEqual([sooner.id, later.id]);
    expect(body.approvals[0]).toMatchObject({
      id: sooner.hitl.id,
      state: 'open',
      reason: 'Over the limit',
      expires_at: sooner.hitl.expires_at,
      packet: { status: 'awaiting_human', summary: sooner.context.summary },
    });
    const rest = await client.get(`approvals?state=open&limit=2&cursor=${body.next_cursor}`);
    expect(rest.body.approvals.map(({ packet_id }: Listed) => packet_id)).toEqual([never.id]);
    expect(rest.body.next_cursor).toBeNull();
    const ofBo = await listed('approver=bo');
    expect(ofBo.map(({ packet_id }) => packet_id)).toEqual([later.id, never.id]);
    expect(await listed(`packet_id=${sooner.id}`)).toHaveLength(1);
    expect(await listed('overdue=true')).toEqual([]);
    expect(await listed('state=approved,denied')).toEqual([]);
    const awaiting = await client.get('packets/awaiting');
    expect(awaiting.body.packets.map(({ id }: Listed) => id)).toEqual([never.id, later.id, sooner.id]);
    const { body: stats } = await client.get('stats');
    expect(stats).toMatchObject({ approvals_open: 3, approvals_overdue: 0, time_to_decision: null });
  });

  it('shows another tenant nothing', async () => {
    const { id } = await waiting({});
    expect(await listed('', foreign)).toEqual([]);
    expect(await listed(`packet_id=${id}`, foreign)).toEqual([]);
    expect((await foreign.get('packets/awaiting')).body).toMatchObject({ packets: [], total: 0 });
    expect((await foreign.get('stats')).body.approvals_open).toBe(0);
  });

  it.each(['state=maybe', 'overdue=perhaps', 'packet_id=1', 'limit=0', 'cursor=x', 'approvers=ana'])(
    'refuses %s, and names it',
    async (query) => {
      const { status, body } = await client.get(`approvals?${query}`);
      expect(status).toBe(422);
      expect(body.field.split('.')[0]).toBe(query.split('=')[0]);
    },
  );
});
