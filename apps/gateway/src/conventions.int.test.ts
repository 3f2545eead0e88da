import { createConnection } from 'node:net';
import { randomBytes } from 'node:crypto';
import { problems } from '#libs/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Client, smallPacket } from '#libs/testing';
import { startTestGateway, type TestGateway } from './gateway.features.js';

describe('the conventions of the API', () => {
  let gateway: TestGateway;
  let client: Client;
  beforeAll(async () => {
    gateway = await startTestGateway({ HR_MAX_PACKET_BYTES: '20000' });
    client = gateway.client();
  });
  afterAll(() => gateway?.stop());

  const count = async (): Promise<number> => (await client.get('packets')).body.total;

  const expectProblem = (answer: Answer, code: keyof typeof problems) => {
    expect(answer.body).toMatchObject({
      code,
      type: `https://handoffrail.dev/problems/${code}`,
      status: problems[code].status,
      title: problems[code].title,
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      instance: expect.stringMatching(/^\//),
    });
    expect(answer.body.detail).toMatch(/^[A-Z].*\.$/);
    expect(answer.status).toBe(problems[code].status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.headers['traceparent']).toContain(answer.body.trace_id);
  };

  const json = { 'content-type': 'application/json' };
  const created = async (more: Record<string, unknown> = {}) =>
    (await client.post('packets', smallPacket('a', 's', more))).body;

  it.each([
    ['malformed_json', '{"metadata":', json],
    ['malformed_json', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), json],
    ['unsupported_media_type', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['unsupported_media_type', '{}', { 'content-type': 'no type at all' }],
    ['nesting_too_deep', '['.repeat(65), json],
    ['payload_too_large', JSON.stringify({ a: 'x'.repeat(20_000) }), json],
    ['validation_failed', '[]', json],
    ['validation_failed', String.raw`{"context":{"summary":"\u0000"}}`, json],
    ['idempotency_key_invalid', JSON.stringify(smallPacket()), { ...json, 'idempotency-key': '""' }],
  ] as const)('%s: a body that is wrong changes nothing', async (code, body, headers) => {
    const before = await count();
    expectProblem(await client.post('packets', body, headers), code);
    expect(await count()).toBe(before);
  });

  it('counts the bytes of a chunked body as they come', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = createConnection(Number(port), hostname);
    socket.write(
      `POST /api/v1/packets HTTP/1.1\r\nhost: x\r\nx-api-key: ${gateway.key}\r\n` +
        'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    const chunk = `1000\r\n${' '.repeat(4096)}\r\n`;
    for (let sent = 0; sent < 6; sent += 1) socket.write(chunk);
    const answer = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(String(data))),
    );
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('"code":"payload_too_large"');
  });

  it('answers bytes that are no request, too', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = createConnection(Number(port), hostname);
    socket.write('HELLO\r\n\r\n');
    const answer = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(String(data))),
    );
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 400 [^]*application\/problem\+json[^]*"code":"bad_request"/);
  });

  it('keeps the connection of a request that was refused', async () => {
    const answer = await client.post('packets', '{');
    expect(answer.headers['connection']).not.toBe('close');
  });

  it.each([
    ['not_found', 'GET', '/nowhere'],
    ['not_found', 'GET', 'packets/019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60'],
    ['not_found', 'GET', 'packets/not-an-id'],
    ['not_found', 'GET', `packets/${'x'.repeat(300)}`],
    ['not_found', 'GET', '/%zz'],
    ['not_found', 'GET', 'packets/019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60/history'],
    ['not_found', 'GET', 'packets/019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60/lineage'],
    ['not_found', 'DELETE', 'keys/unknown'],
    ['method_not_allowed', 'PUT', 'packets'],
    ['method_not_allowed', 'DELETE', 'stats'],
    ['validation_failed', 'GET', 'packets?status=sleeping'],
    ['validation_failed', 'GET', 'packets?statuss=created'],
    ['validation_failed', 'GET', 'packets?limit=201'],
    ['validation_failed', 'GET', 'packets?limit=1&limit=2'],
    ['validation_failed', 'GET', 'packets?cursor=nonsense'],
    ['validation_failed', 'GET', 'packets?created_after=yesterday'],
    ['validation_failed', 'GET', 'packets/search'],
    ['validation_failed', 'GET', 'packets/search?q=x'],
    ['validation_failed', 'GET', 'packets/search?q=xx&cursor=1'],
  ] as const)('%s: %s %s', async (code, method, path) => {
    const answer = await client.send(method, path);
    expectProblem(answer, code);
    if (code === 'method_not_allowed') expect(answer.headers['allow']).toMatch(/GET/);
  });

  it('names every field that is wrong, and refuses what the server sets', async () => {
    const answer = await client.post('packets', { ...smallPacket(), status: 'completed', foo: 1 });
    expectProblem(answer, 'validation_failed');
    expect(answer.body.errors).toMatchObject([
      { field: 'status', code: 'server_set' },
      { field: 'foo', code: 'unknown_field' },
    ]);
    const crossed = await client.post('packets', {
      ...smallPacket(),
      actions: { pending: [{ id: 'a', description: 'd', assignee: 'x', depends_on: ['b'] }] },
    });
    expect(crossed.body.errors).toMatchObject([{ field: 'actions.pending.0.depends_on.0' }]);
  });

  it('tells conflicts apart', async () => {
    const { id } = await created({ claim_policy: 'open' });
    await client.post(`packets/${id}/claim`, { agent_id: 'a' });
    const lost = await client.post(`packets/${id}/claim`, { agent_id: 'b' });
    expectProblem(lost, 'already_claimed');
    expect(lost.body.claimed_by).toBe('a');
    expectProblem(
      await client.send('PATCH', `packets/${id}`, {}, { 'if-match': '"1"' }),
      'revision_mismatch',
    );
    expectProblem(await client.post(`packets/${id}/complete`, {}, { 'if-match': 'x' }), 'revision_mismatch');
    expectProblem(await client.post(`packets/${id}/complete`, { claim_id: 'old' }), 'stale_claim');
    expectProblem(await client.post(`packets/${id}/complete`, { agent_id: 'b' }), 'not_the_claimant');
    await client.post(`packets/${id}/complete`, { result: 1 });
    const over = await client.post(`packets/${id}/fail`, { reason: 'late' });
    expectProblem(over, 'invalid_transition');
    expect(over.body).toMatchObject({ packet_status: 'completed', allowed: ['chain'] });
    const both = await client.post(`packets/${id}/complete`, { claim_id: 'x' }, { 'handoffrail-claim': 'y' });
    expectProblem(both, 'validation_failed');
  });

  it('answers a repeated request with the first answer, and refuses its key for another', async () => {
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const first = await client.post('packets', smallPacket(), headers);
    const again = await client.post('packets', smallPacket(), headers);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', etag: first.headers['etag'] });
    expectProblem(await client.post('packets', smallPacket('other'), headers), 'idempotency_mismatch');
    const batch = { packets: [smallPacket(), smallPacket()] };
    const made = await client.post('packets/batch', batch, headers);
    const madeAgain = await client.post('packets/batch', batch, headers);
    expect(madeAgain.body).toEqual(made.body);
    expect(madeAgain.headers['idempotency-replayed']).toBe('true');
    const other = await client.post('packets/batch', { packets: [smallPacket('x')] }, headers);
    expectProblem(other, 'idempotency_mismatch');
  });

  it('carries the trace and the id of the request', async () => {
    const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
    const answer = await client.get('packets', { traceparent, 'x-request-id': 'my-1' });
    expect(answer.headers).toMatchObject({ 'x-request-id': 'my-1' });
    expect(answer.headers['traceparent']).toContain(traceparent.slice(3, 35));
    const odd = await client.get('packets', { traceparent: 'nonsense', 'x-request-id': 'not fit"' });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(odd.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  it('marks a list that did not reach the place that was asked for', async () => {
    const packet = await created();
    const fresh = await client.get('packets', { 'handoffrail-min-position': packet.position });
    expect(fresh.headers['handoffrail-stale']).toBeUndefined();
    const stale = await client.get('packets', { 'handoffrail-min-position': '0-zzzzzz' });
    expect(stale).toMatchObject({ status: 200, headers: { 'handoffrail-stale': 'true' } });
    const odd = await client.get('packets', { 'handoffrail-min-position': 'soon' });
    expectProblem(odd, 'validation_failed');
  });

  it('answers 304 while a packet is what it was', async () => {
    const { id } = await created();
    const same = await client.get(`packets/${id}`, { 'if-none-match': '"1"' });
    expect(same).toMatchObject({ status: 304, body: undefined });
    expect((await client.get(`packets/${id}`, { 'if-none-match': '"2"' })).status).toBe(200);
  });

  it('updates content and status in one request, in this order', async () => {
    const { id } = await created();
    await client.post(`packets/${id}/claim`, { agent_id: 'a' });
    const done = await client.send('PATCH', `packets/${id}`, {
      status: 'completed',
      result: { ok: true },
      metadata: { tags: ['done'] },
    });
    expect(done.body).toMatchObject({
      status: 'completed',
      result: { ok: true },
      metadata: { tags: ['done'] },
    });
    expectProblem(await client.send('PATCH', `packets/${id}`, { reason: 'x' }), 'validation_failed');
  });

  it('cancels by DELETE once', async () => {
    const { id } = await created();
    expect(await client.send('DELETE', `packets/${id}`)).toMatchObject({ status: 204, body: undefined });
    expectProblem(await client.send('DELETE', `packets/${id}`), 'invalid_transition');
  });

  it('tells in batches which items went wrong, and why', async () => {
    const big = smallPacket('a', 's', { context: { summary: 's', custom: { x: 'y'.repeat(20_000) } } });
    const { body } = await client.post('packets/batch', { packets: [smallPacket(), null, big, {}] });
    expect(body.created).toHaveLength(1);
    expect(body.errors).toMatchObject([
      { index: 1, error: { code: 'validation_failed' } },
      { index: 2, error: { code: 'packet_too_large' } },
      {
        index: 3,
        error: { code: 'validation_failed', errors: [{ field: 'metadata' }, { field: 'context' }] },
      },
    ]);
    expectProblem(await client.post('packets/batch', { packets: [] }), 'validation_failed');
    const claimed = await client.post('packets/batch/claim', {
      packet_ids: [body.created[0].id, 'nonsense'],
      agent_id: 'billing-01',
    });
    expect(claimed.body.claimed).toHaveLength(1);
    expect(claimed.body.errors).toMatchObject([{ packet_id: 'nonsense', error: { code: 'not_found' } }]);
  });

  it('describes itself', async () => {
    expect((await client.get('/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
    expect((await client.get('/asyncapi.json')).body).toMatchObject({ asyncapi: '3.0.0' });
    expect((await client.get('/schemas/packet/v1.json')).body).toMatchObject({ title: 'HandoffRail packet' });
    expect((await client.get('/docs')).body).toContain('/docs/swagger-ui-bundle.js');
    expect((await client.get('/docs/swagger-ui.css')).headers['content-type']).toMatch(/^text\/css/);
    expect((await client.get('/docs/swagger-ui-bundle.js')).body.length).toBeGreaterThan(100_000);
    expectProblem(await client.get('/docs/..%2Fpackage.json'), 'not_found');
  });

  it('counts requests by route, never by path', async () => {
    await client.get('packets/019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60');
    const { body } = await client.get('/metrics');
    expect(body).toMatch(
      /handoffrail_http_requests_total\{[^}]*route="\/api\/v1\/packets\/:id",status="404"/,
    );
    expect(body).not.toContain('019ab2f4');
  });
});
