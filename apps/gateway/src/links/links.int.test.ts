import { randomUUID } from 'node:crypto';
import { type CommandId, type PacketId, railPrincipal, type TenantId } from '#libs/packet';
import { type Answer, type Client, smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const mira = { id: 'mira', kind: 'user', name: 'Mira Lund' };
const otto = { id: 'otto', kind: 'user' };
const formHeaders = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };

interface Waiting {
  id: PacketId;
  approval: string;
}

describe('one-time links', () => {
  let gateway: TestGateway;
  let admin: Client;
  let anybody: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = gateway.client();
    anybody = gateway.client('');
  });
  afterAll(() => gateway?.stop());

  const waiting = async (more: object = {}): Promise<Waiting> => {
    const hitl = { reason: 'A large refund', question: 'Pay 4,200 EUR?', approvers: [mira, otto], ...more };
    const { status, body } = await admin.post('packets', smallPacket('bo', 'ana', { hitl }));
    expect(status, JSON.stringify(body)).toBe(201);
    return { id: body.id, approval: body.hitl.id };
  };
  const linkFor = async ({ approval }: Waiting, approver = 'mira', more: object = {}) => {
    const { status, body } = await admin.post(`approvals/${approval}/links`, { approver, ...more });
    expect(status, JSON.stringify(body)).toBe(201);
    return { ...body, path: new URL(body.url).pathname } as { link_id: string; path: string; url: string };
  };
  const open = (path: string) => anybody.get(path);
  const answer = (path: string, fields: Record<string, string>, headers = {}): Promise<Answer> =>
    anybody.send('POST', path, new URLSearchParams(fields).toString(), { ...formHeaders, ...headers });
  const packetOf = async ({ id }: Waiting) => (await admin.get(`packets/${id}`)).body;
  const linksOf = async ({ approval }: Waiting) =>
    (await admin.get(`approvals/${approval}/links`)).body.links;
  const titleOf = ({ body }: Answer): string => /<h1>(.*?)<\/h1>/.exec(String(body))?.[1] ?? '';

  it('show the question and decide nothing, however often they are opened', async () => {
    const asked = await waiting();
    const { path } = await linkFor(asked);
    const before = await packetOf(asked);
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD']) {
      const page = await anybody.send(method, path);
      expect(page.status).toBe(200);
      expect(page.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-[^']+'; /),
      });
      expect(page.headers['set-cookie']).toBeUndefined();
      if (method === 'GET')
        expect(page.body).toMatch(/Pay 4,200 EUR\?[^]*Mira Lund[^]*Customer asks for an upgrade/);
    }
    for (const method of ['PUT', 'DELETE', 'PATCH'])
      expect((await anybody.send(method, path)).status).toBe(405);
    expect(await packetOf(asked)).toEqual(before);
    expect(await linksOf(asked)).toMatchObject([{ status: 'open' }]);
  });

  it('vote as their approver, once', async () => {
    const asked = await waiting();
    const { path, link_id } = await linkFor(asked);
    // Who votes is not the form's to say.
    const claims = { approver: 'otto', responded_by: 'Otto', agent_id: 'otto' };
    const recorded = await answer(path, { choice: 'approve', notes: 'Agreed\r\nby phone', ...claims });
    expect(recorded).toMatchObject({ status: 200, body: expect.stringContaining('Your answer is recorded') });
    const packet = await packetOf(asked);
    expect(packet).toMatchObject({
      status: 'claimed',
      hitl: {
        state: 'approved',
        responded_by: 'Mira Lund',
        notes: 'Agreed\nby phone',
        votes: [{ approver: 'mira', key_id: `link:${link_id}`, decision: 'approve', response: 'Approve' }],
      },
    });
    for (const choice of ['approve', 'deny']) {
      const again = await answer(path, { choice, notes: 'Agreed\r\nby phone' });
      expect([again.status, titleOf(again)]).toEqual([410, 'This link has been used']);
    }
    expect(titleOf(await open(path))).toBe('This link has been used');
    expect(await packetOf(asked)).toEqual(packet);
    expect(await linksOf(asked)).toMatchObject([{ status: 'used', used_at: expect.any(String) }]);
    const { events } = (await admin.get(`packets/${asked.id}/history`)).body;
    expect(events.at(-1).actor).toMatchObject({ type: 'human', id: 'mira', key_id: `link:${link_id}` });
  });

  it('vote once where many send them at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const asked = await waiting({ quorum: { approve: 2, deny: 2 } });
      const { path } = await linkFor(asked);
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, at) => answer(path, { choice: at % 3 === 0 ? 'deny' : 'approve' })),
      );
      const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
      expect(statuses).toEqual([200, ...Array.from({ length: 15 }, () => 410)]);
      expect((await packetOf(asked)).hitl).toMatchObject({ state: 'open', votes: [{ approver: 'mira' }] });
      const { events } = (await admin.get(`packets/${asked.id}/history`)).body;
      const votes = events.filter((one: { event_type: string }) => one.event_type.endsWith('responded'));
      expect(votes).toHaveLength(1);
    }
  });

  it('are used even when nobody could mark them so', async () => {
    const asked = await waiting({ quorum: { approve: 2, deny: 2 } });
    const { path, link_id } = await linkFor(asked);
    await gateway.runtime.sendCommand({
      type: 'respond',
      meta: {
        command_id: link_id as CommandId,
        tenant_id: 'default' as TenantId,
        packet_id: asked.id,
        request_digest: 'x',
        principal: {
          tenant_id: 'default' as TenantId,
          key_id: `link:${link_id}`,
          role: 'approver',
          type: 'human',
          agent_id: 'mira',
        },
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      },
      data: { response: 'Approve', approval_id: asked.approval, next_claim_id: randomUUID() },
    });
    expect(await linksOf(asked)).toMatchObject([{ status: 'open' }]);
    expect(titleOf(await open(path))).toBe('This link has been used');
    expect((await answer(path, { choice: 'deny' })).status).toBe(410);
    expect((await packetOf(asked)).hitl.votes).toMatchObject([{ decision: 'approve' }]);
  });

  it('count with the votes of others, and one of each approver', async () => {
    const asked = await waiting({ quorum: { approve: 'all', deny: 1 } });
    const [first, second, third] = [await linkFor(asked), await linkFor(asked), await linkFor(asked, 'otto')];
    expect((await open(first.path)).body).toContain('It needs 2 approvals and has 0 so far.');
    expect((await answer(first.path, { choice: 'approve' })).body).toContain('once enough others');
    expect((await answer(second.path, { choice: 'approve' })).status).toBe(200);
    expect(await packetOf(asked)).toMatchObject({
      status: 'awaiting_human',
      hitl: { votes: [{ approver: 'mira' }] },
    });
    expect((await answer(third.path, { choice: 'approve' })).body).toContain('It is approved');
    expect((await packetOf(asked)).hitl.votes).toHaveLength(2);
  });

  it('refuse what the form does not offer, and keep what was filled in', async () => {
    const asked = await waiting({
      options: ['Yes', { label: 'No <way>', decision: 'deny' }],
      strict_options: true,
    });
    const { path } = await linkFor(asked);
    const wrong: Record<string, string>[] = [
      {},
      { choice: 'approve' },
      { choice: 'own', own: 'Maybe' },
      { choice: 'option-2' },
      { choice: 'option-0', notes: 'x'.repeat(10_001) },
      { choice: 'option-0', notes: 'a\0b' },
      { choice: 'option-0', answer: '{' },
    ];
    for (const fields of wrong) {
      const refused = await answer(path, { notes: 'Kept "as" <is>', ...fields });
      expect(refused.status, JSON.stringify(fields)).toBe(422);
      expect(refused.body).toContain('role="alert"');
      if (fields['notes'] === undefined) expect(refused.body).toContain('Kept &quot;as&quot; &lt;is&gt;');
    }
    expect((await packetOf(asked)).hitl.votes).toEqual([]);
    expect((await answer(path, { choice: 'option-1' })).status).toBe(200);
    expect(await packetOf(asked)).toMatchObject({
      status: 'failed',
      failure: { code: 'approval_denied', reason: 'No <way>' },
    });
  });

  it('take an answer in words of one’s own, and a structured one', async () => {
    const response_schema = {
      type: 'object',
      required: ['amount'],
      properties: { amount: { type: 'number' } },
    };
    const asked = await waiting({ response_schema });
    const { path } = await linkFor(asked);
    expect((await open(path)).body).toContain('Structured answer, as JSON');
    for (const [own, given, told] of [
      [' ', '{"amount": 1}', 'Write your answer.'],
      ['Pay half', '', 'Send the structured answer'],
      ['Pay half', '{"amount": "half"}', 'answer.amount'],
    ] as const) {
      const refused = await answer(path, { choice: 'own', own, answer: given });
      expect(refused.status).toBe(422);
      expect(/role="alert"[^]*?<\/div>/.exec(refused.body)?.[0]).toContain(told);
    }
    const done = await answer(path, { choice: 'own', own: 'Pay half', answer: '{"amount": 2100}' });
    expect(done, String(done.body)).toMatchObject({ status: 200 });
    expect((await packetOf(asked)).hitl).toMatchObject({
      state: 'answered',
      response: 'Pay half',
      votes: [{ answer: { amount: 2100 }, decision: 'custom' }],
    });
  });

  it('end with their time, or when they are taken back', async () => {
    const asked = await waiting();
    const short = await linkFor(asked, 'mira', { expires_in_seconds: 1 });
    const long = await linkFor(asked);
    const revoke = (id: string) => admin.send('DELETE', `approvals/${asked.approval}/links/${id}`);
    expect((await revoke(long.link_id)).status).toBe(204);
    expect((await revoke(long.link_id)).status).toBe(204);
    expect((await revoke(randomUUID())).status).toBe(404);
    await expect
      .poll(async () => titleOf(await open(short.path)), { timeout: 4_000 })
      .toBe('This link has expired');
    expect(titleOf(await open(long.path))).toBe('This link has been revoked');
    for (const { path } of [short, long])
      expect((await answer(path, { choice: 'approve' })).status).toBe(410);
    expect((await packetOf(asked)).hitl).toMatchObject({ state: 'open', votes: [] });
    expect((await linksOf(asked)).map(({ status }: { status: string }) => status)).toEqual([
      'revoked',
      'expired',
    ]);
  });

  it.each([
    ['approved', { response: 'Approve', responded_by: 'otto' }],
    ['denied', { response: 'No', responded_by: 'otto' }],
  ])('say that the question is %s already', async (state, body) => {
    const asked = await waiting();
    const { path } = await linkFor(asked);
    expect((await admin.post(`packets/${asked.id}/respond`, body)).status).toBe(200);
    for (const page of [await open(path), await answer(path, { choice: 'approve' })])
      expect([page.status, titleOf(page)]).toEqual([409, 'This has been decided']);
    expect((await open(path)).body).toContain(`It has been ${state}.`);
    expect(await admin.post(`approvals/${asked.approval}/links`, { approver: 'mira' })).toMatchObject({
      status: 409,
      body: { code: 'approval_closed' },
    });
  });

  it('say that the content has changed, that time has run out, that all is cancelled', async () => {
    const [changed, late, gone] = [
      await waiting(),
      await waiting({ timeout_seconds: 1, on_timeout: 'deny' }),
      await waiting(),
    ];
    const links = [await linkFor(changed), await linkFor(late), await linkFor(gone)];
    const patch = { context: { summary: 'Another sum' } };
    expect((await admin.send('PATCH', `packets/${changed.id}`, patch)).status).toBe(200);
    expect((await admin.post(`packets/${gone.id}/cancel`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const tenant_id = 'default' as TenantId;
    const meta = {
      command_id: randomUUID() as CommandId,
      tenant_id,
      packet_id: late.id,
      principal: railPrincipal(tenant_id),
    };
    const fired = await gateway.runtime.sendCommand({
      type: 'time_out_approval',
      meta: { ...meta, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      data: { approval_id: late.approval, next_claim_id: randomUUID() },
    });
    expect(fired).toMatchObject({ outcome: 'accepted', packet: { failure: { code: 'approval_timed_out' } } });
    const titles = [
      'What you were asked about has changed',
      'The time to answer is over',
      expect.any(String),
    ];
    for (const [at, { path }] of links.entries())
      for (const page of [await open(path), await answer(path, { choice: 'approve' })]) {
        expect([409, 410]).toContain(page.status);
        expect(titleOf(page)).toEqual(titles[at]);
      }
    expect(await packetOf(changed)).toMatchObject({
      status: 'awaiting_human',
      hitl: { state: 'open', votes: [] },
    });
    expect(await packetOf(gone)).toMatchObject({ status: 'cancelled' });
  });

  it('take an answer from their own page only', async () => {
    const asked = await waiting();
    const { path } = await linkFor(asked);
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': '', origin: 'https://evil.example' },
    ];
    for (const headers of foreign) {
      const refused = await answer(path, { choice: 'approve' }, headers);
      expect([refused.status, titleOf(refused)]).toEqual([403, 'This answer came from another page']);
    }
    const json = await anybody.send('POST', path, '{"choice":"approve"}', {
      'content-type': 'application/json',
    });
    expect(json.status).toBe(422);
    expect((await anybody.send('POST', path, 'x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await packetOf(asked)).hitl.votes).toEqual([]);
  });

  it('tell nothing to whoever guesses', async () => {
    const asked = await waiting();
    const { path } = await linkFor(asked);
    const { path: other } = await linkFor(await waiting({ question: 'Something else?' }));
    const spliced = `${path.slice(0, 60)}${other.slice(60)}`;
    for (const wrong of ['/a/x', `${path}A`, path.slice(0, -1), spliced, '/a/%00', `/a/${'A'.repeat(107)}`]) {
      const page = await open(wrong);
      expect([page.status, titleOf(page)], wrong).toEqual([404, 'This link is not valid']);
      expect((await answer(wrong, { choice: 'approve' })).status).toBe(404);
    }
    expect((await packetOf(asked)).hitl.votes).toEqual([]);
  });

  it('are made by backends for those who may vote, and by nobody else', async () => {
    const asked = await waiting();
    const path = `approvals/${asked.approval}/links`;
    const keyed = async (body: object) =>
      gateway.client((await admin.post('keys', { name: 'k', ...body })).body.key);
    for (const body of [
      { role: 'reader' },
      { role: 'agent' },
      { role: 'approver' },
      { role: 'writer', agent_id: 'ana' },
    ]) {
      const client = await keyed(body);
      expect((await client.post(path, { approver: 'mira' })).status, JSON.stringify(body)).toBe(403);
    }
    const writer = await keyed({ role: 'writer' });
    expect((await writer.post(path, { approver: 'mira' })).status).toBe(201);
    for (const approver of ['nobody', 'ana'])
      expect(await writer.post(path, { approver })).toMatchObject({
        status: 422,
        body: { field: 'approver' },
      });
    for (const body of [
      {},
      { approver: 'mira', expires_in_seconds: 2_592_001 },
      { approver: 'mira', more: 1 },
    ])
      expect((await writer.post(path, body)).status).toBe(422);
    const free = await waiting({ approvers: [] });
    expect((await writer.post(`approvals/${free.approval}/links`, { approver: 'anybody' })).status).toBe(201);
    expect(await writer.post(`approvals/${free.approval}/links`, { approver: 'ana' })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'requester' }] },
    });
  });

  it('are shown once: neither lists nor repeated requests have them', async () => {
    const asked = await waiting();
    const path = `approvals/${asked.approval}/links`;
    const body = { approver: 'mira' };
    const first = await admin.post(path, body, { 'idempotency-key': 'l1' });
    const again = await admin.post(path, body, { 'idempotency-key': 'l1' });
    expect(first.body.url).toMatch(new RegExp(`^${gateway.url}/a/[\\w-]{107}$`));
    expect(again).toMatchObject({ status: 201, body: { ...first.body, url: null } });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await admin.post(path, { approver: 'otto' }, { 'idempotency-key': 'l1' })).body.code).toBe(
      'idempotency_mismatch',
    );
    const listed = await linksOf(asked);
    expect(listed).toHaveLength(1);
    expect(listed[0]).not.toHaveProperty('url');
    expect(JSON.stringify(listed)).not.toMatch(/digest/);
  });

  it('are nobody’s in another tenant', async () => {
    const asked = await waiting();
    const { link_id } = await linkFor(asked);
    const { id } = (await admin.post('tenants', { name: `t ${randomUUID()}`, tier: 'unlimited' })).body;
    const foreign = gateway.client(
      (await admin.post('keys', { name: 'f', role: 'admin', tenant_id: id })).body.key,
    );
    const path = `approvals/${asked.approval}/links`;
    for (const [method, where, body] of [
      ['POST', path, { approver: 'mira' }],
      ['GET', path],
      ['DELETE', `${path}/${link_id}`],
    ] as const)
      expect(await foreign.send(method, where, body)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    expect(await linksOf(asked)).toMatchObject([{ status: 'open' }]);
  });
});
