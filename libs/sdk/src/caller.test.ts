import { describe, expect, it } from 'vitest';
import { HandoffRail } from './client.js';
import type { Fetch } from './transport.js';

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

const packet = (id: string, claim: unknown = null, status = 'claimed') => ({ id, status, claim });
const claimOf = (token: string, agent = 'a') => ({ claim_id: token, agent: { id: agent, name: agent } });
const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers });

/** A client whose server gives these answers, one after the other. */
const clientOf = (...answers: (Response | Error)[]) => {
  const sent: Sent[] = [];
  const fetch: Fetch = (url, { method, headers, body }) => {
    const { pathname, search } = new URL(url);
    sent.push({
      method,
      path: pathname + search,
      headers,
      body: body === undefined ? undefined : JSON.parse(body),
    });
    const next = answers[sent.length - 1] ?? answer({});
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  const rail = new HandoffRail({ baseUrl: 'http://rail/', apiKey: 'hr_key', fetch });
  return { rail, sent };
};

const flat = { sourceAgent: 'a', targetAgent: 'b', summary: 'c' };
const problem = (code: string, status: number, more = {}) =>
  answer({ type: 't', code, status, detail: 'd', ...more }, status);

describe('what goes over the wire', () => {
  it('is spelt as the API spells it, whichever way it was given', async () => {
    const { rail, sent } = clientOf();
    await rail.failPacket('p/1', { reason: 'r', agentId: 'a' });
    await rail.failPacket('p/1', { reason: 'r', agent_id: 'a' });
    await rail.agents.list({ capability: ['x', 'y'] });
    expect(sent[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/packets/p%2F1/fail',
      headers: { 'x-api-key': 'hr_key', 'content-type': 'application/json' },
      body: { reason: 'r', agent_id: 'a' },
    });
    expect(sent[1]?.body).toEqual(sent[0]?.body);
    expect(sent[2]?.path).toBe('/api/v1/agents?capability=x%2Cy');
    expect(sent[2]?.headers).not.toHaveProperty('content-type');
  });

  it('has one idempotency key for all attempts of a call, and another for the next', async () => {
    const { rail, sent } = clientOf(new Error('cut'), problem('unavailable', 503), answer(packet('1')));
    await rail.createPacket(flat);
    await rail.createPacket(flat);
    const keys = sent.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('has the fencing token of what this client claimed, until the claim is over', async () => {
    const { rail, sent } = clientOf(
      answer(packet('1', claimOf('t1'))),
      answer(packet('1', claimOf('t1'), 'in_progress')),
      answer(packet('1', claimOf('t1'), 'in_progress')),
      answer(packet('1', null, 'created')),
      answer(packet('1')),
    );
    await rail.claimPacket('1', { agentId: 'a' });
    await rail.startPacket('1');
    await rail.reportProgress('1', { percent: 1, agentId: 'somebody-else' });
    await rail.releasePacket('1', { claimId: 'mine' });
    await rail.startPacket('1');
    await rail.startPacket({ id: '1', claim: claimOf('of the document') });
    const tokens = sent.map(({ headers }) => headers['handoffrail-claim']);
    expect(tokens).toEqual([undefined, 't1', undefined, 'mine', undefined, 'of the document']);
  });

  it('has the fencing token that a child names for its parent', async () => {
    const { rail, sent } = clientOf();
    await rail.chainPacket('1', { ...flat, agentId: 'a', claimId: 'mine' });
    expect(sent[0]).toMatchObject({
      headers: { 'handoffrail-claim': 'mine' },
      body: { agent_id: 'a', claim_id: 'mine' },
    });
  });

  it('asks for what is at least as new as the latest write', async () => {
    const at = (position: string) => answer(packet('1'), 200, { 'handoffrail-position': position });
    const { rail, sent } = clientOf(
      at('0-zz'),
      at('0-100'),
      at('0-zy'),
      answer({ packets: [], next_cursor: null }),
    );
    for (let n = 0; n < 3; n += 1) await rail.createPacket(flat);
    await rail.listPackets();
    expect(sent.map(({ headers }) => headers['handoffrail-min-position'])).toEqual([
      undefined,
      undefined,
      undefined,
      '0-100',
    ]);
  });

  it('asks for the next page only when it is wanted', async () => {
    const { rail, sent } = clientOf(
      answer({ packets: [1, 2], next_cursor: 'c' }),
      answer({ packets: [3], next_cursor: null }),
    );
    const seen: unknown[] = [];
    for await (const one of rail.listPackets({ status: ['created', 'claimed'] })) {
      seen.push(one);
      if (seen.length === 2) expect(sent).toHaveLength(1);
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(sent[1]?.path).toBe('/api/v1/packets?status=created%2Cclaimed&cursor=c');
  });
});

describe('a call that goes wrong', () => {
  it.each([
    ['validation_failed', 422],
    ['already_claimed', 409],
    ['forbidden', 403],
    ['not_found', 404],
  ])('is not repeated when it was refused with %s', async (code, status) => {
    const { rail, sent } = clientOf(problem(code, status));
    await expect(rail.createPacket(flat)).rejects.toMatchObject({ code, status });
    expect(sent).toHaveLength(1);
  });

  it('is repeated while the first attempt is still running', async () => {
    const { rail, sent } = clientOf(problem('idempotency_in_progress', 409), answer(packet('1')));
    expect((await rail.createPacket(flat)).id).toBe('1');
    expect(sent).toHaveLength(2);
  });

  it('waits as long as it is asked to, and not at all when that is too long', async () => {
    const inOneSecond = new Date(Date.now() + 1_500).toUTCString();
    const limited = (after: string) => answer({}, 429, { 'retry-after': after });
    const { rail, sent } = clientOf(limited(inOneSecond), answer(packet('1')), limited('3600'));
    const begun = performance.now();
    await rail.createPacket(flat);
    expect(performance.now() - begun).toBeGreaterThan(400);
    await expect(rail.createPacket(flat)).rejects.toMatchObject({ name: 'RateLimitError', retryAfter: 3600 });
    expect(sent).toHaveLength(3);
  });

  it('takes what is not there any more for deleted, if it has asked before', async () => {
    const { rail } = clientOf(new Error('cut'), problem('not_found', 404));
    await rail.webhooks.remove('h');
    const other = clientOf(problem('not_found', 404));
    await expect(other.rail.webhooks.remove('h')).rejects.toMatchObject({ status: 404 });
  });

  it('says what a proxy said that is no rail', async () => {
    const { rail } = clientOf(new Response('<html>', { status: 404 }));
    await expect(rail.getPacket('1')).rejects.toMatchObject({ name: 'NotFoundError', code: 'http_404' });
  });
});
