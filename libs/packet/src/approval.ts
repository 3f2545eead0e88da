import type { ApprovalDecision, ApprovalPolicy, Approver, Json } from './document.js';
import type { Instant } from './ids.js';
import type { ContentPatch } from './patch.js';

export type ApprovalState = 'open' | 'approved' | 'denied' | 'answered' | 'timed_out' | 'voided';

/** One approver's word; a later one of the same approver replaces it until the quorum is met. */
export interface Vote {
  /** As authenticated: an agent or person, `key:<key id>`, or the approver whose vote a backend brought. */
  approver: string;
  /** The key that brought it. */
  key_id?: string;
  decision: ApprovalDecision;
  response: string;
  /** What the caller says it is called: for display only. */
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
  /** The agent that asked (or the key, when no agent was named); it may not answer. */
  requested_by: string;
  /** The key that asked. */
  requested_key?: string;
  requested_at: Instant;
  /** W3C trace context of the event that opened it. */
  traceparent?: string;
  /** SHA-256 (hex) of the RFC 8785 form of context, decisions, actions and dependencies. */
  content_digest: string;
  votes: Vote[];
  /** Steps of the ladder taken so far. */
  escalation_step: number;
  /** When the last step was taken: the clock runs from here, before that from `requested_at`. */
  escalated_at?: Instant;
  reminded_at?: Instant;
  /** When the next step or the timeout is due. */
  expires_at?: Instant;
  ended_at?: Instant;
  response?: string;
  responded_by?: string;
  notes?: string;
  edits?: ContentPatch;
  /** What the timeout did. */
  effect?: 'deny' | 'approve' | 'fail';
}
