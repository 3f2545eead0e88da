import { instantAt, normalizeApproval, type ApprovalInput, type PacketId, type TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../database.features.js';
import {
  applyBatch,
  backlogOfAll,
  approvalById,
  type ApprovalFilter,
  listApprovals,
  migrate,
  parseApprovalCursor,
  rebuild,
  stats,
  verify,
} from '../index.js';
import { acme, openApproval, RecordedLog, startMs, umbrella } from '../recorded.features.js';

const at = instantAt(startMs);
const ana = [{ id: 'ana', kind: 'user' as const }];
const vote = { approver: 'ana', decision: 'approve', response: 'Yes', responded_by: 'Ana', at } as const;

describe('the inbox', () => {
  let database: FreshDatabase;
  let source: DataSource;
  const log = new RecordedLog();
  const packets = new Map<string, PacketId>();

  /** Asks for an approval that is due after so many seconds, or never. */
  const ask = (
    id: string,
    due: number | null,
    asked: Partial<ApprovalInput> & { tenant?: TenantId } = {},
  ) => {
    const { tenant = acme, ...input } = asked;
    const packet = log.create({ context: { summary: `About ${id}` } }, tenant);
    packets.set(id, packet);
    const approval = openApproval(normalizeApproval({ reason: 'Why not', ...input }), id, {
      requested_at: instantAt(log.nowMs),
      ...(due !== null && { expires_at: instantAt(startMs + due * 1_000) }),
    });
    log.record('packet.approval_requested', { id: packet, tenant }, { approval });
    return packet;
  };
  const ids = async (filter: ApprovalFilter, tenant = acme) =>
    (await listApprovals(source, tenant, { filter, limit: 50 })).approvals.map(({ approval }) => approval.id);

  beforeAll(async () => {
    database = await freshDatabase();
    source = database.dataSource;
    ask('never', null);
    ask('late', 90);
    ask('soon', 30, { approvers: ana });
    ask('bo', 60, { approvers: [{ id: 'bo', kind: 'user' }] });
    ask('later-never', null, { approvers: ana });
    ask('future', 10 * 365 * 86_400);
    const done = ask('done', 20, { approvers: ana });
    log.record('packet.approval_responded', { id: done }, { approval_id: 'done', vote, outcome: 'approved' });
    ask('foreign', 1, { approvers: ana, tenant: umbrella });
    await applyBatch(source, log.events);
  });
  afterAll(() => database.stop());

  it('has what is due first at the top, what is never due at the end, and then the oldest', async () => {
    expect(await ids({ states: ['open'] })).toEqual(['soon', 'bo', 'late', 'future', 'never', 'later-never']);
    expect(await ids({})).toEqual(['done', 'soon', 'bo', 'late', 'future', 'never', 'later-never']);
    expect(await ids({}, umbrella)).toEqual(['foreign']);
  });

  it('shows an approver what names it and what anybody may answer', async () => {
    const open = ['open'] as const;
    expect(await ids({ approver: 'ana', states: open })).toEqual([
      'soon',
      'late',
      'future',
      'never',
      'later-never',
    ]);
    expect(await ids({ approver: 'nobody', states: open })).toEqual(['late', 'future', 'never']);
    expect(await ids({ approver: 'ana', states: ['approved', 'denied'] })).toEqual(['done']);
    expect(await ids({ approver: 'open ana', states: open })).toEqual(['late', 'future', 'never']);
  });

  it('tells what is overdue, and nothing that has ended', async () => {
    expect(await ids({ overdue: true })).toEqual(['soon', 'bo', 'late']);
    expect(await ids({ overdue: false })).toEqual(['done', 'future', 'never', 'later-never']);
    expect(await ids({ overdue: true, states: ['approved'] })).toEqual([]);
  });

  it('is narrowed to a packet', async () => {
    expect(await ids({ packet_id: packets.get('soon')! })).toEqual(['soon']);
    expect(await ids({ packet_id: packets.get('foreign')! })).toEqual([]);
  });

  it('is paged without gaps or repeats, and counted as a whole', async () => {
    const seen: string[] = [];
    let cursor = {};
    for (;;) {
      const page = await listApprovals(source, acme, { filter: {}, limit: 2, ...cursor });
      expect(page).toMatchObject({ total: 7, total_capped: false, limit: 2 });
      seen.push(...page.approvals.map(({ approval }) => approval.id));
      if (page.next_cursor === null) break;
      cursor = { cursor: parseApprovalCursor(page.next_cursor)! };
    }
    expect(seen).toEqual(await ids({}));
  });

  it('shows the packet as it is now', async () => {
    const { approvals } = await listApprovals(source, acme, { filter: { states: ['approved'] }, limit: 1 });
    expect(approvals[0]).toMatchObject({
      packet_id: packets.get('done'),
      approval: { id: 'done', state: 'approved', response: 'Yes' },
      packet: { status: 'created', summary: 'About done' },
    });
  });

  it('is counted: what waits, what is late, and how long people took', async () => {
    expect(await backlogOfAll(source)).toMatchObject({ approvals_open: 7, approvals_overdue: 4 });
    expect(await stats(source, acme)).toMatchObject({
      approvals_open: 6,
      approvals_overdue: 3,
      by_status: { awaiting_human: 6 },
    });
  });

  it('finds one by its id, in its tenant only', async () => {
    expect(await approvalById(source, acme, 'soon')).toMatchObject({
      packet_id: packets.get('soon'),
      approval: { id: 'soon', policy: { reason: 'Why not' } },
    });
    expect(await approvalById(source, umbrella, 'soon')).toBeUndefined();
    expect(await approvalById(source, acme, 'none')).toBeUndefined();
  });

  it('is rebuilt and verified with the rest', async () => {
    await source.query("update handoffrail.approvals set state = 'denied' where id = 'soon'");
    const { tables } = await verify(database.url, log);
    expect(tables.filter(({ equal }) => !equal).map(({ table }) => table)).toEqual(['approvals']);
    await rebuild(database.url, log);
    expect((await verify(database.url, log)).equal).toBe(true);
  });

  it('knows the checkpoints of before from the packets', async () => {
    await source.query('drop table handoffrail.approvals');
    await source.query("delete from handoffrail.migrations where name like 'Approvals%'");
    await migrate(source);
    expect((await verify(database.url, log)).equal).toBe(true);
  });
});

describe('a cursor of the inbox', () => {
  it.each(['', 'x', 'W10', Buffer.from('["infinity","no time","a"]').toString('base64url')])(
    'is none: %j',
    (text) => {
      expect(parseApprovalCursor(text)).toBeNull();
    },
  );
});
