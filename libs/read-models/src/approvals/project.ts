import { after as later, type Approval, type ApprovalState, type Instant, type Packet } from '#libs/packet';
import type { Change } from '../logged-event.js';

/** A row of `approvals` as it is written. */
export interface ApprovalRow {
  tenant_id: string;
  id: string;
  packet_id: string;
  state: ApprovalState;
  inboxes: string[];
  requested_at: Instant;
  due_at: Instant | 'infinity';
  approval: Approval;
}

/**
 * The inbox of one approver, or without one of everybody: the key that one index finds the approvals of a
 * tenant, a state and an approver by. No tenant's id and no state has a space in it.
 */
export const inboxOf = (tenant: string, state: ApprovalState, approver = ''): string =>
  `${tenant} ${state} ${approver}`;

/** Where the time is over and nothing happens (`wait`), nothing expires: it is late all the same. */
const dueAt = ({ expires_at, policy, escalated_at, requested_at }: Approval): ApprovalRow['due_at'] => {
  if (expires_at !== undefined) return expires_at;
  const { timeout_seconds } = policy;
  return timeout_seconds === undefined ? 'infinity' : later(escalated_at ?? requested_at, timeout_seconds);
};

const inboxesOf = (tenant: string, { state, approvers }: Approval): string[] =>
  approvers.length === 0
    ? [inboxOf(tenant, state)]
    : [...new Set(approvers.map(({ id }) => inboxOf(tenant, state, id)))];

const toRow = ({ tenant_id, packet_id }: Change['event'], approval: Approval): ApprovalRow => ({
  tenant_id,
  id: approval.id,
  packet_id,
  state: approval.state,
  inboxes: inboxesOf(tenant_id, approval),
  requested_at: approval.requested_at,
  due_at: dueAt(approval),
  approval,
});

const approvalOf = (packet: Packet): Approval | undefined =>
  packet.status === 'absent' ? undefined : packet.approval;

/** What a change made of checkpoints: of the packet's last one, and of the one that it replaced. */
export const changedApprovals = ({ event, before, after }: Change): Approval[] => {
  const [old, now] = [approvalOf(before), approvalOf(after)];
  // The fold keeps what an event does not touch, by identity: a packet without a checkpoint costs this much.
  if (now === old || now === undefined) return [];
  if (old === undefined || old.id === now.id || old.state !== 'open') return [now];
  return [{ ...old, state: 'voided', ended_at: event.occurred_at }, now];
};

/** The checkpoints that a change ended. */
export const endedApprovals = (change: Change): (Approval & { ended_at: Instant })[] =>
  changedApprovals(change).flatMap((approval) => {
    const { state, ended_at } = approval;
    return state === 'open' || ended_at === undefined ? [] : [{ ...approval, ended_at }];
  });

/** Whether people decided, and neither the time nor a change of the packet. */
export const isDecided = ({ state }: Approval): boolean =>
  state === 'approved' || state === 'denied' || state === 'answered';

/** One row per checkpoint that changed, as it is after the last of the changes. */
export const projectApprovals = (changes: readonly Change[]): ApprovalRow[] => {
  const rows = new Map<string, ApprovalRow>();
  for (const change of changes) {
    for (const approval of changedApprovals(change))
      rows.set(`${change.event.tenant_id} ${approval.id}`, toRow(change.event, approval));
  }
  return [...rows.values()];
};
