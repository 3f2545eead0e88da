import type { Approval } from './approval.js';
import { nextClock } from './approval-clock.js';
import type { ApprovalPolicy, PacketContent } from './document.js';
import { contentDigest } from './digest.js';
import { defined } from './defined.js';
import type { Instant } from './ids.js';
import { accept } from './outcome.js';
import type { Rule } from './outcome.js';
import { actingAgent } from './standing.js';

/** Who asks, when, under which id. */
export type Ask = Pick<Approval, 'id' | 'requested_by'> & {
  requested_key?: string | undefined;
  at: Instant;
};

/** A fresh checkpoint, bound to the content as it is. */
export const openApproval = (ask: Ask, policy: ApprovalPolicy, content: PacketContent): Approval => ({
  id: ask.id,
  state: 'open',
  policy,
  approvers: policy.approvers,
  requested_by: ask.requested_by,
  requested_at: ask.at,
  content_digest: contentDigest(content),
  votes: [],
  escalation_step: 0,
  ...defined({ requested_key: ask.requested_key, expires_at: nextClock(policy, 0, ask.at) }),
});

/** The same checkpoint, asked anew by the same agent: for content that has changed, or a second try. */
export const reopened = (
  { policy, requested_by, requested_key }: Approval,
  content: PacketContent,
  { id, at }: { id: string; at: Instant },
): Approval => openApproval({ id, at, requested_by, requested_key }, policy, content);

export const requestApproval: Rule<'request_approval'> = (command, packet) => {
  const { meta, data } = command;
  const key = meta.principal.key_id;
  const requested_by = actingAgent(command) ?? ('claim' in packet ? packet.claim.agent.id : key);
  const ask = { id: data.approval_id, requested_by, requested_key: key, at: meta.now };
  const approval = openApproval(ask, { ...data.policy, required: true }, packet.content);
  return accept({ type: 'packet.approval_requested', data: { approval } });
};
