import { beforeEach, describe, expect, it } from 'vitest';
import {
  AlreadyClaimedError,
  ConflictError,
  InvalidTransitionError,
  NotFoundError,
  StaleClaimError,
  ValidationError,
} from '../errors.js';
import { LocalRail } from './local-rail.js';

const work = { sourceAgent: 'ana', targetAgent: 'bo', summary: 'Refund invoice 4711' };
const open = { sourceAgent: 'ana', summary: 'Refund', routing: {}, claimPolicy: 'open' } as const;

let now: number;
let rail: LocalRail;

beforeEach(() => {
  now = Date.parse('2026-01-01T12:00:00.000Z');
  rail = new LocalRail({ clock: () => now });
});

const typesOf = async (id: string): Promise<string[]> => {
  const { events } = await rail.getPacketHistory(id);
  return events.map(({ event_type }) => event_type.slice('packet.'.length));
};

describe('a local packet', () => {
  it('goes from its create to its result, with its history', async () => {
    const made = await rail.createPacket({ ...work, priority: 9, tags: ['vip'], custom: { order: 4711 } });
    expect(made).toMatchObject({
      status: 'created',
      revision: 1,
      metadata: { priority: 'critical', priority_level: 9, tags: ['vip'] },
    });
    await rail.claimPacket(made, { agentId: 'bo' });
    await rail.startPacket(made);
    await rail.reportProgress(made, { percent: 40, note: 'Found it' });
    const done = await rail.completePacket(made, { result: { refund: 're_1' } });
    expect(done).toMatchObject({ status: 'completed', revision: 5, result: { refund: 're_1' } });
    expect(await rail.getPacket(made.id)).toEqual(done);
    expect(await typesOf(made.id)).toEqual(['created', 'claimed', 'started', 'progressed', 'completed']);
  });

  it('is handed out as a copy', async () => {
    const made = await rail.createPacket({ ...work, custom: { list: [1] } });
    made.context.summary = 'Changed';
    (made.context.custom!['list'] as number[]).push(2);
    const read = await rail.getPacket(made.id);
    expect(read.context).toMatchObject({ summary: work.summary, custom: { list: [1] } });
    read.metadata.tags.push('mine');
    expect((await rail.getPacket(made.id)).metadata.tags).toEqual([]);
  });

  it('refuses what its status does not allow, and says what it allows', async () => {
    const { id } = await rail.createPacket(work);
    const refused = await rail.completePacket(id).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidTransitionError);
    expect(refused).toMatchObject({ packetStatus: 'created', code: 'invalid_transition', status: 409 });
    expect((refused as InvalidTransitionError).allowed).toContain('claim');
    expect((refused as Error).message).toMatch(/created cannot take complete; it can take claim/);
    await rail.claimPacket(id, { agentId: 'bo' });
    await expect(rail.claimPacket(id, { agentId: 'bo' })).resolves.toMatchObject({ revision: 2 });
    const other = new LocalRail();
    await expect(other.getPacket(id)).rejects.toBeInstanceOf(NotFoundError);
    const late = rail.claimPacket(id, { agentId: 'cy' });
    await expect(late).rejects.toBeInstanceOf(AlreadyClaimedError);
    await expect(late).rejects.toMatchObject({ claimedBy: 'bo' });
  });

  it('is refused with all that is wrong with it', async () => {
    const wrong = { metadata: { source_agent: { id: 'ana' } }, context: { summary: '', colour: 'red' } };
    const refused = await rail.createPacket(wrong as never).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ValidationError);
    const fields = (refused as ValidationError).errors.map(({ field }) => field);
    expect(fields).toEqual(
      expect.arrayContaining(['metadata.source_agent', 'context.summary', 'context.colour']),
    );
    await expect(rail.createPacket({ ...work, schemaId: 'invoice' })).rejects.toBeInstanceOf(ValidationError);
    await expect(rail.listPackets({ status: ['lost'] as never })).rejects.toMatchObject({ status: 422 });
    await expect(rail.getPacket('no-id')).rejects.toBeInstanceOf(NotFoundError);
  });

  it('is made once per idempotency key', async () => {
    const options = { idempotencyKey: 'order-4711' };
    const first = await rail.createPacket(work, options);
    await rail.claimPacket(first, { agentId: 'bo' });
    expect(await rail.createPacket(work, options)).toMatchObject({
      id: first.id,
      status: 'created',
      revision: 1,
    });
    const other = rail.createPacket({ ...work, summary: 'Else' }, options);
    await expect(other).rejects.toMatchObject({ code: 'idempotency_mismatch' });
    expect((await rail.listPackets()).total).toBe(1);
  });

  it('is changed wholly or not at all', async () => {
    const { id, revision } = await rail.createPacket(work);
    const both = { context: { summary: 'New' }, status: 'completed', result: 1 } as const;
    await expect(rail.updatePacket(id, both)).rejects.toBeInstanceOf(InvalidTransitionError);
    expect(await rail.getPacket(id)).toMatchObject({ revision, context: { summary: work.summary } });
    await rail.claimPacket(id, { agentId: 'bo' });
    expect(await rail.updatePacket(id, both)).toMatchObject({
      status: 'completed',
      context: { summary: 'New' },
    });
    await expect(rail.chainPacket(id, work, { ifMatch: 1 })).rejects.toMatchObject({
      code: 'revision_mismatch',
    });
  });
});

describe('a local lease', () => {
  const leased = async () => {
    const made = await rail.createPacket({ ...work, retry: { max_attempts: 2, backoff_seconds: 0 } });
    return rail.claimPacket(made, { agentId: 'bo', leaseSeconds: 60 });
  };

  it('is lost when no heartbeat comes, as of its own time, once', async () => {
    const packet = await leased();
    now += 600_000;
    const lost = await rail.getPacket(packet.id);
    expect(lost).toMatchObject({ status: 'created', claim: null, updated_at: '2026-01-01T12:01:00.000Z' });
    expect(await rail.getPacket(packet.id)).toEqual(lost);
    expect(await typesOf(packet.id)).toEqual(['created', 'claimed', 'claim_expired']);
    await expect(rail.completePacket(packet)).rejects.toBeInstanceOf(StaleClaimError);
  });

  it('is kept by heartbeats, which leave no trace, and ends after the last', async () => {
    const packet = await leased();
    for (let n = 0; n < 10; n += 1) {
      now += 50_000;
      const answer = await rail.heartbeat(packet);
      expect(answer).toEqual({
        directive: 'continue',
        lease_expires_at: new Date(now + 60_000).toISOString(),
      });
    }
    await rail.heartbeat(packet, { progress: { percent: 30 } });
    now += 59_000;
    expect(await rail.getPacket(packet.id)).toMatchObject({ status: 'in_progress', revision: 3 });
    now += 1_000;
    expect((await rail.getPacket(packet.id)).status).toBe('created');
    expect(await rail.heartbeat(packet)).toMatchObject({ directive: 'stop', lease_expires_at: null });
  });

  it('ends in the dead letters after the last attempt', async () => {
    const packet = await leased();
    now += 60_000;
    await rail.claimNext({ agentId: 'bo', leaseSeconds: 60 });
    now += 60_000;
    const { packets } = await rail.listPackets({ deadLetter: true });
    expect(packets).toMatchObject([{ id: packet.id, status: 'failed', failure: { code: 'max_attempts' } }]);
  });
});

describe('local checkpoints', () => {
  it('wait for people, with their ladder and their timeout', async () => {
    const { id } = await rail.createPacket({
      ...work,
      hitl: {
        required: true,
        reason: 'Over 1,000 EUR',
        timeout_seconds: 100,
        on_timeout: 'approve',
        escalation: [{ after_seconds: 50, approvers: [{ id: 'boss', kind: 'user' }] }],
      },
    });
    const { approvals } = await rail.listApprovals();
    expect(approvals).toMatchObject([{ packet_id: id, state: 'open', escalation_step: 0 }]);
    expect((await rail.listAwaitingHuman()).total).toBe(1);
    now += 60_000;
    expect(await rail.getApproval(approvals[0]!.id)).toMatchObject({ escalation_step: 1 });
    now += 90_000;
    expect(await rail.getPacket(id)).toMatchObject({ status: 'claimed', claim: { agent: { id: 'bo' } } });
    expect(await typesOf(id)).toEqual(['created', 'approval_escalated', 'approval_timed_out']);
    // As the server lists them: all of them, unless a state is asked for.
    expect((await rail.listApprovals()).approvals).toMatchObject([{ packet_id: id, state: 'timed_out' }]);
    expect((await rail.listApprovals({ state: ['open'] })).approvals).toEqual([]);
  });

  it('take structured answers only as they ask for them', async () => {
    const response_schema = {
      type: 'object',
      required: ['amount'],
      properties: { amount: { type: 'integer' } },
    };
    const hitl = { required: true, reason: 'How much?', response_schema };
    const { id } = await rail.createPacket({ ...work, hitl });
    const answer = { response: 'Approve', respondedBy: 'mira', answer: { amount: 'all' } };
    const wrong = rail.respondToHitl(id, answer);
    await expect(wrong).rejects.toMatchObject({ errors: [{ field: 'answer.amount' }] });
    const decided = await rail.respondToHitl(id, { ...answer, answer: { amount: 12 } });
    expect(decided).toMatchObject({ status: 'claimed', hitl: { state: 'approved', responded_by: 'mira' } });
    const bad = { ...hitl, response_schema: { type: 'nonsense' } };
    await expect(rail.createPacket({ ...work, hitl: bad })).rejects.toBeInstanceOf(ValidationError);
  });
});

describe('local work', () => {
  it('is given by level, deadline and age, to whom it suits', async () => {
    const make = async (more: object): Promise<string> => (await rail.createPacket({ ...open, ...more })).id;
    const normal = await make({ summary: 'Normal' });
    const late = await make({ deadline: '2026-02-01T00:00:00Z' });
    const soon = await make({ deadline: '2026-01-02T00:00:00Z' });
    const high = await make({ priority: 'high' });
    await make({ routing: { capabilities: ['chess'] } });
    await make({ routing: { exclude: ['bo'] } });
    const { packets } = await rail.claimNext({ agentId: 'bo', max: 10 });
    expect(packets.map(({ id }) => id)).toEqual([high, soon, late, normal]);
    expect((await rail.claimNext({ agentId: 'cy', capabilities: ['CHESS '], max: 10 })).packets).toHaveLength(
      2,
    );
  });

  it('keeps to how much an agent may hold, and gives what has waited a level more', async () => {
    await rail.agents.register('bo', { name: 'Bo', maxConcurrency: 2 });
    const first = await rail.createPacket({ ...open, priority: 4 });
    now += 1_800_000;
    for (let n = 0; n < 3; n += 1) await rail.createPacket({ ...open, priority: 6 });
    const { packets } = await rail.claimNext({ agentId: 'bo', max: 3 });
    expect(packets).toHaveLength(2);
    expect(packets[0]?.id).toBe(first.id);
  });

  it('wakes whoever waits for it, and leaves nobody waiting who has gone', async () => {
    rail = new LocalRail();
    const waiting = rail.claimNext({ agentId: 'bo', waitSeconds: 30 });
    const { id } = await rail.createPacket(work);
    expect((await waiting).packets.map((packet) => packet.id)).toEqual([id]);
    const leaving = new AbortController();
    const gone = rail.claimNext({ agentId: 'bo', waitSeconds: 30 }, { signal: leaving.signal });
    setTimeout(() => leaving.abort(new Error('enough')), 20);
    await expect(gone).rejects.toThrow('enough');
    await rail.createPacket(work);
    expect((await rail.listPackets({ status: ['created'] })).total).toBe(1);
  });

  it('is routed to who can do it, to the next who does not reject it, and as soon as there is somebody', async () => {
    const routed = { sourceAgent: 'ana', summary: 'Read it', routing: { capabilities: ['ocr'] } };
    const early = await rail.createPacket(routed);
    expect(early.metadata.target_agent).toBeUndefined();
    for (const id of ['bo', 'cy']) await rail.agents.register(id, { name: id, capabilities: ['OCR'] });
    expect(await rail.getPacket(early.id)).toMatchObject({ metadata: { target_agent: { id: 'bo' } } });
    const next = await rail.createPacket(routed);
    expect(next.metadata.target_agent?.id).toBe('cy');
    const again = await rail.rejectPacket(next, { reason: 'No time' });
    expect(again).toMatchObject({ status: 'created', metadata: { target_agent: { id: 'bo' } } });
    const preview = await rail.routing.preview({
      metadata: { source_agent: { id: 'bo', name: 'bo' } },
      context: { summary: 'Read it' },
      routing: { capabilities: ['ocr'] },
    });
    expect(preview).toMatchObject({ target: { id: 'cy' }, strategy: 'capability' });
    await rail.agents.remove('cy');
    expect((await rail.agents.list()).agents.map(({ id }) => id)).toEqual(['bo']);
  });

  it('is taken in batches, each item by itself', async () => {
    const { created, errors } = await rail.batchCreatePackets([work, { ...work, summary: '' }, work]);
    expect([created.length, errors]).toMatchObject([2, [{ index: 1, error: { code: 'validation_failed' } }]]);
    const claimed = await rail.batchClaimPackets([...created, 'nothing'], {
      agentId: 'bo',
      leaseSeconds: 60,
    });
    expect(claimed.errors).toMatchObject([{ packet_id: 'nothing', error: { status: 404 } }]);
    const { completed } = await rail.batchCompletePackets(created, { result: 'done' });
    expect(completed.map(({ status }) => status)).toEqual(['completed', 'completed']);
  });
});

describe('local batches by filter', () => {
  it('retry and cancel what it chooses, oldest first, or only tell', async () => {
    const made: string[] = [];
    for (const tags of [['a'], ['a'], ['a'], ['b']])
      made.push((await rail.createPacket({ ...work, tags })).id);
    const [first, second, third] = made;
    const told = await rail.batchCancelPackets({ filter: { tags: ['a'] }, dryRun: true });
    expect(told).toMatchObject({
      cancelled: [],
      packet_ids: [first, second, third],
      matched: 3,
      dry_run: true,
    });
    const { cancelled } = await rail.batchCancelPackets({
      filter: { tags: ['a'] },
      limit: 2,
      reason: 'Over',
    });
    expect(cancelled.map(({ id }) => id)).toEqual([first, second]);
    await rail.rejectPacket(third!, { reason: 'No' });
    const { retried, errors } = await rail.batchRetryPackets({ packetIds: [third!, first!] });
    expect([retried.length, errors]).toMatchObject([1, [{ packet_id: first, error: { status: 409 } }]]);
    const wrong = rail.batchRetryPackets({ filter: { status: ['created'] } });
    await expect(wrong).rejects.toMatchObject({ errors: [{ field: 'filter.status' }] });
    await expect(rail.batchCancelPackets({ filter: {} })).rejects.toBeInstanceOf(ValidationError);
    await expect(rail.batchCancelPackets({})).rejects.toBeInstanceOf(ValidationError);
  });
});

describe('local reads', () => {
  it('list by filter and page', async () => {
    for (let n = 0; n < 7; n += 1) {
      now += 1;
      await rail.createPacket({ ...work, summary: `Refund ${n}`, tags: n % 2 ? ['odd', 'vip'] : [] });
    }
    const odd: string[] = [];
    for await (const packet of rail.listPackets({ tags: ['vip', 'odd'], limit: 2 }))
      odd.push(packet.context.summary);
    expect(odd).toEqual(['Refund 5', 'Refund 3', 'Refund 1']);
    const page = await rail.listPackets({ order: 'asc', limit: 2, offset: 2 });
    expect(page).toMatchObject({ total: 7, limit: 2, offset: 2, next_cursor: '4' });
    expect(page.packets.map(({ context }) => context.summary)).toEqual(['Refund 2', 'Refund 3']);
    expect((await rail.listPackets({ sourceAgent: 'bo' })).total).toBe(0);
    expect((await rail.searchPackets('"refund 3"')).total).toBe(1);
    expect((await rail.searchPackets('refund -vip')).total).toBe(4);
  });

  it('follow a chain', async () => {
    const root = await rail.createPacket({
      ...work,
      decisions: [{ id: 'd', decision: 'Pay', rationale: 'Due' }],
    });
    const child = await rail.chainPacket(root, { sourceAgent: 'bo', targetAgent: 'cy', summary: 'Check it' });
    expect(child).toMatchObject({
      parent_packet_id: root.id,
      decisions: [{ id: 'd', inherited_from: root.id }],
    });
    const grandchild = await rail.createPacket({ ...work, parentPacketId: child.id });
    expect(grandchild.chain).toEqual({ root_id: root.id, depth: 2, path: ['ana', 'bo', 'ana'] });
    const lineage = await rail.getLineage(child);
    expect(lineage).toMatchObject({ root_id: root.id, ancestors: [{ id: root.id }] });
    expect(lineage.descendants.map(({ id }) => id)).toEqual([grandchild.id]);
    const expanded = await rail.getPacket(child, { expand: ['ancestors'] });
    expect(expanded).toMatchObject({ ancestors: { packet_ids: [root.id] } });
    await expect(rail.createPacket({ ...work, parentPacketId: crypto.randomUUID() })).rejects.toMatchObject({
      errors: [{ field: 'parent_packet_id' }],
    });
  });
});

describe('a local rail', () => {
  it('refuses what takes a server, and says so', async () => {
    await expect(rail.getStats()).rejects.toThrow(
      'GET /stats is not there in local mode: it takes a server.',
    );
    await expect(rail.routing.edges()).rejects.toBeInstanceOf(NotFoundError);
  });

  it('hands all it has to another one, once, and not over another history', async () => {
    const packet = await rail.createPacket(work);
    await rail.agents.register('bo', { name: 'Bo' });
    const all = await rail.export();
    const other = new LocalRail({ clock: () => now });
    expect(await other.import(JSON.stringify(all))).toEqual({ imported: 1, skipped: 0 });
    expect(await other.import(all)).toEqual({ imported: 0, skipped: 1 });
    expect((await other.getPacket(packet.id)).context).toEqual(packet.context);
    expect(await other.agents.get('bo')).toMatchObject({ name: 'Bo', present: true });
    await rail.cancelPacket(packet);
    await other.createPacket(work);
    await expect(rail.import(await other.export())).rejects.toBeInstanceOf(ConflictError);
    expect((await rail.listPackets()).total).toBe(1);
    await expect(rail.import('{}')).rejects.toBeInstanceOf(ValidationError);
  });
});
