import { readFileSync } from 'node:fs';
import { type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HandoffRail } from './client.js';
import {
  AlreadyClaimedError,
  AuthenticationError,
  ConflictError,
  GoneError,
  InvalidTransitionError,
  NotFoundError,
  PayloadTooLargeError,
  StaleClaimError,
  ValidationError,
} from './errors.js';
import { methodsOf, testedElsewhere } from './every-method.features.js';
import { operations } from './generated/operations.js';
import { operationOf } from './sent-operation.features.js';

const flat = (more = {}) => ({
  sourceAgent: { id: 'sales-01', name: 'SalesBot' },
  targetAgent: 'billing-01',
  summary: 'Customer upgrade request',
  ...more,
});
const agentId = 'billing-01';

describe('every method of the client, against a running rail', () => {
  let server: Rail;
  let rail: HandoffRail;
  const called = new Set<string>();
  const calls = new Map<string, { mock: { calls: unknown[] } }>();

  beforeAll(async () => {
    server = await startRail({ env: { HR_DURABILITY: 'relaxed' } });
    rail = clientOf();
    for (const { name, key, owner } of methodsOf(rail))
      calls.set(name, vi.spyOn(owner as never, key as never));
  });

  afterAll(async () => {
    vi.restoreAllMocks();
    await server.stop();
  });

  const clientOf = (more = {}) =>
    new HandoffRail({
      baseUrl: server.url,
      apiKey: server.key,
      fetch: (url, init) => {
        called.add(operationOf(init.method, new URL(url).pathname));
        return fetch(url, init);
      },
      ...more,
    });

  const make = (more = {}) => rail.createPacket(flat(more));
  const taken = async (more = {}) => rail.claimPacket(await make(more), { agentId, leaseSeconds: 600 });

  it('creates, flat and by the body of the API, once per idempotency key', async () => {
    const packet = await make({ priority: 'high', tags: ['upgrade'], custom: { order: 1 } });
    expect(packet).toMatchObject({
      status: 'created',
      metadata: { priority: 'high', tags: ['upgrade'], target_agent: { id: agentId, name: agentId } },
      context: { custom: { order: 1 } },
    });
    const body = {
      metadata: { source_agent: { id: 'a', name: 'A' }, target_agent: { id: 'b', name: 'B' } },
      context: { summary: 'Nested' },
    };
    const first = await rail.createPacket(body, { idempotencyKey: 'once' });
    expect((await rail.createPacket(body, { idempotencyKey: 'once' })).id).toBe(first.id);
  });

  it('reads what it has just written, one by one and in lists', async () => {
    const packet = await make({ tags: ['mine'], summary: 'A peculiar giraffe' });
    expect(await rail.getPacket(packet.id)).toEqual(packet);
    expect((await rail.listPackets({ tags: 'mine', sourceAgent: 'sales-01' })).packets).toHaveLength(1);
    expect((await rail.searchPackets('giraffe')).packets[0]?.id).toBe(packet.id);
    expect((await rail.getStats()).total).toBeGreaterThan(0);
    expect((await rail.getLineage(packet)).root.id).toBe(packet.id);
  });

  it('pages by itself', async () => {
    await rail.batchCreatePackets(
      Array.from({ length: 7 }, (_, n) => flat({ tags: ['page'], summary: `${n}` })),
    );
    const seen: string[] = [];
    for await (const packet of rail.listPackets({
      tags: ['page'],
      limit: 3,
      sort: 'created_at',
      order: 'asc',
    }))
      seen.push(packet.context.summary);
    expect(seen.sort()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    let pages = 0;
    for await (const page of rail.listPackets({ tags: ['page'], limit: 3 }).pages()) {
      expect(page.total).toBe(7);
      pages += 1;
    }
    expect(pages).toBe(3);
  });

  it('takes work and reports on it, with the fencing token of its claim', async () => {
    const { id } = await taken();
    expect((await rail.startPacket(id)).status).toBe('in_progress');
    expect((await rail.reportProgress(id, { percent: 40, note: 'half' })).progress?.percent).toBe(40);
    expect(await rail.heartbeat(id, { leaseSeconds: 60 })).toMatchObject({ directive: 'continue' });
    const changed = await rail.updatePacket(id, { context: { custom: { checked: true } } });
    expect(changed.context.custom).toEqual({ checked: true });
    expect((await rail.completePacket(id, { result: { ok: true } })).result).toEqual({ ok: true });
    const types: string[] = [];
    for await (const event of rail.getPacketHistory(id, { limit: 2 })) types.push(event.event_type);
    expect(types.at(-1)).toBe('packet.completed');
    expect(types).toHaveLength(6);
  });

  it('finds work, waits for it, and hears of none', async () => {
    const mine = { agentId: 'waiter-01', leaseSeconds: 60 };
    expect(await rail.claimNext(mine)).toEqual({ packets: [] });
    const waiting = rail.claimNext({ ...mine, waitSeconds: 20 }, { timeoutMs: 5_000 });
    const packet = await make({ targetAgent: 'waiter-01' });
    expect((await waiting).packets.map(({ id }) => id)).toEqual([packet.id]);
    expect((await rail.completePacket(packet.id)).status).toBe('completed');
  });

  it('fails, rejects, releases, retries, cancels and deletes', async () => {
    const failed = await rail.failPacket(await taken(), { reason: 'No' });
    expect(failed.status).toBe('failed');
    expect((await rail.retryPacket(failed)).status).toBe('created');
    expect((await rail.rejectPacket(await make(), { agentId, reason: 'Not mine' })).status).toBe('rejected');
    expect((await rail.releasePacket(await taken(), { reason: 'Later' })).status).toBe('created');
    expect((await rail.cancelPacket(await make(), { reason: 'Over' })).status).toBe('cancelled');
    const gone = await make();
    await rail.deletePacket(gone.id);
    expect((await rail.getPacket(gone)).status).toBe('cancelled');
  });

  it('hands on', async () => {
    const parent = await taken();
    const child = await rail.chainPacket(parent, flat({ sourceAgent: agentId, targetAgent: 'audit-01' }));
    expect(child.chain).toMatchObject({ root_id: parent.id, depth: 1 });
    const whole = await rail.getPacket(child, { expand: 'ancestors' });
    expect(whole.id).toBe(child.id);
  });

  it('lets people decide', async () => {
    const packet = await rail.requestApproval(await taken(), {
      hitl: { reason: 'Much money', question: 'Pay?' },
    });
    expect(packet.status).toBe('awaiting_human');
    const waiting: string[] = [];
    for await (const { id } of rail.listAwaitingHuman()) waiting.push(id);
    expect(waiting).toContain(packet.id);
    const { approvals } = await rail.listApprovals({ packetId: packet.id });
    const approval = approvals[0]!;
    expect((await rail.getApproval(approval.id)).question).toBe('Pay?');
    const { link_id } = await rail.createApprovalLink(approval.id, { approver: 'boss@example.com' });
    expect((await rail.listApprovalLinks(approval.id)).links).toHaveLength(1);
    await rail.revokeApprovalLink(approval.id, link_id);
    const answer = { response: 'Approved', respondedBy: 'boss@example.com' };
    expect((await rail.respondToApproval(approval.id, answer)).status).not.toBe('awaiting_human');
    const asked = await make({ hitl: { required: true, reason: 'First ask' } });
    expect((await rail.respondToHitl(asked, answer)).status).not.toBe('awaiting_human');
  });

  it('does many at once', async () => {
    const many = await rail.batchCreatePackets([flat(), flat(), { ...flat(), summary: '' }]);
    expect(many.created).toHaveLength(2);
    expect(many.errors).toMatchObject([{ index: 2, error: { code: 'validation_failed' } }]);
    const claim = await rail.batchClaimPackets(many.created, { agentId, leaseSeconds: 60 });
    expect(claim.claimed).toHaveLength(2);
    const ids = many.created.map(({ id }) => id);
    expect((await rail.batchCompletePackets(ids, { result: 1 })).completed).toHaveLength(2);
    const more = await rail.batchCreatePackets([flat({ tags: ['off'] }), flat({ tags: ['off'] })]);
    const dry = await rail.batchCancelPackets({ filter: { tags: ['off'] }, dryRun: true });
    expect(dry).toMatchObject({ matched: 2 });
    const off = await rail.batchCancelPackets({ packetIds: more.created.map(({ id }) => id) });
    expect(off.cancelled).toHaveLength(2);
    const failed = await rail.failPacket(await taken(), { reason: 'No' });
    expect((await rail.batchRetryPackets({ packetIds: [failed.id] })).retried).toHaveLength(1);
  });

  it('keeps agents, edges and routes', async () => {
    await rail.agents.register('refunds-01', {
      name: 'RefundBot',
      capabilities: ['refunds'],
      maxConcurrency: 4,
    });
    expect(await rail.agents.get('refunds-01')).toMatchObject({ present: true, max_concurrency: 4 });
    expect((await rail.agents.list({ capability: ['refunds'] })).agents).toHaveLength(1);
    expect(await rail.agents.heartbeat('refunds-01')).toBeDefined();
    const preview = await rail.routing.preview({
      metadata: { source_agent: { id: 'sales-01', name: 'SalesBot' } },
      context: { summary: 'Who?' },
      routing: { capabilities: ['refunds'] },
    });
    expect(preview.target?.id).toBe('refunds-01');
    await rail.routing.setEdges({ edges: [{ from: '*', to: '*' }] });
    expect((await rail.routing.edges()).edges).toEqual([{ from: '*', to: '*' }]);
    await rail.routing.setEdges({ edges: null });
    await rail.agents.remove('refunds-01');
    await expect(rail.agents.get('refunds-01')).rejects.toThrow(NotFoundError);
  });

  it('keeps webhooks', async () => {
    const hook = await rail.webhooks.create({
      url: 'https://example.com/rail',
      events: ['packet.completed'],
    });
    expect(hook.secret).toMatch(/^whsec_/);
    expect((await rail.webhooks.update(hook.id, { ratePerSecond: 5 })).rate_per_second).toBe(5);
    expect((await rail.webhooks.list()).hooks.map(({ id }) => id)).toContain(hook.id);
    expect((await rail.webhooks.rotateSecret(hook.id, { graceSeconds: 60 })).secret).not.toBe(hook.secret);
    const { delivery_id } = await rail.webhooks.test(hook.id);
    expect((await rail.webhooks.deliveries(hook.id)).deliveries[0]?.id).toBe(delivery_id);
    const since = new Date(Date.now() - 60_000).toISOString();
    await rail.webhooks.recover(hook.id, { since });
    await rail.webhooks.replayMissing(hook.id, { since });
    expect((await rail.webhooks.deadLetters()).deliveries).toEqual([]);
    await expect(rail.webhooks.replay(delivery_id)).rejects.toThrow(/./);
    await rail.webhooks.remove(hook.id);
    expect((await rail.webhooks.enable(hook.id)).status).toBe('active');
    expect((await rail.webhooks.get(hook.id)).id).toBe(hook.id);
  });

  it('keeps schemas', async () => {
    const schema = await rail.schemas.register({ name: 'refund', jsonSchema: { type: 'object' } });
    expect((await rail.schemas.get(schema.id)).json_schema).toEqual({ type: 'object' });
    expect((await rail.schemas.list({ name: 'refund' })).schemas).toHaveLength(1);
    await rail.schemas.remove(schema.id);
    await expect(rail.schemas.get(schema.id)).rejects.toThrow(NotFoundError);
  });

  it('keeps tenants and keys', async () => {
    const tenant = await rail.tenants.create({ name: 'Acme' });
    expect((await rail.tenants.update(tenant.id, { tier: 'pro' })).tier).toBe('pro');
    expect((await rail.tenants.get(tenant.id)).name).toBe('Acme');
    const made = await rail.keys.create({ name: 'billing', role: 'admin', tenantId: tenant.id });
    expect((await rail.tenants.keys(tenant.id)).keys.map(({ id }) => id)).toContain(made.id);
    const theirs = clientOf({ apiKey: made.key });
    const second = await theirs.keys.create({ name: 'second', role: 'agent', agentId });
    expect((await theirs.keys.update(second.id, { name: 'third' })).name).toBe('third');
    const rotated = await theirs.keys.rotate(second.id);
    expect(rotated.key).not.toBe(second.key);
    expect((await theirs.keys.list()).keys.length).toBeGreaterThan(1);
    await theirs.keys.revoke(rotated.id);
    await expect(clientOf({ apiKey: rotated.key }).getStats()).rejects.toMatchObject({ code: 'key_revoked' });
    const names: string[] = [];
    for await (const { name } of rail.tenants.list({ limit: 1 })) names.push(name);
    expect(names).toContain('Acme');
    await rail.tenants.remove(tenant.id);
  });

  it('tells of its state, its use and who did what', async () => {
    expect((await rail.getSystemHealth()).status).toBe('ok');
    expect((await rail.getUsage()).tier).toBe('unlimited');
    expect((await rail.listAudit({ limit: 5 })).entries.length).toBeLessThanOrEqual(5);
  });

  it('throws an error of its own for each kind of refusal', async () => {
    const held = await taken();
    const others = clientOf();
    await expect(others.claimPacket(held.id, { agentId: 'billing-01b' })).rejects.toThrow(/./);
    const open = await rail.claimPacket(await make({ claimPolicy: 'open' }), { agentId: 'a' });
    const late = others.claimPacket(open.id, { agentId: 'b' });
    await expect(late).rejects.toSatisfy(
      (error) => error instanceof AlreadyClaimedError && error.claimedBy === 'a',
    );
    const done = await rail.completePacket(open.id);
    await expect(rail.startPacket(done.id)).rejects.toSatisfy(
      (error) => error instanceof InvalidTransitionError && error.packetStatus === 'completed',
    );
    const lost = await rail.releasePacket(held.id);
    await rail.claimPacket(lost, { agentId, leaseSeconds: 60 });
    await expect(others.completePacket(held)).rejects.toThrow(StaleClaimError);
    await expect(rail.getPacket('019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60')).rejects.toThrow(NotFoundError);
    await expect(make({ summary: '' })).rejects.toSatisfy(
      (error) => error instanceof ValidationError && error.errors[0]?.field === 'context.summary',
    );
    await expect(make({ custom: { text: 'x'.repeat(1_200_000) } })).rejects.toThrow(PayloadTooLargeError);
    await expect(rail.startPacket(held.id, {}, { ifMatch: 1 })).rejects.toThrow(ConflictError);
    await expect(clientOf({ apiKey: 'hr_no' }).getStats()).rejects.toThrow(AuthenticationError);
    const brief = await make({ ttlSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await expect(rail.claimPacket(brief, { agentId })).rejects.toThrow(GoneError);
    await expect(rail.heartbeat('unclaimed')).rejects.toThrow(ValidationError);
  });

  it('can be aborted, also while it waits for work', async () => {
    await expect(rail.getStats({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    const ending = new AbortController();
    const waiting = rail.claimNext({ agentId: 'lonely-01', waitSeconds: 20 }, { signal: ending.signal });
    setTimeout(() => ending.abort(new Error('enough')), 100);
    await expect(waiting).rejects.toThrow('enough');
    await expect(
      rail.claimNext({ agentId: 'lonely-01' }, { timeoutMs: 0, maxRetries: 0 }),
    ).rejects.toMatchObject({
      code: 'timeout',
    });
  });

  it('has called everything there is', () => {
    // The same command as POST …/cancel, which takes a reason and answers with the packet.
    const elsewhere = new Set(['packets_cancel']);
    expect(Object.keys(operations).filter((name) => !called.has(name) && !elsewhere.has(name))).toEqual([]);
    const untested = [...calls].filter(([, { mock }]) => mock.calls.length === 0).map(([name]) => name);
    expect(untested.sort()).toEqual(Object.keys(testedElsewhere).sort());
    for (const [name, file] of Object.entries(testedElsewhere))
      expect(readFileSync(new URL(file, import.meta.url), 'utf8')).toMatch(new RegExp(`\\.${name}\\(`));
  });
});
