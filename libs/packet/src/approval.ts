import type { ApprovalDecision, ApprovalPolicy, Approver, Json } from './document.js';
import type { Instant } from './ids.js';

export type ApprovalState = 'open' | 'approved' | 'denied' | 'answered' | 'timed_out' | 'voided';

/** One approver's word; a later one of the same approver replaces it until the quorum is met. */
export interface Vote {
  approver: string;
  decision: ApprovalDecision;
  response: string;
  responded_by: string;
  at: Instant;
  answer?: Json;
  notes?: string;
}

/** One checkpoint of a packet. A packet may have several in its life, one at a time. */
export interface Approval {
  id: string;
  state: ApprovalState;
  policy: ApprovalPolicy;
  /** The policy's approvers and those that the ladder added. */
  approvers: Approver[];
  requested_by: string;
  requested_at: Instant;
  /** SHA-256 (hex) of the RFC 8785 form of context, decisions, actions and dependencies. */
  content_digest: string;
  votes: Vote[];
  escalation_step: number;
  expires_at?: Instant;
  ended_at?: Instant;
  response?: string;
  responded_by?: string;
  notes?: string;
}
