import type { Approval, ApprovalState, Vote } from './approval.js';
import type { ApprovalPolicy } from './document.js';
import type { Instant, PacketId, TenantId } from './ids.js';
import type { ContentPatch } from './patch.js';

/** One checkpoint as readers get it by itself (`GET /approvals/{id}`): what is asked, the votes, the outcome. */
export interface ApprovalDocument extends Omit<ApprovalPolicy, 'required'> {
  id: string;
  tenant_id: TenantId;
  packet_id: PacketId;
  state: ApprovalState;
  requested_by: string;
  requested_at: Instant;
  content_digest: string;
  votes: Vote[];
  /** Steps of the ladder taken so far; their approvers are among `approvers`. */
  escalation_step: number;
  /** When the next step or the timeout is due; null: none is, or the checkpoint is over. */
  expires_at: Instant | null;
  reminded_at: Instant | null;
  response: string | null;
  responded_by: string | null;
  responded_at: Instant | null;
  notes: string | null;
  edits: ContentPatch | null;
  ended_at: Instant | null;
  /** What the timeout did. */
  effect: 'deny' | 'approve' | 'fail' | null;
  _links: { self: string; respond: string; packet: string };
}

const linksOf = (id: string, packet: PacketId): ApprovalDocument['_links'] => {
  const self = `/api/v1/approvals/${id}`;
  return { self, respond: `${self}/respond`, packet: `/api/v1/packets/${packet}` };
};

const isAnswered = ({ state }: Approval): boolean =>
  state === 'approved' || state === 'denied' || state === 'answered';

const answerOf = (approval: Approval) => ({
  response: approval.response ?? null,
  responded_by: approval.responded_by ?? null,
  notes: approval.notes ?? null,
  edits: approval.edits ?? null,
});

const endOf = (approval: Approval) => ({
  responded_at: isAnswered(approval) ? (approval.ended_at ?? null) : null,
  ended_at: approval.ended_at ?? null,
  effect: approval.effect ?? null,
});

const clockOf = (approval: Approval) => ({
  escalation_step: approval.escalation_step,
  expires_at: approval.state === 'open' ? (approval.expires_at ?? null) : null,
  reminded_at: approval.reminded_at ?? null,
});

/** A checkpoint of this packet as a document of its own. The key that asked for it stays inside. */
export const toApprovalDocument = (
  packet: { id: PacketId; tenant_id: TenantId },
  approval: Approval,
): ApprovalDocument => {
  const { required: _always, ...policy } = approval.policy;
  return {
    ...policy,
    id: approval.id,
    tenant_id: packet.tenant_id,
    packet_id: packet.id,
    state: approval.state,
    approvers: approval.approvers,
    requested_by: approval.requested_by,
    requested_at: approval.requested_at,
    content_digest: approval.content_digest,
    votes: approval.votes,
    ...clockOf(approval),
    ...answerOf(approval),
    ...endOf(approval),
    _links: linksOf(approval.id, packet.id),
  };
};
