import { instantAt, normalizeApproval, type PacketId } from '#libs/packet';
import { describe, expect, it } from 'vitest';
import { acme, openApproval, RecordedLog, startMs } from '../recorded.features.js';
import { projectApprovals } from './project.js';

const ask = { reason: 'More than 1,000 EUR' };
const at = instantAt(startMs);
const vote = { approver: 'ana', decision: 'deny', response: 'No', responded_by: 'Ana', at } as const;

const stateOf = (log: RecordedLog) =>
  projectApprovals(log.changes()).map(({ id, state }) => `${id} ${state}`);

describe('the approvals', () => {
  it('have no row for a packet that waits for nobody', () => {
    const log = new RecordedLog();
    const id = log.create({ hitl: { ...ask, required: false } });
    log.claim(id);
    log.complete(id);
    expect(projectApprovals(log.changes())).toEqual([]);
  });

  it('are written when they open and when they change, as the packet has them', () => {
    const log = new RecordedLog();
    const approvers = [
      { id: 'ana', kind: 'user' },
      { id: 'ana', kind: 'group' },
      { id: 'bo', kind: 'user' },
    ];
    const id = log.create({ hitl: { ...ask, approvers } });
    const [row] = projectApprovals(log.changes());
    expect(row).toMatchObject({ tenant_id: acme, packet_id: id, state: 'open', due_at: 'infinity' });
    expect(row?.inboxes).toEqual(['acme open ana', 'acme open bo']);
    log.record('packet.updated', { id }, { patch: { metadata: { tags: ['t'] } } });
    expect(projectApprovals(log.changes().slice(1))).toEqual([]);
    log.record('packet.approval_responded', { id }, { approval_id: 'approval-1', vote, outcome: 'denied' });
    const [ended] = projectApprovals(log.changes());
    expect(ended).toMatchObject({ state: 'denied', inboxes: ['acme denied ana', 'acme denied bo'] });
    expect(ended?.approval).toEqual(log.packet(id).approval);
  });

  it('that a change of the content replaces are voided, in whatever batch', () => {
    const log = new RecordedLog();
    const id = log.create({ hitl: ask });
    const replaced_by = openApproval(normalizeApproval(ask), 'approval-2');
    const data = { approval_id: 'approval-1', reason: 'content_changed', replaced_by };
    log.record('packet.approval_voided', { id }, data);
    expect(stateOf(log)).toEqual(['approval-1 voided', 'approval-2 open']);
    const alone = projectApprovals(log.changes().slice(1));
    expect(alone).toEqual(projectApprovals(log.changes()));
    expect(alone[0]?.approval.ended_at).toBe(log.events[1]?.event.occurred_at);
  });

  it('that nobody answered end with their packet', () => {
    const log = new RecordedLog();
    log.record('packet.cancelled', { id: log.create({ hitl: ask }) }, {});
    expect(stateOf(log)).toEqual(['approval-1 voided']);
  });

  it('that came before another one keep their end', () => {
    const log = new RecordedLog();
    const id: PacketId = log.create({ hitl: ask });
    log.record('packet.approval_timed_out', { id }, { approval_id: 'approval-1', effect: 'approve' });
    const approval = openApproval(normalizeApproval(ask), 'approval-2');
    log.record('packet.approval_requested', { id }, { approval });
    expect(stateOf(log)).toEqual(['approval-1 timed_out', 'approval-2 open']);
    expect(projectApprovals(log.changes().slice(2)).map(({ id: one }) => one)).toEqual(['approval-2']);
  });

  it.each([
    [{ expires_at: instantAt(startMs + 5_000) }, {}, instantAt(startMs + 5_000)],
    [{}, { timeout_seconds: 60, on_timeout: 'wait' }, instantAt(startMs + 60_000)],
    [{ escalated_at: instantAt(startMs + 1_000) }, { timeout_seconds: 60 }, instantAt(startMs + 61_000)],
    [{}, {}, 'infinity'],
  ] as const)('are due when the clock says, or else patience ends: %j %j', (clock, policy, due) => {
    const log = new RecordedLog();
    const id = log.create();
    const approval = openApproval(normalizeApproval({ ...ask, ...policy }), 'approval-9', clock);
    log.record('packet.approval_requested', { id }, { approval });
    expect(projectApprovals(log.changes())[0]?.due_at).toBe(due);
  });
});
