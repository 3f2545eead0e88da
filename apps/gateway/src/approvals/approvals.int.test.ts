import { randomUUID } from 'node:crypto';
import { type CommandId, type PacketId, railPrincipal, type TenantId } from '#libs/packet';
import { type Client, smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const hitl = (more: object = {}) => ({ reason: 'A large refund', question: 'Pay?', ...more });
const yes = { response: 'Yes', responded_by: 'Mira' };

describe('approvals over HTTP', () => {
  let gateway: TestGateway;
  let admin: Client;
  let approver: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = gateway.client();
    const { key } = (await admin.post('keys', { name: 'a', role: 'approver' })).body;
    approver = gateway.client(key);
  });
  afterAll(() => gateway?.stop());

  const waiting = async (more: object = {}) => {
    const { status, body } = await admin.post('packets', smallPacket('bo', 'ana', { hitl: hitl(more) }));
    expect(status, JSON.stringify(body)).toBe(201);
    return { id: body.id as PacketId, approval: body.hitl.id as string };
  };
  const claimed = async () => {
    const { body } = await admin.post('packets', smallPacket('bo', 'ana'));
    await admin.post(`packets/${body.id}/claim`, { agent_id: 'bo' });
    return body.id as PacketId;
  };
  const hitlOf = async (id: string) => (await admin.get(`packets/${id}`)).body.hitl;
  const timeOut = async (packet_id: PacketId, approval_id: string) => {
    const tenant_id = 'default' as TenantId;
    const reply = await gateway.runtime.sendCommand({
      type: 'time_out_approval',
      meta: {
        command_id: randomUUID() as CommandId,
        tenant_id,
        packet_id,
        principal: railPrincipal(tenant_id),
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      },
      data: { approval_id, next_claim_id: randomUUID() },
    });
    expect(reply).toMatchObject({ outcome: 'accepted', packet: { status: 'failed' } });
  };

  it('asks in the middle of the work, and lets it go on where it was', async () => {
    const id = await claimed();
    const asked = await admin.post(`packets/${id}/request-approval`, { agent_id: 'bo', hitl: hitl() });
    expect(asked).toMatchObject({ status: 200, body: { status: 'awaiting_human', hitl: { state: 'open' } } });
    const self = `approvals/${asked.body.hitl.id}`;
    const open = await approver.get(self);
    expect(open).toMatchObject({
      status: 200,
      body: { packet_id: id, state: 'open', question: 'Pay?', requested_by: 'bo', votes: [] },
    });
    expect(open.body._links).toEqual({
      self: `/api/v1/${self}`,
      respond: `/api/v1/${self}/respond`,
      packet: `/api/v1/packets/${id}`,
    });
    expect(JSON.stringify(open.body)).not.toContain('requested_key');
    const answered = await approver.post(`packets/${id}/respond`, { ...yes, notes: 'Fine' });
    expect(answered).toMatchObject({
      status: 200,
      body: { status: 'claimed', claim: { agent: { id: 'bo' } } },
    });
    expect(answered.headers['etag']).toBe(`"${answered.body.revision}"`);
    expect((await admin.get(self)).body).toMatchObject({
      state: 'approved',
      response: 'Yes',
      responded_by: 'Mira',
      notes: 'Fine',
      responded_at: answered.body.updated_at,
    });
    for (const path of [`packets/${id}/respond`, `${self}/respond`])
      expect(await approver.post(path, yes)).toMatchObject({
        status: 409,
        body: { code: 'approval_closed' },
      });
  });

  it('takes an answer to the checkpoint that was seen, and to no other', async () => {
    const { id, approval } = await waiting();
    const changed = await admin.send('PATCH', `packets/${id}`, { context: { summary: 'Pay twice' } });
    const fresh = changed.body.hitl.id as string;
    expect(fresh).not.toBe(approval);
    expect((await approver.get(`approvals/${approval}`)).body).toMatchObject({
      state: 'voided',
      packet_id: id,
    });
    expect(await approver.post(`approvals/${approval}/respond`, yes)).toMatchObject({
      status: 409,
      body: { code: 'approval_closed' },
    });
    expect(await hitlOf(id)).toMatchObject({ id: fresh, state: 'open', votes: [] });
    expect(await approver.post(`approvals/${fresh}/respond`, yes)).toMatchObject({
      status: 200,
      body: { status: 'claimed', claim: { agent: { id: 'bo' } } },
    });
  });

  it('says of each checkpoint of a packet how it ended, whatever came after it', async () => {
    const { id, approval } = await waiting({ timeout_seconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const late = { status: 410, body: { code: 'approval_timed_out' } };
    expect(await approver.post(`approvals/${approval}/respond`, yes)).toMatchObject(late);
    await timeOut(id, approval);
    expect(await approver.post(`packets/${id}/respond`, yes)).toMatchObject(late);
    const retried = (await admin.post(`packets/${id}/retry`, {})).body;
    expect(retried).toMatchObject({ status: 'awaiting_human', hitl: { state: 'open' } });
    expect(await approver.post(`approvals/${approval}/respond`, yes)).toMatchObject(late);
    expect((await approver.get(`approvals/${approval}`)).body).toMatchObject({
      state: 'timed_out',
      effect: 'deny',
      responded_at: null,
      expires_at: null,
    });
    const no = await approver.post(`approvals/${retried.hitl.id}/respond`, { ...yes, response: 'No' });
    expect(no.body).toMatchObject({ status: 'failed', failure: { code: 'approval_denied' } });
    expect(await approver.post(`approvals/${approval}/respond`, yes)).toMatchObject(late);
    expect(await approver.post(`approvals/${retried.hitl.id}/respond`, yes)).toMatchObject({
      status: 409,
      body: { code: 'approval_closed' },
    });
  });

  it('answers a repeated request with the first answer, for each checkpoint by itself', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const { id, approval } = await waiting({ quorum: { approve: 2 } });
    const first = await approver.post(`approvals/${approval}/respond`, yes, headers);
    expect(first.body).toMatchObject({ status: 'awaiting_human', hitl: { votes: [{ response: 'Yes' }] } });
    const again = await approver.post(`approvals/${approval}/respond`, yes, headers);
    expect(again).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
    expect(again.body.revision).toBe(first.body.revision);
    expect(
      await approver.post(`approvals/${approval}/respond`, { ...yes, notes: 'x' }, headers),
    ).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
    const changed = await admin.send('PATCH', `packets/${id}`, { context: { summary: 'Other' } });
    const next = await approver.post(`approvals/${changed.body.hitl.id}/respond`, yes, headers);
    expect(next).toMatchObject({ status: 200, body: { hitl: { votes: [{ response: 'Yes' }] } } });
    expect(next.headers).not.toHaveProperty('idempotency-replayed');
    const asks = await claimed();
    const ask = () => admin.post(`packets/${asks}/request-approval`, { hitl: hitl() }, headers);
    const [one, two] = [await ask(), await ask()];
    expect(two).toMatchObject({ body: one.body, headers: { 'idempotency-replayed': 'true' } });
  });

  it('heeds the revision that was seen', async () => {
    const { id, approval } = await waiting();
    await admin.send('PATCH', `packets/${id}`, { metadata: { tags: ['seen'] } });
    for (const path of [`packets/${id}/respond`, `approvals/${approval}/respond`])
      expect(await approver.post(path, yes, { 'if-match': '"1"' })).toMatchObject({
        status: 412,
        body: { code: 'revision_mismatch' },
      });
    expect((await approver.post(`packets/${id}/respond`, yes, { 'if-match': '"2"' })).status).toBe(200);
  });

  it('takes status awaiting_human in a PATCH as a request for approval', async () => {
    const id = await claimed();
    const patch = (body: object) => admin.send('PATCH', `packets/${id}`, body);
    expect((await patch({ status: 'awaiting_human' })).body).toMatchObject({ status: 422, field: 'hitl' });
    expect((await patch({ hitl: hitl() })).body).toMatchObject({
      field: 'hitl',
      errors: [{ code: 'stray_field' }],
    });
    const asked = await patch({ status: 'awaiting_human', hitl: hitl(), context: { summary: 'New' } });
    expect(asked.body).toMatchObject({ status: 'awaiting_human', context: { summary: 'New' } });
    expect((await patch({ status: 'completed' })).body).toMatchObject({ code: 'awaiting_human' });
  });

  it('makes an edit with the approval where the checkpoint allows it', async () => {
    const edits = { context: { summary: 'Pay half' }, metadata: { tags: ['edited'] } };
    const strict = await waiting();
    expect((await approver.post(`packets/${strict.id}/respond`, { ...yes, edits })).body).toMatchObject({
      code: 'validation_failed',
      field: 'edits',
    });
    const { id, approval } = await waiting({ allow_edits: true });
    const bad = { actions: { pending: [{ id: 'a', description: 'd', assignee: 'x', depends_on: ['b'] }] } };
    expect((await approver.post(`packets/${id}/respond`, { ...yes, edits: bad })).status).toBe(422);
    const done = await approver.post(`approvals/${approval}/respond`, { ...yes, edits });
    expect(done.body).toMatchObject({
      status: 'claimed',
      context: { summary: 'Pay half' },
      metadata: { tags: ['edited'] },
    });
    expect((await admin.get(`approvals/${approval}`)).body.edits).toMatchObject(edits);
  });

  it('names what is wrong with a question or an answer', async () => {
    const id = await claimed();
    const ask = (body: object) => admin.post(`packets/${id}/request-approval`, body);
    for (const [body, field] of [
      [{}, 'hitl'],
      [{ hitl: {} }, 'hitl.reason'],
      [{ hitl: hitl({ state: 'approved' }) }, 'hitl.state'],
      [{ hitl: hitl({ on_timeout: 'escalate' }) }, 'hitl.on_timeout'],
      [
        { hitl: hitl({ approvers: [{ id: 'a', kind: 'user' }], quorum: { approve: 2 } }) },
        'hitl.quorum.approve',
      ],
    ] as const)
      expect((await ask(body)).body, JSON.stringify(body)).toMatchObject({ status: 422, field });
    const { id: waits } = await waiting();
    for (const [body, field] of [
      [{ responded_by: 'm' }, 'response'],
      [{ response: 'Yes' }, 'responded_by'],
      [{ ...yes, decision: 'maybe' }, 'decision'],
      [{ ...yes, edits: { status: 'completed' } }, 'edits.status'],
      [{ ...yes, approver: 'someone else' }, 'approver'],
    ] as const)
      expect((await approver.post(`packets/${waits}/respond`, body)).body).toMatchObject({
        status: 422,
        field,
      });
    expect(await hitlOf(waits)).toMatchObject({ state: 'open', votes: [] });
  });
});
