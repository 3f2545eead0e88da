import { epochOf } from '#libs/packet';
import { type Change, endedApprovals, isDecided } from '#libs/read-models';
import { Counter, Histogram } from 'prom-client';

const ended = new Counter({
  name: 'handoffrail_approvals_ended_total',
  help: 'Checkpoints that ended, by how: what people decided, or that nobody did in time, or that it was void.',
  labelNames: ['outcome'],
});

const timeToDecision = new Histogram({
  name: 'handoffrail_time_to_decision_seconds',
  help: 'From a request for approval to what people decided.',
  buckets: [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 259_200, 604_800, 2_592_000],
});

const reminders = new Counter({ name: 'handoffrail_approval_reminders_total', help: 'Reminders.' });

const escalations = new Counter({
  name: 'handoffrail_approval_escalations_total',
  help: 'Steps of escalation ladders that were taken.',
});

const observeChange = (change: Change): void => {
  if (change.event.type === 'packet.approval_reminded') reminders.inc();
  if (change.event.type === 'packet.approval_escalated') escalations.inc();
  for (const approval of endedApprovals(change)) {
    ended.inc({ outcome: approval.state });
    if (!isDecided(approval)) continue;
    const waitedMs = epochOf(approval.ended_at) - epochOf(approval.requested_at);
    timeToDecision.observe(Math.max(0, waitedMs) / 1_000);
  }
};

/** Counts what changes mean for the people who are asked. */
export const observeApprovals = (changes: readonly Change[]): void => changes.forEach(observeChange);
