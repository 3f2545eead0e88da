import type { Approval } from './approval.js';
import type { ApprovalPolicy } from './document.js';
import { claimForTarget } from './claiming.js';
import { defined } from './defined.js';
import { after } from './ids.js';
import type { Instant } from './ids.js';
import { accept, quiet } from './outcome.js';
import type { Outcome, Rule } from './outcome.js';

/** What the clock of a checkpoint runs to: the next step of the ladder, or the timeout. */
interface Due {
  what: 'step' | 'timeout';
  at: Instant;
}

const stepDue = (policy: ApprovalPolicy, taken: number, since: Instant): Instant | undefined => {
  const next = policy.escalation[taken];
  return next && after(since, next.after_seconds);
};

/** Where a timeout escalates it runs only once the ladder is through, and then denies. */
const timeoutDue = (policy: ApprovalPolicy, taken: number, since: Instant): Instant | undefined => {
  const waits = policy.on_timeout === 'wait' || policy.timeout_seconds === undefined;
  const climbs = policy.on_timeout === 'escalate' && taken < policy.escalation.length;
  return waits || climbs ? undefined : after(since, policy.timeout_seconds ?? 0);
};

/**
 * Only the earlier of the two counts, so that timers that come late, all at once, do what they would have done
 * in time: a step starts the clock anew, and nothing follows a timeout.
 */
const nextDue = (policy: ApprovalPolicy, taken: number, since: Instant): Due | undefined => {
  const step = stepDue(policy, taken, since);
  const timeout = timeoutDue(policy, taken, since);
  if (step !== undefined && (timeout === undefined || step <= timeout)) return { what: 'step', at: step };
  return timeout && { what: 'timeout', at: timeout };
};

/** When the next step of the ladder or the timeout is due, counted from the last step taken. */
export const nextClock = (policy: ApprovalPolicy, taken: number, since: Instant): Instant | undefined =>
  nextDue(policy, taken, since)?.at;

const clockOf = (approval: Approval): Instant => approval.escalated_at ?? approval.requested_at;

/** What an open checkpoint's clock runs to. */
export const dueOf = (approval: Approval): Due | undefined =>
  nextDue(approval.policy, approval.escalation_step, clockOf(approval));

/** When the reminder of this run of the clock is due. */
export const reminderOf = (approval: Approval): Instant | undefined => {
  const lead = approval.policy.remind_before_seconds;
  const due = dueOf(approval);
  return lead === undefined || due === undefined ? undefined : after(due.at, -lead);
};

const isDue = (approval: Approval, what: Due['what'], now: Instant): boolean => {
  const due = dueOf(approval);
  return due?.what === what && due.at <= now;
};

/** Whether the time to answer is over, whether or not the timer has said so yet. */
export const isTimedOut = (approval: Approval, now: Instant): boolean => isDue(approval, 'timeout', now);

const escalated = (approval: Approval, now: Instant): Outcome => {
  const step = approval.escalation_step + 1;
  const taken = approval.policy.escalation[step - 1];
  if (taken === undefined) return quiet;
  return accept({
    type: 'packet.approval_escalated',
    data: {
      approval_id: approval.id,
      step,
      approvers: taken.approvers,
      ...defined({ expires_at: nextClock(approval.policy, step, now) }),
    },
  });
};

/** The timer of a step: quiet unless it is this checkpoint's next one and due. */
export const escalateApproval: Rule<'escalate_approval'> = ({ meta, data }, { approval }) => {
  const isNext = approval.id === data.approval_id && approval.escalation_step + 1 === data.step;
  return isNext && isDue(approval, 'step', meta.now) ? escalated(approval, meta.now) : quiet;
};

/** The timer of a reminder: once for each run of the clock. */
export const remindApproval: Rule<'remind_approval'> = ({ meta, data }, { approval }) => {
  const due = reminderOf(approval);
  if (approval.id !== data.approval_id || due === undefined || meta.now < due) return quiet;
  const reminded = approval.reminded_at !== undefined && approval.reminded_at >= clockOf(approval);
  if (reminded) return quiet;
  return accept({ type: 'packet.approval_reminded', data: { approval_id: approval.id } });
};

/** The timer of the timeout: quiet unless this checkpoint's time is over. It is nobody's "no". */
export const timeOutApproval: Rule<'time_out_approval'> = ({ meta, data }, packet) => {
  const { approval } = packet;
  if (approval.id !== data.approval_id || !isTimedOut(approval, meta.now)) return quiet;
  const { on_timeout } = approval.policy;
  const effect = on_timeout === 'approve' || on_timeout === 'fail' ? on_timeout : 'deny';
  const claim = effect === 'approve' ? claimForTarget(packet, data.next_claim_id, meta.now) : undefined;
  return accept({
    type: 'packet.approval_timed_out',
    data: { approval_id: approval.id, effect, ...defined({ claim }) },
  });
};
