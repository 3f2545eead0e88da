import type { Answered } from './answered.js';
import type { Approval } from './approval.js';
import type {
  ApprovalPolicy,
  Chain,
  Claim,
  Failure,
  Json,
  PacketContent,
  PacketTerms,
  Progress,
} from './document.js';
import type { CommandId, Instant, PacketId, TenantId } from './ids.js';

/** What every packet has, whatever its status. */
export interface PacketBase {
  id: PacketId;
  tenant_id: TenantId;
  /** Number of events folded so far. */
  revision: number;
  content: PacketContent;
  terms: PacketTerms;
  chain: Chain;
  trace_id: string;
  created_at: Instant;
  updated_at: Instant;
  /** When the packet was last opened, by its create or a retry: its time to live runs from here. */
  opened_at: Instant;
  /** Claims granted so far: the last fencing token. */
  attempt: number;
  /** Claims lost or failed since the create or the last retry; at `retry.max_attempts` it is a dead letter. */
  failed_attempts: number;
  /** Agents that rejected it: routing never offers it to them again. */
  rejected_by: string[];
  progress?: Progress;
  first_claimed_at?: Instant;
  completed_at?: Instant;
  /** The last checkpoint, open or ended. */
  approval?: Approval;
  /** A checkpoint that the writer described but did not require: nothing waits for it. */
  hitl?: ApprovalPolicy;
  /** The commands that carried an idempotency key: at which revision, and for which request. */
  answered: Answered;
  /** The command that wrote the last event: a repeated send of it is quiet. */
  last_command: CommandId;
}

export type CreatedPacket = PacketBase & {
  status: 'created';
  /** Not offered before (backoff, release with delay). */
  available_at?: Instant;
};
export type ClaimedPacket = PacketBase & { status: 'claimed'; claim: Claim };
export type StartedPacket = PacketBase & { status: 'in_progress'; claim: Claim };
export type HeldPacket = ClaimedPacket | StartedPacket;
export type AwaitingPacket = PacketBase & {
  status: 'awaiting_human';
  approval: Approval;
  /** Where the packet goes back to when the checkpoint ends well; absent: nobody had claimed it. */
  resume?: { status: 'claimed' | 'in_progress'; claim: Claim };
};
export type CompletedPacket = PacketBase & { status: 'completed'; claim: Claim; result: Json };
export type FailedPacket = PacketBase & { status: 'failed'; failure: Failure; claim?: Claim };
export type RejectedPacket = PacketBase & { status: 'rejected'; failure: Failure };
export type CancelledPacket = PacketBase & { status: 'cancelled'; reason?: string };
export type ExpiredPacket = PacketBase & { status: 'expired'; reason: string };

export type LivePacket = CreatedPacket | HeldPacket | AwaitingPacket;
export type ExistingPacket =
  LivePacket | CompletedPacket | FailedPacket | RejectedPacket | CancelledPacket | ExpiredPacket;

/** The fold of a packet's events. `absent` before the first one. */
export type Packet = { status: 'absent' } | ExistingPacket;

export const initialState: Packet = { status: 'absent' };
