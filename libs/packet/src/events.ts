import type { Approval, Vote } from './approval.js';
import type {
  Actor,
  AgentRef,
  ApprovalPolicy,
  Chain,
  Claim,
  Json,
  PacketContent,
  PacketMetadata,
  PacketTerms,
} from './document.js';
import type { CommandId, Instant, PacketId, TenantId } from './ids.js';
import type { ContentPatch } from './patch.js';

/**
 * What happened, by type. A type's meaning never changes: new facts are new optional fields, a new shape
 * is a new `schema` number with an upcaster (upcast.ts).
 */
export interface PacketEventData {
  'packet.created': {
    content: PacketContent;
    terms: PacketTerms;
    chain: Chain;
    trace_id: string;
    /** Present when the packet starts at a checkpoint (`hitl.required`, or a handoff loop). */
    approval?: Approval;
    /** A checkpoint that was described but is not required. */
    hitl?: ApprovalPolicy;
  };
  'packet.routed': {
    target: AgentRef;
    candidates: { id: string; score: number; why: string }[];
    strategy: string;
    confidence: number;
  };
  'packet.claimed': { claim: Claim };
  'packet.started': { note?: string };
  'packet.progressed': { percent: number; note?: string };
  'packet.updated': { patch: ContentPatch };
  'packet.approval_requested': { approval: Approval };
  'packet.approval_responded': {
    approval_id: string;
    vote: Vote;
    /** Set on the vote that ended the checkpoint; the packet leaves `awaiting_human` with it. */
    outcome?: 'approved' | 'denied' | 'answered';
    /** An edit that was approved together with the answer. */
    edits?: ContentPatch;
    /** The claim on the target's behalf, when nobody had claimed the packet before. */
    claim?: Claim;
  };
  'packet.approval_escalated': {
    approval_id: string;
    step: number;
    approvers: Approval['approvers'];
    expires_at?: Instant;
  };
  'packet.approval_reminded': { approval_id: string };
  'packet.approval_timed_out': {
    approval_id: string;
    /** What the policy says happens now. `deny` and `fail` end the packet as failed (`approval_timed_out`). */
    effect: 'deny' | 'approve' | 'fail';
    claim?: Claim;
  };
  'packet.approval_voided': { approval_id: string; reason: string; replaced_by: Approval };
  'packet.released': { claim_id: string; reason?: string; available_at?: Instant };
  /** `dead_letter`: the attempts are used up, the packet is `failed` with code `max_attempts`. */
  'packet.claim_expired': { claim_id: string; attempt: number; available_at?: Instant; dead_letter: boolean };
  'packet.completed': { claim_id: string; result: Json };
  /** `offered_again`: retryable and attempts left, the packet is `created` again. */
  'packet.failed': {
    code: string;
    reason: string;
    retryable: boolean;
    offered_again: boolean;
    available_at?: Instant;
    claim_id?: string;
  };
  /** `next_target`: a routed packet goes on to that candidate (absent target: waits for one). */
  'packet.rejected': { by: string; reason: string; rerouted: boolean; next_target?: AgentRef };
  'packet.cancelled': { reason?: string };
  'packet.expired': { reason: string };
  /** `expires_at`: the time to live anew, for a packet whose time was over. */
  'packet.retried': { reason?: string; expires_at?: Instant };
  'packet.chained': { child_packet_id: PacketId; target_agent?: PacketMetadata['target_agent'] };
}

export type PacketEventType = keyof PacketEventData;

/** A fact about one packet, as decided; the log adds where it stands. */
export type PacketEvent = {
  [T in PacketEventType]: EventFrame & { type: T; data: PacketEventData[T] };
}[PacketEventType];

/** One event by its type. */
export type EventOf<T extends PacketEventType> = EventFrame & { type: T; data: PacketEventData[T] };

/** The CloudEvents attributes and extensions that every event carries. */
export interface EventFrame {
  /** UUIDv7. */
  id: string;
  /** Version of the payload's shape. */
  schema: number;
  tenant_id: TenantId;
  packet_id: PacketId;
  /** This packet's event number, from 1 on. */
  revision: number;
  occurred_at: Instant;
  actor: Actor;
  /** What the caller declared about itself, beside the authenticated actor. */
  declared?: { agent_id?: string; responded_by?: string; as_admin?: true };
  causation_id: CommandId;
  /** SHA-256 of the request, when the caller sent an idempotency key: a replay is told from a misuse by it. */
  request_digest?: string;
  /** The chain's root. */
  correlation_id: PacketId;
  /** W3C trace context of the append. */
  traceparent: string;
}

/** The schema number that each type is written with today. */
export const currentSchema = {
  'packet.created': 1,
  'packet.routed': 1,
  'packet.claimed': 1,
  'packet.started': 1,
  'packet.progressed': 1,
  'packet.updated': 1,
  'packet.approval_requested': 1,
  'packet.approval_responded': 1,
  'packet.approval_escalated': 1,
  'packet.approval_reminded': 1,
  'packet.approval_timed_out': 1,
  'packet.approval_voided': 1,
  'packet.released': 1,
  'packet.claim_expired': 1,
  'packet.completed': 1,
  'packet.failed': 1,
  'packet.rejected': 1,
  'packet.cancelled': 1,
  'packet.expired': 1,
  'packet.retried': 1,
  'packet.chained': 1,
} as const satisfies Record<PacketEventType, number>;
