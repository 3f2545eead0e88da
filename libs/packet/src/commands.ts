import type {
  Actor,
  AgentRef,
  ApprovalDecision,
  ApprovalPolicy,
  Chain,
  Json,
  PacketContent,
  PacketTerms,
} from './document.js';
import type { PacketEventData } from './events.js';
import type { CommandId, Instant, PacketId, TenantId } from './ids.js';
import type { ContentPatch } from './patch.js';

/** Roles of a key inside its tenant (tenancy). */
export type Role = 'reader' | 'agent' | 'writer' | 'approver' | 'admin';

/** Who asks, as authenticated at the edge. `agent_id` is set on a key that is bound to one agent. */
export interface Principal {
  tenant_id: TenantId;
  key_id: string;
  role: Role;
  type: Actor['type'];
  agent_id?: string;
  platform_admin?: true;
}

/** What the edge adds to every command: identity, time, ids. The domain has no clock and makes no ids. */
export interface CommandMeta {
  command_id: CommandId;
  tenant_id: TenantId;
  packet_id: PacketId;
  now: Instant;
  /** UUIDv7 of the first event; the ids of further events of the same command count up from it. */
  event_id: string;
  principal: Principal;
  /** W3C trace context of the request. */
  traceparent: string;
  /** Set when the caller sent an idempotency key. */
  request_digest?: string;
  /** `If-Match`: the revision that the caller has seen. */
  expected_revision?: number;
  /** The fencing token (`claim_id`), when the caller passes one. */
  claim_id?: string;
}

/** What to take over from the parent. */
export type InheritPart =
  'conversation' | 'decisions' | 'pending_actions' | 'dependencies' | 'artifacts' | 'custom';
export type Inherit = 'all' | 'none' | InheritPart[];

export interface NewPacket {
  content: PacketContent;
  terms: PacketTerms;
  hitl?: ApprovalPolicy;
}

/** Limits of the tenant that the rules need. */
export interface PacketLimits {
  max_bytes: number;
  max_chain_depth: number;
  /** How often one agent may stand in a chain's path before a person is asked. */
  max_path_repeats: number;
}

export interface PacketCommandData {
  create: {
    packet: NewPacket;
    trace_id: string;
    /** Made by `childChain` when the packet names a parent. */
    chain?: Chain;
    /** Given with `chain`: a handoff loop starts at a checkpoint. */
    limits?: PacketLimits;
    approval_id: string;
    /** Set where the tenant does not let the source hand to the named target. */
    edge?: 'forbidden';
    /** The router's choice, for a packet without a target. */
    route?: PacketEventData['packet.routed'];
  };
  claim: { agent: AgentRef; claim_id: string; lease_seconds?: number };
  start: { agent_id?: string; note?: string };
  progress: { agent_id?: string; percent: number; note?: string };
  update: { agent_id?: string; patch: ContentPatch; limits: PacketLimits; approval_id: string };
  request_approval: { agent_id?: string; policy: ApprovalPolicy; approval_id: string };
  respond: {
    /** The checkpoint that was seen; the open one when left out. */
    approval_id?: string;
    /** The groups that the approver is in. */
    groups?: string[];
    response: string;
    /**
     * Who answered, for display. From an unbound key of a writer or an admin, where approvers are named, the
     * id of the one whose vote it brings.
     */
    responded_by?: string;
    decision?: ApprovalDecision;
    answer?: Json;
    notes?: string;
    edits?: ContentPatch;
    /** Asked for with `edits`. */
    limits?: PacketLimits;
    /** The fencing id for a claim on the target's behalf. */
    next_claim_id: string;
  };
  escalate_approval: { approval_id: string; step: number };
  remind_approval: { approval_id: string };
  time_out_approval: { approval_id: string; next_claim_id: string };
  complete: { agent_id?: string; result: Json };
  fail: { agent_id?: string; code: string; reason: string; retryable: boolean; jitter: number };
  /** `route`: the router's next choice, for a packet that is routed. */
  reject: { agent_id?: string; reason: string; route?: PacketEventData['packet.routed'] };
  release: { agent_id?: string; reason?: string; delay_seconds?: number };
  /** The timer of a lease: quiet unless this very claim is held and its time is over. */
  lose_claim: {
    lost_claim_id: string;
    /** When the lease ended, as heartbeats had moved it; the end that is recorded when left out. */
    ended_at?: Instant;
    jitter: number;
  };
  /** The router's choice for a packet that has no target; quiet when it has one by now. */
  route: PacketEventData['packet.routed'];
  cancel: { agent_id?: string; reason?: string };
  /** The timer of `expires_at`: quiet before that time. */
  expire: { reason: string };
  retry: { agent_id?: string; reason?: string };
  chain: {
    agent_id?: string;
    child_id: PacketId;
    child: NewPacket;
    /** Where the parts of the child's content that were not sent come from. */
    inherit: Inherit;
    limits: PacketLimits;
    trace_id: string;
    approval_id: string;
    /** Set where the tenant does not let the child's source hand to the named target. */
    edge?: 'forbidden';
    /** The router's choice, for a child without a target. */
    route?: PacketEventData['packet.routed'];
  };
}

export type PacketCommandType = keyof PacketCommandData;

export type PacketCommand = {
  [T in PacketCommandType]: { type: T; meta: CommandMeta; data: PacketCommandData[T] };
}[PacketCommandType];

/** One command by its type. */
export type CommandOf<T extends PacketCommandType> = Extract<PacketCommand, { type: T }>;
