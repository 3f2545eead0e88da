import { describe, expect, it } from 'vitest';
import { after } from './ids.js';
import { approver, as, ask, at, create, given, noon, respond } from './given.features.js';
import type { ApprovalInput } from './input.js';

const hitl = (more: Partial<ApprovalInput> = {}) => create({ hitl: { reason: 'Sure?', ...more } });
const yes = as(approver, respond('Approve'));

describe('the clock of a checkpoint', () => {
  const ladder = {
    timeout_seconds: 100,
    escalation: [
      { after_seconds: 10, approvers: [{ id: 'boss', kind: 'user' as const }] },
      { after_seconds: 20, approvers: [{ id: 'chief', kind: 'user' as const }] },
    ],
  };
  const step = (n: number) => ask('escalate_approval', { approval_id: 'approval-1', step: n });
  const timeout = ask('time_out_approval', { approval_id: 'approval-1', next_claim_id: 'claim-x' });

  it('climbs the ladder, each step adding its approvers and starting the next clock', () => {
    const asked = given(hitl({ ...ladder, approvers: [{ id: 'pat', kind: 'user' }] }));
    asked.when(at(9, step(1))).thenQuiet();
    asked.when(at(10, step(2))).thenQuiet();
    const packet = asked.when(at(10, step(1))).then('packet.approval_escalated');
    expect(packet.approval).toMatchObject({ escalation_step: 1, expires_at: after(noon, 30) });
    expect(packet.approval?.approvers.map(({ id }) => id)).toEqual(['pat', 'boss']);
    given(hitl(ladder), at(10, step(1)))
      .when(at(10, step(1)))
      .thenQuiet();
  });

  it('denies at last, and says that nobody did', () => {
    const climbed = [hitl(ladder), at(10, step(1)), at(30, step(2))];
    given(hitl(ladder)).when(at(500, timeout)).thenQuiet();
    given(...climbed)
      .when(at(129, timeout))
      .thenQuiet();
    const late = given(...climbed).when(at(130, timeout));
    late.thenData({ effect: 'deny' });
    late.then('packet.approval_timed_out', {
      status: 'failed',
      failure: { code: 'approval_timed_out' },
      approval: { state: 'timed_out' },
    });
    given(...climbed, at(130, timeout))
      .when(yes)
      .thenRefused('approval_timed_out');
  });

  it('does what the policy says', () => {
    const policy = { timeout_seconds: 60 };
    given(hitl({ ...policy, on_timeout: 'approve' }))
      .when(at(60, timeout))
      .then('packet.approval_timed_out', { status: 'claimed', claim: { claim_id: 'claim-x' } });
    given(hitl({ ...policy, on_timeout: 'fail' }))
      .when(at(60, timeout))
      .thenData({ effect: 'fail' });
    given(hitl({ ...policy, on_timeout: 'wait' }))
      .when(at(60, timeout))
      .thenQuiet();
    given(hitl()).when(at(9e8, timeout)).thenQuiet();
    given(hitl(policy)).when(at(60, yes)).thenRefused('approval_timed_out');
    given(hitl(policy)).when(at(59, yes)).then('packet.approval_responded');
  });

  it('reminds once before it is over', () => {
    const remind = ask('remind_approval', { approval_id: 'approval-1' });
    const asked = hitl({ timeout_seconds: 60, remind_before_seconds: 15 });
    given(asked).when(at(44, remind)).thenQuiet();
    given(asked).when(at(45, remind)).then('packet.approval_reminded', { status: 'awaiting_human' });
    given(asked, at(45, remind)).when(at(46, remind)).thenQuiet();
    given(hitl({ timeout_seconds: 60 }))
      .when(at(45, remind))
      .thenQuiet();
  });
});
