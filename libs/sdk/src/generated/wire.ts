/* eslint-disable max-lines -- generated from docs/openapi.json by npm run docs */

/** Answer of `POST /packets`, `POST /packets/{id}/chain`, `PATCH /packets/{id}` and 19 more. */
export interface PacketDocument {
  /** UUIDv7, or UUIDv8 when derived from an idempotency key. */
  id: string;
  /** 1 to 64 characters. */
  tenant_id: string;
  /** Version of this schema, 1.x.x. 1 to 16 characters. */
  version: string;
  /** A UUID. */
  parent_packet_id: string | null;
  status:
    | 'created'
    | 'claimed'
    | 'in_progress'
    | 'awaiting_human'
    | 'completed'
    | 'failed'
    | 'rejected'
    | 'cancelled'
    | 'expired';
  /** Number of events of the packet; its ETag. 1 at least. */
  revision: number;
  /** Opaque place in the log, a consistency token. 1 to 64 characters. */
  position: string;
  metadata: MetadataDocument;
  context: ContextDocument;
  /** 100,000 entries at most. */
  decisions: DecisionDocument[];
  actions: ActionsDocument;
  /** 100,000 entries at most. */
  dependencies: DependencyDocument[];
  /** The last checkpoint. */
  hitl: Record<string, unknown> | null;
  routing: RoutingBody | null;
  claim_policy: 'target' | 'open';
  retry: RetryDocument;
  /** An RFC 3339 instant. */
  expires_at: string | null;
  /** 1 to 256 characters. */
  schema_id: string | null;
  claim: ClaimDocument | null;
  progress: ProgressDocument | null;
  /** What the claimant completed it with; any JSON. */
  result: unknown;
  failure: FailureDocument | null;
  chain: ChainDocument;
  /** The trace of the create. 32 characters. */
  trace_id: string;
  /** An RFC 3339 instant. */
  created_at: string;
  /** An RFC 3339 instant. */
  updated_at: string;
  _links: LinksDocument;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface MetadataDocument {
  source_agent: AgentBody;
  target_agent?: AgentBody | null | undefined;
  priority: 'low' | 'normal' | 'high' | 'critical';
  /** 10 is most urgent. 1 to 10. */
  priority_level: number;
  /** 64 entries at most, each 1 to 128 characters. */
  tags: string[];
  /** 1 to 2,000 characters. */
  reason?: string | null | undefined;
  /** An RFC 3339 instant. */
  deadline?: string | null | undefined;
  /** An RFC 3339 instant. */
  created_at: string;
  /** An RFC 3339 instant. */
  claimed_at: string | null;
  /** An RFC 3339 instant. */
  completed_at: string | null;
}

/** Part of `MetadataDocument`, `ClaimDocument`, `MetadataBody`. */
export interface AgentBody {
  /** Stable id of the agent; `human` as a target means a person. 1 to 256 characters. */
  id: string;
  /** 1 to 256 characters. */
  name: string;
  /** 1 to 128 characters. */
  framework?: string | null | undefined;
  /** 1 to 128 characters. */
  version?: string | null | undefined;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface ContextDocument {
  /** 100,000 entries at most. */
  conversation_state?: TurnDocument[] | null | undefined;
  /** 100,000 entries at most. */
  artifacts?: ArtifactDocument[] | null | undefined;
  custom?: Record<string, unknown> | null | undefined;
  /** What the receiver must know, in prose. 1 to 20,000 characters. */
  summary: string;
}

/** Part of `ContextDocument`. */
export interface TurnDocument {
  /** The ancestor that it was taken over from. A UUID. */
  inherited_from?: string | null | undefined;
  role: 'user' | 'agent' | 'system' | 'human';
  /** 200,000 characters at most. */
  content: string;
  /** RFC 3339 instant. */
  timestamp?: string | null | undefined;
  /** Free JSON. */
  metadata?: Record<string, unknown> | null | undefined;
}

/** Part of `ContextDocument`. */
export interface ArtifactDocument {
  /** The ancestor that it was taken over from. A UUID. */
  inherited_from?: string | null | undefined;
  /** Unique in the packet. 1 to 256 characters. */
  key: string;
  /** A string, an object or an array. */
  value?: string | Record<string, unknown> | unknown[] | null | undefined;
  /** An absolute URL. 1 to 4,096 characters. */
  url?: string | null | undefined;
  /** Media type. 1 to 256 characters. */
  content_type?: string | null | undefined;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface DecisionDocument {
  /** The ancestor that it was taken over from. A UUID. */
  inherited_from?: string | null | undefined;
  /** Unique in the packet. 1 to 256 characters. */
  id: string;
  /** 1 to 5,000 characters. */
  decision: string;
  /** 1 to 10,000 characters. */
  rationale: string;
  /** 50 entries at most, each 1 to 2,000 characters. */
  alternatives?: string[] | null | undefined;
  /** 1 to 256 characters. */
  decided_by?: string | null | undefined;
  /** RFC 3339 instant. */
  timestamp?: string | null | undefined;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface ActionsDocument {
  /** 100,000 entries at most. */
  pending: PendingActionDocument[];
  /** 100,000 entries at most. */
  completed: CompletedActionDocument[];
  /** 100,000 entries at most. */
  failed: FailedActionDocument[];
}

/** Part of `ActionsDocument`. */
export interface PendingActionDocument {
  priority?: 'low' | 'normal' | 'high' | 'critical' | null | undefined;
  /** The ancestor that it was taken over from. A UUID. */
  inherited_from?: string | null | undefined;
  /** Unique over the three lists of actions. 1 to 256 characters. */
  id: string;
  /** 1 to 5,000 characters. */
  description: string;
  /** Id of the agent or person. 1 to 256 characters. */
  assignee: string;
  /** Ids of actions of this packet. 100 entries at most, each 1 to 256 characters. */
  depends_on?: string[] | null | undefined;
  /** RFC 3339 instant. */
  deadline?: string | null | undefined;
}

/** Part of `ActionsDocument`. */
export interface CompletedActionDocument {
  /** The ancestor that it was taken over from. A UUID. */
  inherited_from?: string | null | undefined;
  /** 1 to 256 characters. */
  id: string;
  /** 1 to 5,000 characters. */
  description: string;
  /** 20,000 characters at most. */
  result: string;
  /** 1 to 256 characters. */
  completed_by?: string | null | undefined;
  /** RFC 3339 instant. */
  completed_at?: string | null | undefined;
}

/** Part of `ActionsDocument`. */
export interface FailedActionDocument {
  /** The ancestor that it was taken over from. A UUID. */
  inherited_from?: string | null | undefined;
  /** 1 to 256 characters. */
  id: string;
  /** 1 to 5,000 characters. */
  description: string;
  /** 1 to 10,000 characters. */
  error: string;
  /** 0 to 1,000. */
  retries_remaining?: number | null | undefined;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface DependencyDocument {
  /** The ancestor that it was taken over from. A UUID. */
  inherited_from?: string | null | undefined;
  /** Unique in the packet. 1 to 256 characters. */
  id: string;
  type: 'data' | 'api' | 'human_approval' | 'external_event' | 'resource';
  /** 1 to 5,000 characters. */
  description: string;
  status?: 'blocked' | 'available' | 'unknown' | null | undefined;
  /** 1 to 1,024 characters. */
  source?: string | null | undefined;
}

/** Part of `PacketDocument`, `FoundPacketDocument`, `CreatePacketBody` and 2 more. */
export interface RoutingBody {
  /** 64 entries at most, each 1 to 64 characters. */
  capabilities?: string[] | null | undefined;
  /** Agent ids, first choice. 100 entries at most, each 1 to 256 characters. */
  prefer?: string[] | null | undefined;
  /** Agent ids, never chosen. 100 entries at most, each 1 to 256 characters. */
  exclude?: string[] | null | undefined;
  strategy?: 'capability' | 'keywords' | 'llm' | null | undefined;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface RetryDocument {
  /** 1 to 100. */
  max_attempts: number;
  /** 0 to 86,400. */
  backoff_seconds: number;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface ClaimDocument {
  agent: AgentBody;
  /** The fencing token: send it with every command of this claim. 1 to 128 characters. */
  claim_id: string;
  /** Grows by one at each claim of the packet. 1 to 1,000,000. */
  attempt: number;
  /** An RFC 3339 instant. */
  claimed_at: string;
  /** 1 to 43,200. */
  lease_seconds?: number | null | undefined;
  /** An RFC 3339 instant. */
  lease_expires_at?: string | null | undefined;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface ProgressDocument {
  /** 0 to 100. */
  percent: number;
  /** 1 to 2,000 characters. */
  note?: string | null | undefined;
  /** An RFC 3339 instant. */
  updated_at: string;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface FailureDocument {
  /** 1 to 256 characters. */
  code: string;
  /** 20,000 characters at most. */
  reason: string;
  retryable: boolean;
  /** An RFC 3339 instant. */
  at: string;
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface ChainDocument {
  /** A UUID. */
  root_id: string;
  /** 0 to 1,000. */
  depth: number;
  /** Agent ids from the root's source on. 2,000 entries at most, each 1 to 256 characters. */
  path: string[];
}

/** Part of `PacketDocument`, `FoundPacketDocument`. */
export interface LinksDocument {
  /** 1 to 512 characters. */
  self: string;
  /** 1 to 512 characters. */
  claim: string;
  /** 1 to 512 characters. */
  history: string;
  /** 1 to 512 characters. */
  lineage: string;
}

/** Answer of `GET /packets`, `GET /packets/awaiting`. */
export interface PacketListDocument {
  /** 200 entries at most. */
  packets: PacketDocument[];
  /** Of the whole filter. */
  total: number;
  /** There are more than were counted. */
  total_capped: boolean;
  /** 1 to 200. */
  limit: number;
  /** 0 to 10,000. */
  offset: number;
  /** Null at the end. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Answer of `GET /packets/search`. */
export interface PacketSearchDocument {
  /** Best first. 200 entries at most. */
  packets: FoundPacketDocument[];
  /** Of the whole filter. */
  total: number;
  /** There are more than were counted. */
  total_capped: boolean;
  /** 1 to 200. */
  limit: number;
  /** 0 to 10,000. */
  offset: number;
  /** Null at the end. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Part of `PacketSearchDocument`. */
export interface FoundPacketDocument {
  /** HTML-escaped, the matches in <mark>. 100 entries at most, each 10,000 characters at most. */
  highlights: string[];
  /** UUIDv7, or UUIDv8 when derived from an idempotency key. */
  id: string;
  /** 1 to 64 characters. */
  tenant_id: string;
  /** Version of this schema, 1.x.x. 1 to 16 characters. */
  version: string;
  /** A UUID. */
  parent_packet_id: string | null;
  status:
    | 'created'
    | 'claimed'
    | 'in_progress'
    | 'awaiting_human'
    | 'completed'
    | 'failed'
    | 'rejected'
    | 'cancelled'
    | 'expired';
  /** Number of events of the packet; its ETag. 1 at least. */
  revision: number;
  /** Opaque place in the log, a consistency token. 1 to 64 characters. */
  position: string;
  metadata: MetadataDocument;
  context: ContextDocument;
  /** 100,000 entries at most. */
  decisions: DecisionDocument[];
  actions: ActionsDocument;
  /** 100,000 entries at most. */
  dependencies: DependencyDocument[];
  /** The last checkpoint. */
  hitl: Record<string, unknown> | null;
  routing: RoutingBody | null;
  claim_policy: 'target' | 'open';
  retry: RetryDocument;
  /** An RFC 3339 instant. */
  expires_at: string | null;
  /** 1 to 256 characters. */
  schema_id: string | null;
  claim: ClaimDocument | null;
  progress: ProgressDocument | null;
  /** What the claimant completed it with; any JSON. */
  result: unknown;
  failure: FailureDocument | null;
  chain: ChainDocument;
  /** The trace of the create. 32 characters. */
  trace_id: string;
  /** An RFC 3339 instant. */
  created_at: string;
  /** An RFC 3339 instant. */
  updated_at: string;
  _links: LinksDocument;
}

/** Answer of `GET /approvals`. */
export interface ApprovalListDocument {
  /** Due first; those never due last, the oldest of them first. 200 entries at most. */
  approvals: InboxApprovalDocument[];
  /** Of the whole filter. */
  total: number;
  /** There are more than were counted. */
  total_capped: boolean;
  /** 1 to 200. */
  limit: number;
  /** Null at the end. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Part of `ApprovalListDocument`. */
export interface InboxApprovalDocument {
  /** The packet as it is now. */
  packet: AskingPacketDocument;
  /** A UUID. */
  id: string;
  /** 1 to 64 characters. */
  tenant_id: string;
  /** A UUID. */
  packet_id: string;
  state: 'open' | 'approved' | 'denied' | 'answered' | 'timed_out' | 'voided';
  /** Why a person must decide. 1 to 2,000 characters. */
  reason: string;
  /** 1 to 5,000 characters. */
  question?: string | null | undefined;
  /** 50 entries at most. */
  options: ApprovalOptionDocument[];
  strict_options: boolean;
  /** JSON Schema of the structured answer. */
  response_schema?: Record<string, unknown> | null | undefined;
  /** Those that the ladder added included; none: any key that may respond. 2,000 entries at most. */
  approvers: ApproverBody[];
  quorum: QuorumDocument;
  allow_agents: boolean;
  allow_edits: boolean;
  /** 1 to 31,536,000. */
  timeout_seconds?: number | null | undefined;
  on_timeout: 'deny' | 'approve' | 'escalate' | 'fail' | 'wait';
  /** 10 entries at most. */
  escalation: EscalationStepBody[];
  /** 1 to 31,536,000. */
  remind_before_seconds?: number | null | undefined;
  /** The agent or key that asked; it cannot answer. 1 to 256 characters. */
  requested_by: string;
  /** An RFC 3339 instant. */
  requested_at: string;
  /** SHA-256 of what was to be approved, in the form of RFC 8785. 64 characters. */
  content_digest: string;
  /** The last one of each approver. 10,000 entries at most. */
  votes: VoteDocument[];
  /** Steps of the ladder that were taken. 0 to 10. */
  escalation_step: number;
  /** When the next step or the timeout is due. An RFC 3339 instant. */
  expires_at: string | null;
  /** An RFC 3339 instant. */
  reminded_at: string | null;
  /** The answer that ended it. 1 to 10,000 characters. */
  response: string | null;
  /** 1 to 256 characters. */
  responded_by: string | null;
  /** An RFC 3339 instant. */
  responded_at: string | null;
  /** 1 to 10,000 characters. */
  notes: string | null;
  /** The change that came with the answer. */
  edits: Record<string, unknown> | null;
  /** An RFC 3339 instant. */
  ended_at: string | null;
  /** What the timeout did. */
  effect: 'deny' | 'approve' | 'fail' | null;
  _links: ApprovalLinksDocument;
}

/** Part of `InboxApprovalDocument`. */
export interface AskingPacketDocument {
  status:
    | 'created'
    | 'claimed'
    | 'in_progress'
    | 'awaiting_human'
    | 'completed'
    | 'failed'
    | 'rejected'
    | 'cancelled'
    | 'expired';
  /** The first 500 characters. 500 characters at most. */
  summary: string;
  /** 10 is most urgent. 1 to 10. */
  priority_level: number;
  /** 1 to 256 characters. */
  source_agent: string;
  /** 1 to 256 characters. */
  target_agent: string | null;
}

/** Part of `InboxApprovalDocument`, `ApprovalDocument`. */
export interface ApprovalOptionDocument {
  /** 1 to 256 characters. */
  label: string;
  decision: 'approve' | 'deny' | 'custom';
  /** 1 to 2,000 characters. */
  description?: string | null | undefined;
}

/** Part of `InboxApprovalDocument`, `EscalationStepBody`, `ApprovalDocument`, `HitlBody`. */
export interface ApproverBody {
  /** 1 to 256 characters. */
  id: string;
  kind: 'user' | 'group';
  /** 1 to 256 characters. */
  name?: string | null | undefined;
}

/** Part of `InboxApprovalDocument`, `ApprovalDocument`. */
export interface QuorumDocument {
  /** an integer from 1 to 100, or "all". */
  approve: 'all' | number;
  /** an integer from 1 to 100, or "all". */
  deny: 'all' | number;
}

/** Part of `InboxApprovalDocument`, `ApprovalDocument`, `HitlBody`. */
export interface EscalationStepBody {
  /** 1 to 31,536,000. */
  after_seconds: number;
  /** 100 entries at most. */
  approvers: ApproverBody[];
  /** 20 entries at most, each 1 to 256 characters. */
  notify?: string[] | null | undefined;
}

/** Part of `InboxApprovalDocument`, `ApprovalDocument`. */
export interface VoteDocument {
  /** Whose vote it is, as authenticated. 1 to 512 characters. */
  approver: string;
  /** Id of the key that brought it. 1 to 64 characters. */
  key_id?: string | null | undefined;
  decision: 'approve' | 'deny' | 'custom';
  /** 1 to 10,000 characters. */
  response: string;
  /** As the caller called them. 1 to 256 characters. */
  responded_by: string;
  /** An RFC 3339 instant. */
  at: string;
  answer?: unknown;
  /** 1 to 10,000 characters. */
  notes?: string | null | undefined;
}

/** Part of `InboxApprovalDocument`, `ApprovalDocument`. */
export interface ApprovalLinksDocument {
  /** 1 to 512 characters. */
  self: string;
  /** 1 to 512 characters. */
  respond: string;
  /** 1 to 512 characters. */
  packet: string;
}

/** Answer of `GET /packets/{id}/history`. */
export interface HistoryDocument {
  /** A UUID. */
  packet_id: string;
  /** Oldest first. 200 entries at most. */
  events: HistoryEventDocument[];
  /** Null at the end. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Part of `HistoryDocument`. */
export interface HistoryEventDocument {
  /** A UUID. */
  id: string;
  /** A UUID. */
  packet_id: string;
  /** 1 to 64 characters. */
  event_type: string;
  /** 1 at least. */
  revision: number;
  /** Who did it as authenticated, and what was declared beside it. */
  actor: Record<string, unknown>;
  /** The data of the event; of a create, without the content. */
  details: Record<string, unknown>;
  /** An RFC 3339 instant. */
  timestamp: string;
  /** 32 characters at most. */
  trace_id: string;
}

/** Answer of `GET /packets/{id}/lineage`. */
export interface LineageDocument {
  /** A UUID. */
  packet_id: string;
  /** A UUID. */
  root_id: string;
  /** The whole chain. */
  root: LineageTreeDocument;
  /** From the root down to the parent. 1,000 entries at most. */
  ancestors: LineageNodeDocument[];
  /** Level by level. 1,000 entries at most. */
  descendants: LineageNodeDocument[];
  /** The chain has more packets than are shown. */
  truncated: boolean;
}

/** Part of `LineageDocument`, `LineageTreeDocument`. */
export interface LineageTreeDocument {
  /** 1,000 entries at most. */
  children: LineageTreeDocument[];
  /** A UUID. */
  id: string;
  /** A UUID. */
  parent_packet_id: string | null;
  status:
    | 'created'
    | 'claimed'
    | 'in_progress'
    | 'awaiting_human'
    | 'completed'
    | 'failed'
    | 'rejected'
    | 'cancelled'
    | 'expired';
  /** The first 500 characters. 500 characters at most. */
  summary: string;
  /** 0 to 1,000. */
  depth: number;
  /** 1 to 256 characters. */
  source_agent: string;
  /** 1 to 256 characters. */
  target_agent: string | null;
  /** An RFC 3339 instant. */
  created_at: string;
}

/** Part of `LineageDocument`. */
export interface LineageNodeDocument {
  /** A UUID. */
  id: string;
  /** A UUID. */
  parent_packet_id: string | null;
  status:
    | 'created'
    | 'claimed'
    | 'in_progress'
    | 'awaiting_human'
    | 'completed'
    | 'failed'
    | 'rejected'
    | 'cancelled'
    | 'expired';
  /** The first 500 characters. 500 characters at most. */
  summary: string;
  /** 0 to 1,000. */
  depth: number;
  /** 1 to 256 characters. */
  source_agent: string;
  /** 1 to 256 characters. */
  target_agent: string | null;
  /** An RFC 3339 instant. */
  created_at: string;
}

/** Answer of `POST /packets/{id}/heartbeat`. */
export interface HeartbeatDocument {
  /** When the claim is lost unless another heartbeat comes; null where no lease runs. An RFC 3339 instant. */
  lease_expires_at: string | null;
  directive: 'continue' | 'stop';
  /** Why to stop, or what the packet waits for. 1 to 11,000 characters. */
  reason?: string | null | undefined;
}

/** Answer of `GET /approvals/{id}`. */
export interface ApprovalDocument {
  /** A UUID. */
  id: string;
  /** 1 to 64 characters. */
  tenant_id: string;
  /** A UUID. */
  packet_id: string;
  state: 'open' | 'approved' | 'denied' | 'answered' | 'timed_out' | 'voided';
  /** Why a person must decide. 1 to 2,000 characters. */
  reason: string;
  /** 1 to 5,000 characters. */
  question?: string | null | undefined;
  /** 50 entries at most. */
  options: ApprovalOptionDocument[];
  strict_options: boolean;
  /** JSON Schema of the structured answer. */
  response_schema?: Record<string, unknown> | null | undefined;
  /** Those that the ladder added included; none: any key that may respond. 2,000 entries at most. */
  approvers: ApproverBody[];
  quorum: QuorumDocument;
  allow_agents: boolean;
  allow_edits: boolean;
  /** 1 to 31,536,000. */
  timeout_seconds?: number | null | undefined;
  on_timeout: 'deny' | 'approve' | 'escalate' | 'fail' | 'wait';
  /** 10 entries at most. */
  escalation: EscalationStepBody[];
  /** 1 to 31,536,000. */
  remind_before_seconds?: number | null | undefined;
  /** The agent or key that asked; it cannot answer. 1 to 256 characters. */
  requested_by: string;
  /** An RFC 3339 instant. */
  requested_at: string;
  /** SHA-256 of what was to be approved, in the form of RFC 8785. 64 characters. */
  content_digest: string;
  /** The last one of each approver. 10,000 entries at most. */
  votes: VoteDocument[];
  /** Steps of the ladder that were taken. 0 to 10. */
  escalation_step: number;
  /** When the next step or the timeout is due. An RFC 3339 instant. */
  expires_at: string | null;
  /** An RFC 3339 instant. */
  reminded_at: string | null;
  /** The answer that ended it. 1 to 10,000 characters. */
  response: string | null;
  /** 1 to 256 characters. */
  responded_by: string | null;
  /** An RFC 3339 instant. */
  responded_at: string | null;
  /** 1 to 10,000 characters. */
  notes: string | null;
  /** The change that came with the answer. */
  edits: Record<string, unknown> | null;
  /** An RFC 3339 instant. */
  ended_at: string | null;
  /** What the timeout did. */
  effect: 'deny' | 'approve' | 'fail' | null;
  _links: ApprovalLinksDocument;
}

/** Answer of `GET /stats`. */
export interface StatsDocument {
  /** Packets in each status. */
  by_status: Record<string, unknown>;
  total: number;
  /** Failed with every attempt used up; part of failed. */
  dead_letters: number;
  /** Live, and past their deadline. 0 to 10,000. */
  overdue: number;
  /** There are more than were counted. */
  overdue_capped: boolean;
  /** Packets that wait to be claimed. */
  waiting: WaitingDocument;
  /** Since the packet on offer that has waited longest was offered, or changed. */
  oldest_waiting_seconds: number | null;
  /** Checkpoints that wait for people. */
  approvals_open: number;
  /** Open, and past the time to answer or to the next step. 0 to 10,000. */
  approvals_overdue: number;
  /** What webhooks are still to be told. */
  deliveries: DeliveryStandingDocument;
  /** Open on all gateways; null while that cannot be known. */
  live_streams: number | null;
  /** What happened in the running hour and the 23 before it. */
  last_24h: Record<string, unknown>;
  time_to_claim: DurationsDocument | null;
  time_to_complete: DurationsDocument | null;
  /** From a request for approval to what people decided. */
  time_to_decision: DurationsDocument | null;
}

/** Part of `StatsDocument`. */
export interface WaitingDocument {
  low: number;
  normal: number;
  high: number;
  critical: number;
}

/** Part of `StatsDocument`. */
export interface DeliveryStandingDocument {
  /** To be sent: now, at another attempt, or under way. 0 to 10,000. */
  open: number;
  /** Of these, those that have failed at least once. 0 to 10,000. */
  retrying: number;
  /** Those that could not be delivered. 0 to 10,000. */
  dead_letters: number;
  /** Counting ended at 10,000 of a kind. */
  capped: boolean;
}

/** Part of `StatsDocument`. */
export interface DurationsDocument {
  count: number;
  mean_ms: number;
  /** At most 9 % over the true value. */
  p95_ms: number;
}

/** Answer of `GET /usage`. */
export interface UsageDocument {
  tier: 'free' | 'pro' | 'business' | 'unlimited';
  /** Packets made on this UTC day. */
  packets_per_day: WindowQuotaDocument;
  /** Of all keys; this request counts. */
  requests_per_hour: WindowQuotaDocument;
  /** Of one key: RateLimit in each answer tells what is left. */
  requests_per_minute: BoundDocument;
  /** Registered agents. */
  agents: CountQuotaDocument;
  /** Keys that work. */
  keys: CountQuotaDocument;
  webhooks: CountQuotaDocument;
  /** Live streams that are open, on all gateways. */
  streams: CountQuotaDocument;
  /** Bytes of JSON of one packet. */
  packet_bytes: BoundDocument;
  /** How far back the audit shows. */
  audit_days: BoundDocument;
}

/** Part of `UsageDocument`. */
export interface WindowQuotaDocument {
  /** Null: no limit. */
  limit: number | null;
  /** In this window of the clock; null: not counted. */
  used: number | null;
  /** When the count begins anew. An RFC 3339 instant. */
  resets_at: string;
}

/** Part of `UsageDocument`. */
export interface BoundDocument {
  /** Null: no limit. */
  limit: number | null;
}

/** Part of `UsageDocument`. */
export interface CountQuotaDocument {
  /** Null: no limit. */
  limit: number | null;
  /** There are now. */
  used: number;
}

/** Answer of `GET /system/health`. */
export interface SystemHealthDocument {
  status: 'ok' | 'unavailable';
  versions: VersionsDocument;
  /** Each dependency of the gateway that answered, by name: `ok`, and what it says of itself. */
  checks: Record<string, unknown>;
  /** Events on the log that the read models do not hold. */
  lag_events: number | null;
  /** Of all tenants. */
  backlog: WholeBacklogDocument | null;
  /** Deliveries to webhooks, of all tenants. */
  deliveries: OwedDocument | null;
  /** By name. 200 entries at most. */
  streams: StreamSizeDocument[] | null;
  /** Largest first. 200 entries at most. */
  tables: TableSizeDocument[] | null;
}

/** Part of `SystemHealthDocument`. */
export interface VersionsDocument {
  /** 1 to 64 characters. */
  handoffrail: string;
  /** 1 to 64 characters. */
  node: string;
  /** 1 to 64 characters. */
  nats: string | null;
  /** 1 to 128 characters. */
  postgres: string | null;
}

/** Part of `SystemHealthDocument`. */
export interface WholeBacklogDocument {
  /** Packets that wait to be claimed, by priority. */
  waiting: Record<string, unknown>;
  oldest_waiting_seconds: number | null;
  /** Live, and past their deadline; counted up to 10,001 of each tenant and status. */
  overdue: number;
  dead_letters: number;
  approvals_open: number;
  approvals_overdue: number;
}

/** Part of `SystemHealthDocument`. */
export interface OwedDocument {
  /** Due, and with no process; counted up to 100,000. */
  waiting: number;
  /** How long the first of them has been due. */
  oldest_seconds: number;
}

/** Part of `SystemHealthDocument`. */
export interface StreamSizeDocument {
  /** A bucket begins with `KV_`. 1 to 256 characters. */
  name: string;
  messages: number;
  bytes: number;
  /** 200 entries at most. */
  consumers: ConsumerStandingDocument[];
}

/** Part of `StreamSizeDocument`. */
export interface ConsumerStandingDocument {
  /** 1 to 256 characters. */
  name: string;
  /** Messages that it has not been given yet. */
  pending: number;
  /** Those that it has been given and has not settled. */
  unsettled: number;
}

/** Part of `SystemHealthDocument`. */
export interface TableSizeDocument {
  /** With its schema. 1 to 256 characters. */
  name: string;
  /** With its indexes. */
  bytes: number;
  /** As the statistics have it: an estimate. */
  rows: number | null;
}

/** Part of `LinkListDocument`. */
export interface LinkDocument {
  /** A UUID. */
  link_id: string;
  /** A UUID. */
  approval_id: string;
  /** Who votes by it. 1 to 256 characters. */
  approver: string;
  status: 'open' | 'used' | 'expired' | 'revoked';
  /** An RFC 3339 instant. */
  created_at: string;
  /** Id of the key that made it. 1 to 64 characters. */
  created_by: string;
  /** An RFC 3339 instant. */
  expires_at: string;
  /** An RFC 3339 instant. */
  used_at?: string | null | undefined;
  /** An RFC 3339 instant. */
  revoked_at?: string | null | undefined;
}

/** Answer of `POST /approvals/{id}/links`. */
export interface MadeLinkDocument {
  /** What to send to the approver, shown this once. 1 to 4,096 characters. */
  url: string | null;
  /** A UUID. */
  link_id: string;
  /** A UUID. */
  approval_id: string;
  /** Who votes by it. 1 to 256 characters. */
  approver: string;
  status: 'open' | 'used' | 'expired' | 'revoked';
  /** An RFC 3339 instant. */
  created_at: string;
  /** Id of the key that made it. 1 to 64 characters. */
  created_by: string;
  /** An RFC 3339 instant. */
  expires_at: string;
  /** An RFC 3339 instant. */
  used_at?: string | null | undefined;
  /** An RFC 3339 instant. */
  revoked_at?: string | null | undefined;
}

/** Answer of `GET /approvals/{id}/links`. */
export interface LinkListDocument {
  /** Newest first, without their URLs. 200 entries at most. */
  links: LinkDocument[];
}

/** Answer of `PATCH /keys/{id}`. */
export interface KeyDocument {
  /** A UUID. */
  id: string;
  /** 1 to 64 characters. */
  tenant_id: string;
  /** 1 to 128 characters. */
  name: string;
  /** The first 11 characters of the key. 1 to 11 characters. */
  prefix: string;
  role: 'reader' | 'agent' | 'writer' | 'approver' | 'admin';
  /** The agent that it is bound to. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** Rights (none, read, write) by channel: a name, a beginning with `*` behind it, or `*` for the others. 100 fields at most. */
  channels?: Record<string, 'none' | 'read' | 'write'> | null | undefined;
  platform_admin?: boolean | null | undefined;
  status: 'live' | 'expired' | 'revoked';
  /** An RFC 3339 instant. */
  created_at: string;
  /** Id of the key that made it. 1 to 64 characters. */
  created_by: string;
  /** An RFC 3339 instant. */
  expires_at?: string | null | undefined;
  /** An RFC 3339 instant. */
  revoked_at?: string | null | undefined;
  /** The key that it took the place of. A UUID. */
  replaces?: string | null | undefined;
  /** The key that has taken its place. A UUID. */
  replaced_by?: string | null | undefined;
  /** To the minute; null: never. An RFC 3339 instant. */
  last_used_at: string | null;
}

/** Answer of `POST /keys`, `POST /keys/{id}/rotate`. */
export interface MadeKeyDocument {
  /** The key itself, shown this once. 1 to 64 characters. */
  key: string | null;
  /** A UUID. */
  id: string;
  /** 1 to 64 characters. */
  tenant_id: string;
  /** 1 to 128 characters. */
  name: string;
  /** The first 11 characters of the key. 1 to 11 characters. */
  prefix: string;
  role: 'reader' | 'agent' | 'writer' | 'approver' | 'admin';
  /** The agent that it is bound to. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** Rights (none, read, write) by channel: a name, a beginning with `*` behind it, or `*` for the others. 100 fields at most. */
  channels?: Record<string, 'none' | 'read' | 'write'> | null | undefined;
  platform_admin?: boolean | null | undefined;
  status: 'live' | 'expired' | 'revoked';
  /** An RFC 3339 instant. */
  created_at: string;
  /** Id of the key that made it. 1 to 64 characters. */
  created_by: string;
  /** An RFC 3339 instant. */
  expires_at?: string | null | undefined;
  /** An RFC 3339 instant. */
  revoked_at?: string | null | undefined;
  /** The key that it took the place of. A UUID. */
  replaces?: string | null | undefined;
  /** The key that has taken its place. A UUID. */
  replaced_by?: string | null | undefined;
  /** To the minute; null: never. An RFC 3339 instant. */
  last_used_at: string | null;
}

/** Answer of `GET /keys`, `GET /tenants/{id}/keys`. */
export interface KeyListDocument {
  /** Newest first. 200 entries at most. */
  keys: KeyDocument[];
  total: number;
  /** 1 to 200. */
  limit: number;
  /** Null at the end. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Answer of `POST /tenants`, `GET /tenants/{id}`, `PATCH /tenants/{id}`. */
export interface TenantDocument {
  /** 1 to 64 characters. */
  id: string;
  /** 1 to 128 characters. */
  name: string;
  tier: 'free' | 'pro' | 'business' | 'unlimited';
  overrides: OverridesBody;
  /** What holds for the tenant: the limits of its tier with its overrides; null: no limit. */
  limits: {
    packets_per_day: number | null;
    agents: number | null;
    keys: number | null;
    packet_bytes: number | null;
    requests_per_hour: number | null;
    requests_per_minute: number | null;
    streams: number | null;
    webhooks: number | null;
    audit_days: number | null;
  };
  /** Time to live of packets that name none. 1 to 31,536,000. */
  default_ttl_seconds?: number | null | undefined;
  /** An RFC 3339 instant. */
  created_at: string;
}

/** Part of `TenantDocument`, `CreateTenantBody`, `ChangeTenantBody`. */
export interface OverridesBody {
  /** Packets per UTC day; null: no limit. */
  packets_per_day?: number | null | undefined;
  /** Registered agents; null: no limit. */
  agents?: number | null | undefined;
  /** Live API keys; null: no limit. */
  keys?: number | null | undefined;
  /** Bytes of JSON of one packet. 1,024 to 1,048,576. */
  packet_bytes?: number | null | undefined;
  /** Requests per hour of all its keys; null: no limit. */
  requests_per_hour?: number | null | undefined;
  /** Requests per minute of one key; null: no limit. */
  requests_per_minute?: number | null | undefined;
  /** Open live streams; null: no limit. */
  streams?: number | null | undefined;
  /** Webhooks; null: no limit. */
  webhooks?: number | null | undefined;
  /** Days that its audit is kept; null: no limit. */
  audit_days?: number | null | undefined;
}

/** Answer of `GET /tenants`. */
export interface TenantListDocument {
  /** Oldest first. 200 entries at most. */
  tenants: TenantDocument[];
  total: number;
  /** 1 to 200. */
  limit: number;
  /** Null at the end. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Answer of `POST /api/signup`. */
export interface SignedUpDocument {
  tenant: TenantDocument;
  key: MadeKeyDocument;
}

/** Part of `AuditListDocument`. */
export interface AuditEntryDocument {
  /** A UUID. */
  id: string;
  /** An RFC 3339 instant. */
  timestamp: string;
  /** The type of a packet’s event, or the operation: its tag and its name here. 1 to 128 characters. */
  action: string;
  result: 'allowed' | 'denied';
  /** unknown: the gateway did not live, or could not, tell whether it was made. */
  outcome: 'done' | 'refused' | 'unknown';
  actor: AuditActorDocument;
  /** The path of what it is about. 1 to 1,024 characters. */
  resource: string;
  /** A UUID. */
  packet_id: string | null;
  /** Why it was refused. */
  reason: AuditReasonDocument | null;
  /** Of a packet’s event its data; of a change the names of its fields, and the values of some. */
  details: Record<string, unknown>;
  /** 64 characters at most. */
  trace_id: string;
  /** 1 to 128 characters. */
  request_id: string | null;
  /** Refused attempts of the tenant before this one that were too many to be kept. */
  dropped: number;
}

/** Part of `AuditEntryDocument`. */
export interface AuditActorDocument {
  type: 'agent' | 'human' | 'system' | 'unknown';
  /** 1 to 256 characters. */
  id: string;
  /** 1 to 64 characters. */
  key_id?: string | null | undefined;
  /** The first 11 characters of the key. 1 to 11 characters. */
  key_prefix?: string | null | undefined;
}

/** Part of `AuditEntryDocument`. */
export interface AuditReasonDocument {
  /** A problem code. 1 to 64 characters. */
  code: string;
  /** 2,000 characters at most. */
  detail: string;
}

/** Answer of `GET /audit`. */
export interface AuditListDocument {
  /** Newest first. 200 entries at most. */
  entries: AuditEntryDocument[];
  /** 1 to 200. */
  limit: number;
  /** Null at the end. A page may hold few entries, or none, before it. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Answer of `PUT /agents/{agent_id}`, `GET /agents/{agent_id}`. */
export interface AgentDocument {
  /** 1 to 256 characters. */
  id: string;
  /** 1 to 256 characters. */
  name: string;
  /** 1 to 128 characters. */
  framework?: string | null | undefined;
  /** In lower case. 100 entries at most, each 1 to 64 characters. */
  capabilities: string[];
  /** 1 to 10,000. */
  max_concurrency?: number | null | undefined;
  metadata?: Record<string, unknown> | null | undefined;
  /** 1 to 5,000 characters. */
  description?: string | null | undefined;
  /** It has been heard of lately. */
  present: boolean;
  /** When it was last heard of; null after a day. An RFC 3339 instant. */
  seen_at: string | null;
  /** An RFC 3339 instant. */
  created_at: string;
  /** An RFC 3339 instant. */
  updated_at: string;
}

/** Answer of `GET /agents`. */
export interface AgentListDocument {
  /** By id. 200 entries at most. */
  agents: AgentDocument[];
  /** Of the whole filter. */
  total: number;
  /** 1 to 200. */
  limit: number;
  /** Null at the end. 1 to 2,048 characters. */
  next_cursor: string | null;
}

/** Answer of `POST /agents/{agent_id}/heartbeat`. */
export interface PresenceDocument {
  /** 1 to 256 characters. */
  agent_id: string;
  /** An RFC 3339 instant. */
  seen_at: string;
  /** Without another heartbeat it counts as absent from then on. An RFC 3339 instant. */
  present_until: string;
}

/** Answer of `PUT /routing/edges`, `GET /routing/edges`. */
export interface EdgesDocument {
  /** The only handoffs allowed; null: all are. 5,000 entries at most. */
  edges: EdgeBody[] | null;
  /** Null while nothing was ever set. An RFC 3339 instant. */
  updated_at: string | null;
}

/** Part of `EdgesDocument`, `SetEdgesBody`. */
export interface EdgeBody {
  /** Id of the agent that hands over; `*` for any. 1 to 256 characters. */
  from: string;
  /** Id of the agent that it may hand to; `*` for any. 1 to 256 characters. */
  to: string;
}

/** Answer of `POST /route`. */
export interface RoutePreviewDocument {
  /** Who would get the packet; null: nobody, for the `reason`. */
  target: TargetAgentBody | null;
  /** The first choice first. 20 entries at most. */
  candidates?: CandidateDocument[] | null | undefined;
  /** By what it was found: named, capability, keywords, preferred, any, llm, or fallback_ and one of these. 1 to 64 characters. */
  strategy?: string | null | undefined;
  /** A number from 0 to 1. */
  confidence?: number | null | undefined;
  /** Why there is nobody. 1 to 1,000 characters. */
  reason?: string | null | undefined;
}

/** Part of `RoutePreviewDocument`, `MetadataBody`. */
export interface TargetAgentBody {
  /** Stable id of the agent; `human` means a person. 1 to 256 characters. */
  id: string;
  /** 1 to 256 characters. */
  name: string;
  /** 1 to 128 characters. */
  framework?: string | null | undefined;
}

/** Part of `RoutePreviewDocument`. */
export interface CandidateDocument {
  /** Id of the agent. 1 to 256 characters. */
  id: string;
  /** A number from 0 to 1. */
  score: number;
  /** In plain words. 1 to 1,000 characters. */
  why: string;
}

/** Answer of `GET /hooks/{id}`, `PATCH /hooks/{id}`, `POST /hooks/{id}/enable`. */
export interface HookDocument {
  /** A UUID. */
  id: string;
  /** 1 to 2,048 characters. */
  url: string;
  /** 1 to 27 entries. */
  events: (
    | 'packet.created'
    | 'packet.routed'
    | 'packet.claimed'
    | 'packet.started'
    | 'packet.progressed'
    | 'packet.updated'
    | 'packet.approval_requested'
    | 'packet.approval_responded'
    | 'packet.approval_escalated'
    | 'packet.approval_reminded'
    | 'packet.approval_timed_out'
    | 'packet.approval_voided'
    | 'packet.released'
    | 'packet.claim_expired'
    | 'packet.completed'
    | 'packet.failed'
    | 'packet.rejected'
    | 'packet.cancelled'
    | 'packet.expired'
    | 'packet.retried'
    | 'packet.chained'
    | 'packet.in_progress'
    | 'packet.awaiting_human'
    | 'hitl.response_ready'
    | 'hook.disabled'
    | 'packet.*'
    | '*'
  )[];
  /** 1 to 1,000 characters. */
  description?: string | null | undefined;
  filter?: HookFilterBody | null | undefined;
  payload: 'full' | 'thin';
  ordered: boolean;
  /** 1 to 10,000. */
  rate_per_second?: number | null | undefined;
  /** The names of the headers that each delivery carries; values are not shown. 20 entries at most, each 1 to 64 characters. */
  header_names: string[];
  status: 'active' | 'disabled' | 'deleted';
  /** It answered 410; it only failed for days; somebody deleted it. */
  disabled_reason?: 'gone' | 'failing' | 'deleted' | null | undefined;
  /** An RFC 3339 instant. */
  disabled_at?: string | null | undefined;
  /** Until then the secret before signs, too. An RFC 3339 instant. */
  previous_secret_until?: string | null | undefined;
  /** An RFC 3339 instant. */
  created_at: string;
  /** Id of the key that made it. 1 to 64 characters. */
  created_by: string;
  /** An RFC 3339 instant. */
  updated_at: string;
}

/** Part of `HookDocument`, `MadeHookDocument`, `CreateHookBody`, `ChangeHookBody`. */
export interface HookFilterBody {
  /** 1 to 256 characters. */
  source_agent?: string | null | undefined;
  /** 1 to 256 characters. */
  target_agent?: string | null | undefined;
  /** All of these. 1 to 64 entries, each 1 to 128 characters. */
  tags?: string[] | null | undefined;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
}

/** Answer of `POST /hooks`. */
export interface MadeHookDocument {
  /** What signs each delivery, shown this once. 16 to 256 characters. */
  secret: string | null;
  /** A UUID. */
  id: string;
  /** 1 to 2,048 characters. */
  url: string;
  /** 1 to 27 entries. */
  events: (
    | 'packet.created'
    | 'packet.routed'
    | 'packet.claimed'
    | 'packet.started'
    | 'packet.progressed'
    | 'packet.updated'
    | 'packet.approval_requested'
    | 'packet.approval_responded'
    | 'packet.approval_escalated'
    | 'packet.approval_reminded'
    | 'packet.approval_timed_out'
    | 'packet.approval_voided'
    | 'packet.released'
    | 'packet.claim_expired'
    | 'packet.completed'
    | 'packet.failed'
    | 'packet.rejected'
    | 'packet.cancelled'
    | 'packet.expired'
    | 'packet.retried'
    | 'packet.chained'
    | 'packet.in_progress'
    | 'packet.awaiting_human'
    | 'hitl.response_ready'
    | 'hook.disabled'
    | 'packet.*'
    | '*'
  )[];
  /** 1 to 1,000 characters. */
  description?: string | null | undefined;
  filter?: HookFilterBody | null | undefined;
  payload: 'full' | 'thin';
  ordered: boolean;
  /** 1 to 10,000. */
  rate_per_second?: number | null | undefined;
  /** The names of the headers that each delivery carries; values are not shown. 20 entries at most, each 1 to 64 characters. */
  header_names: string[];
  status: 'active' | 'disabled' | 'deleted';
  /** It answered 410; it only failed for days; somebody deleted it. */
  disabled_reason?: 'gone' | 'failing' | 'deleted' | null | undefined;
  /** An RFC 3339 instant. */
  disabled_at?: string | null | undefined;
  /** Until then the secret before signs, too. An RFC 3339 instant. */
  previous_secret_until?: string | null | undefined;
  /** An RFC 3339 instant. */
  created_at: string;
  /** Id of the key that made it. 1 to 64 characters. */
  created_by: string;
  /** An RFC 3339 instant. */
  updated_at: string;
}

/** Answer of `GET /hooks`. */
export interface HookListDocument {
  /** Oldest first. 200 entries at most. */
  hooks: HookDocument[];
  /** Of the whole filter. */
  total: number;
  /** 1 to 200. */
  limit: number;
  /** Null at the end. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Answer of `POST /hooks/{id}/rotate-secret`. */
export interface RotatedSecretDocument {
  /** A UUID. */
  hook_id: string;
  /** The new secret, shown this once. 16 to 256 characters. */
  secret: string;
  /** Until then the secret before signs, too; null when it no longer does. An RFC 3339 instant. */
  previous_secret_until: string | null;
}

/** Part of `DeliveryListDocument`. */
export interface DeliveryDocument {
  /** The header X-HR-Delivery. A UUID. */
  id: string;
  /** A UUID. */
  hook_id: string;
  /** A UUID. */
  packet_id: string | null;
  /** The header webhook-id: the same at each attempt, and for every webhook. 1 to 64 characters. */
  event_id: string;
  /** 1 to 64 characters. */
  event_type: string;
  status: 'pending' | 'delivering' | 'delivered' | 'failed' | 'dead_letter';
  /** Oldest first. 1,000 entries at most. */
  attempts: AttemptDocument[];
  /** An RFC 3339 instant. */
  next_retry_at: string | null;
  /** An RFC 3339 instant. */
  delivered_at: string | null;
  /** An RFC 3339 instant. */
  created_at: string;
}

/** Part of `DeliveryDocument`. */
export interface AttemptDocument {
  /** An RFC 3339 instant. */
  at: string;
  /** Null when there was no answer. 100 to 599. */
  status_code: number | null;
  duration_ms: number;
  /** Why it failed. 2,000 characters at most. */
  error: string | null;
  /** The start of the answer, at most 1 KiB. 1,024 characters at most. */
  response_excerpt: string | null;
}

/** Answer of `GET /hooks/dlq`, `GET /hooks/{id}/deliveries`. */
export interface DeliveryListDocument {
  /** Newest first. 200 entries at most. */
  deliveries: DeliveryDocument[];
  /** 1 to 200. */
  limit: number;
  /** Null at the end. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Answer of `POST /hooks/dlq/{delivery_id}/replay`, `POST /hooks/{id}/test`. */
export interface SentDeliveryDocument {
  /** Of the delivery: find it in the log of the webhook. A UUID. */
  delivery_id: string;
}

/** Answer of `POST /hooks/{id}/recover`. */
export interface RecoveredDocument {
  /** Dead letters that are sent again. */
  deliveries: number;
}

/** Answer of `POST /hooks/{id}/replay-missing`. */
export interface StartedReplayDocument {
  /** The log is read from then on; what is missing comes into the log of the webhook. An RFC 3339 instant. */
  since: string;
}

/** Body of `POST (your endpoint)`. */
export interface HookMessageDocument {
  /** The id of the event, and the header webhook-id. 1 to 64 characters. */
  id: string;
  /** The type that the webhook asked for: the event’s own, or an alias. 1 to 64 characters. */
  type: string;
  /** When it happened. An RFC 3339 instant. */
  timestamp: string;
  /** `{packet}`, the packet right after the event; or `{packet_id}`, for a thin webhook. */
  data: Record<string, unknown>;
  /** 1 to 64 characters. */
  tenant_id: string;
  /** Null for what is about no packet. A UUID. */
  packet_id: string | null;
  /** Of the packet: tells the order of its events. 1 at least. */
  revision: number | null;
  /** The place in the log, as in HandoffRail-Min-Position. 1 to 64 characters. */
  position: string | null;
}

/** Answer of `POST /schemas`, `GET /schemas/{id}`. */
export interface SchemaDocument {
  json_schema: Record<string, unknown>;
  /** What a packet names as `schema_id`. A UUID. */
  id: string;
  /** 1 to 128 characters. */
  name: string;
  /** 1 at least. */
  version: number;
  /** An RFC 3339 instant. */
  created_at: string;
  /** Id of the key that registered it. 1 to 64 characters. */
  created_by: string;
}

/** Answer of `GET /schemas`. */
export interface SchemaListDocument {
  /** By name and version, without the schemas themselves. 200 entries at most. */
  schemas: SchemaSummaryDocument[];
  /** Of the whole filter. */
  total: number;
  /** 1 to 200. */
  limit: number;
  /** Null at the end. 1 to 1,024 characters. */
  next_cursor: string | null;
}

/** Part of `SchemaListDocument`. */
export interface SchemaSummaryDocument {
  /** What a packet names as `schema_id`. A UUID. */
  id: string;
  /** 1 to 128 characters. */
  name: string;
  /** 1 at least. */
  version: number;
  /** An RFC 3339 instant. */
  created_at: string;
  /** Id of the key that registered it. 1 to 64 characters. */
  created_by: string;
}

/** Answer of `POST /packets/batch`, `POST /packets/batch/claim`, `POST /packets/batch/complete` and 2 more. */
export interface ProblemDocument {
  /** The page of this kind of problem. 1 to 512 characters. */
  type: string;
  /** 1 to 256 characters. */
  title: string;
  /** 400 to 599. */
  status: number;
  /** A sentence that says what to do. 1 to 4,000 characters. */
  detail: string;
  /** The path of the request. 1 to 4,000 characters. */
  instance: string;
  /** Stable; decide by this. 1 to 64 characters. */
  code: string;
  /** Finds the request in traces and logs. 32 characters. */
  trace_id: string;
  /** 2,000 characters at most. */
  field?: string | null | undefined;
  /** Each field that is wrong. 100 entries at most. */
  errors?: FieldErrorDocument[] | null | undefined;
  /** The commands that the status allows. 32 entries at most, each 1 to 64 characters. */
  allowed?: string[] | null | undefined;
  /** 1 to 32 characters. */
  packet_status?: string | null | undefined;
  /** The agent that was faster. 1 to 256 characters. */
  claimed_by?: string | null | undefined;
  /** The current revision. 1 at least. */
  revision?: number | null | undefined;
  /** Seconds. 0 to 86,400. */
  retry_after?: number | null | undefined;
  /** What the tier of the tenant, or its overrides, allow. */
  limit?: number | null | undefined;
  /** What of it is used up. */
  used?: number | null | undefined;
  /** When it is free again by itself. An RFC 3339 instant. */
  resets_at?: string | null | undefined;
}

/** Part of `ProblemDocument`. */
export interface FieldErrorDocument {
  /** Dotted path, such as metadata.source_agent.id; empty for the body. 2,000 characters at most. */
  field: string;
  /** 1 to 64 characters. */
  code: string;
  /** What to do. 1 to 2,000 characters. */
  message: string;
}

/** Body of `POST /packets`. */
export interface CreatePacketBody {
  /** A packet of the same tenant. A UUID. */
  parent_packet_id?: string | null | undefined;
  /** Version of the packet schema, 1.x.x. 1 to 16 characters. */
  version?: string | null | undefined;
  metadata: MetadataBody;
  context: ContextBody;
  /** 1,000 entries at most. */
  decisions?: DecisionBody[] | null | undefined;
  actions?: ActionsBody | null | undefined;
  /** 500 entries at most. */
  dependencies?: DependencyBody[] | null | undefined;
  /** A checkpoint where people decide. */
  hitl?: HitlBody | null | undefined;
  routing?: RoutingBody | null | undefined;
  /** Who may claim. */
  claim_policy?: 'target' | 'open' | null | undefined;
  retry?: RetryBody | null | undefined;
  /** When a packet that is not done expires. An RFC 3339 instant. */
  expires_at?: string | null | undefined;
  /** The same as a time to live. 1 to 31,536,000. */
  ttl_seconds?: number | null | undefined;
  /** A registered JSON Schema that `context` must satisfy. 1 to 256 characters. */
  schema_id?: string | null | undefined;
}

/** Part of `CreatePacketBody`, `ChainPacketBody`, `PreviewRouteBody`. */
export interface MetadataBody {
  source_agent: AgentBody;
  /** Needed unless `routing` is given. */
  target_agent?: TargetAgentBody | null | undefined;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
  /** 64 entries at most, each 1 to 128 characters. */
  tags?: string[] | null | undefined;
  /** Why the work is handed off. 1 to 2,000 characters. */
  reason?: string | null | undefined;
  /** When the work should be done. An RFC 3339 instant. */
  deadline?: string | null | undefined;
}

/** Part of `CreatePacketBody`, `ChainPacketBody`, `PreviewRouteBody`. */
export interface ContextBody {
  /** What the receiver must know, in prose. 1 to 20,000 characters. */
  summary: string;
  /** 2,000 entries at most. */
  conversation_state?: TurnBody[] | null | undefined;
  /** 500 entries at most. */
  artifacts?: ArtifactBody[] | null | undefined;
  /** Free JSON. */
  custom?: Record<string, unknown> | null | undefined;
}

/** Part of `ContextBody`, `ContextPatchBody`. */
export interface TurnBody {
  role: 'user' | 'agent' | 'system' | 'human';
  /** 200,000 characters at most. */
  content: string;
  /** RFC 3339 instant. */
  timestamp?: string | null | undefined;
  /** Free JSON. */
  metadata?: Record<string, unknown> | null | undefined;
}

/** Part of `ContextBody`, `ContextPatchBody`. */
export interface ArtifactBody {
  /** Unique in the packet. 1 to 256 characters. */
  key: string;
  /** A string, an object or an array. */
  value?: string | Record<string, unknown> | unknown[] | null | undefined;
  /** An absolute URL. 1 to 4,096 characters. */
  url?: string | null | undefined;
  /** Media type. 1 to 256 characters. */
  content_type?: string | null | undefined;
}

/** Part of `CreatePacketBody`, `ChainPacketBody`, `UpdatePacketBody`, `ContentPatchBody`. */
export interface DecisionBody {
  /** Unique in the packet. 1 to 256 characters. */
  id: string;
  /** 1 to 5,000 characters. */
  decision: string;
  /** 1 to 10,000 characters. */
  rationale: string;
  /** 50 entries at most, each 1 to 2,000 characters. */
  alternatives?: string[] | null | undefined;
  /** 1 to 256 characters. */
  decided_by?: string | null | undefined;
  /** RFC 3339 instant. */
  timestamp?: string | null | undefined;
}

/** Part of `CreatePacketBody`, `ChainPacketBody`, `UpdatePacketBody` and 2 more. */
export interface ActionsBody {
  /** 1,000 entries at most. */
  pending?: PendingActionBody[] | null | undefined;
  /** 1,000 entries at most. */
  completed?: CompletedActionBody[] | null | undefined;
  /** 1,000 entries at most. */
  failed?: FailedActionBody[] | null | undefined;
}

/** Part of `ActionsBody`. */
export interface PendingActionBody {
  /** Unique over the three lists of actions. 1 to 256 characters. */
  id: string;
  /** 1 to 5,000 characters. */
  description: string;
  /** Id of the agent or person. 1 to 256 characters. */
  assignee: string;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
  /** Ids of actions of this packet. 100 entries at most, each 1 to 256 characters. */
  depends_on?: string[] | null | undefined;
  /** RFC 3339 instant. */
  deadline?: string | null | undefined;
}

/** Part of `ActionsBody`. */
export interface CompletedActionBody {
  /** 1 to 256 characters. */
  id: string;
  /** 1 to 5,000 characters. */
  description: string;
  /** 20,000 characters at most. */
  result: string;
  /** 1 to 256 characters. */
  completed_by?: string | null | undefined;
  /** RFC 3339 instant. */
  completed_at?: string | null | undefined;
}

/** Part of `ActionsBody`. */
export interface FailedActionBody {
  /** 1 to 256 characters. */
  id: string;
  /** 1 to 5,000 characters. */
  description: string;
  /** 1 to 10,000 characters. */
  error: string;
  /** 0 to 1,000. */
  retries_remaining?: number | null | undefined;
}

/** Part of `CreatePacketBody`, `ChainPacketBody`, `UpdatePacketBody`, `ContentPatchBody`. */
export interface DependencyBody {
  /** Unique in the packet. 1 to 256 characters. */
  id: string;
  type: 'data' | 'api' | 'human_approval' | 'external_event' | 'resource';
  /** 1 to 5,000 characters. */
  description: string;
  status?: 'blocked' | 'available' | 'unknown' | null | undefined;
  /** 1 to 1,024 characters. */
  source?: string | null | undefined;
}

/** Part of `CreatePacketBody`, `ChainPacketBody`, `UpdatePacketBody`, `RequestApprovalBody`. */
export interface HitlBody {
  /** Whether the packet waits for a person from the start; true when left out. */
  required?: boolean | null | undefined;
  /** Why a person must decide. 1 to 2,000 characters. */
  reason: string;
  /** 1 to 5,000 characters. */
  question?: string | null | undefined;
  /** Up to 50 options, each a text or {label, decision: approve | deny | custom, description}. 50 entries at most. */
  options?:
    | (
        | string
        | {
            /** 1 to 256 characters. */
            label: string;
            decision: 'approve' | 'deny' | 'custom';
            /** 1 to 2,000 characters. */
            description?: string | null | undefined;
          }
      )[]
    | null
    | undefined;
  /** Refuse an answer that is none of the options. */
  strict_options?: boolean | null | undefined;
  /** JSON Schema of the structured answer. */
  response_schema?: Record<string, unknown> | null | undefined;
  /** 100 entries at most. */
  approvers?: ApproverBody[] | null | undefined;
  quorum?: QuorumBody | null | undefined;
  /** Whether a key with role agent may answer. */
  allow_agents?: boolean | null | undefined;
  /** Whether an answer may change the content. */
  allow_edits?: boolean | null | undefined;
  /** 1 to 31,536,000. */
  timeout_seconds?: number | null | undefined;
  on_timeout?: 'deny' | 'approve' | 'escalate' | 'fail' | 'wait' | null | undefined;
  /** 10 entries at most. */
  escalation?: EscalationStepBody[] | null | undefined;
  /** 1 to 31,536,000. */
  remind_before_seconds?: number | null | undefined;
}

/** Part of `HitlBody`. */
export interface QuorumBody {
  /** an integer from 1 to 100, or "all". */
  approve?: 'all' | number | null | undefined;
  /** an integer from 1 to 100, or "all". */
  deny?: 'all' | number | null | undefined;
}

/** Part of `CreatePacketBody`, `ChainPacketBody`. */
export interface RetryBody {
  /** Claims before the packet is a dead letter; 5 when left out. 1 to 100. */
  max_attempts?: number | null | undefined;
  /** Base of the wait before it is offered again. 0 to 86,400. */
  backoff_seconds?: number | null | undefined;
}

/** Body of `POST /packets/{id}/chain`. */
export interface ChainPacketBody {
  /** "all", "none", or a list of conversation, decisions, pending_actions, dependencies, artifacts, custom. */
  inherit?:
    | 'all'
    | 'none'
    | ('conversation' | 'decisions' | 'pending_actions' | 'dependencies' | 'artifacts' | 'custom')[]
    | null
    | undefined;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. 1 to 128 characters. */
  claim_id?: string | null | undefined;
  /** Version of the packet schema, 1.x.x. 1 to 16 characters. */
  version?: string | null | undefined;
  metadata: MetadataBody;
  context: ContextBody;
  /** 1,000 entries at most. */
  decisions?: DecisionBody[] | null | undefined;
  actions?: ActionsBody | null | undefined;
  /** 500 entries at most. */
  dependencies?: DependencyBody[] | null | undefined;
  /** A checkpoint where people decide. */
  hitl?: HitlBody | null | undefined;
  routing?: RoutingBody | null | undefined;
  /** Who may claim. */
  claim_policy?: 'target' | 'open' | null | undefined;
  retry?: RetryBody | null | undefined;
  /** When a packet that is not done expires. An RFC 3339 instant. */
  expires_at?: string | null | undefined;
  /** The same as a time to live. 1 to 31,536,000. */
  ttl_seconds?: number | null | undefined;
  /** A registered JSON Schema that `context` must satisfy. 1 to 256 characters. */
  schema_id?: string | null | undefined;
}

/** Body of `PATCH /packets/{id}`. */
export interface UpdatePacketBody {
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. 1 to 128 characters. */
  claim_id?: string | null | undefined;
  /** Runs start, complete, fail or request-approval. */
  status?: 'in_progress' | 'completed' | 'failed' | 'awaiting_human' | null | undefined;
  /** With status awaiting_human: the checkpoint. */
  hitl?: HitlBody | null | undefined;
  /** With status completed. */
  result?: unknown;
  /** With status failed. 1 to 10,000 characters. */
  reason?: string | null | undefined;
  /** With status failed: a short code. 1 to 64 characters, as `^[a-z0-9_.-]+$`. */
  code?: string | null | undefined;
  /** With status failed. */
  retryable?: boolean | null | undefined;
  context?: ContextPatchBody | null | undefined;
  /** Merged by id. 1,000 entries at most. */
  decisions?: DecisionBody[] | null | undefined;
  /** Merged by id over the three lists. */
  actions?: ActionsBody | null | undefined;
  /** Merged by id. 500 entries at most. */
  dependencies?: DependencyBody[] | null | undefined;
  metadata?: MetadataPatchBody | null | undefined;
}

/** Part of `UpdatePacketBody`, `ContentPatchBody`. */
export interface ContextPatchBody {
  /** 1 to 20,000 characters. */
  summary?: string | null | undefined;
  /** Replaces; null empties. 2,000 entries at most. */
  conversation_state?: TurnBody[] | null | undefined;
  /** Replaces; null empties. 500 entries at most. */
  artifacts?: ArtifactBody[] | null | undefined;
  /** JSON Merge Patch (RFC 7396). */
  custom?: Record<string, unknown> | null | undefined;
  /** 2,000 entries at most. */
  append_conversation?: TurnBody[] | null | undefined;
  /** By key. 500 entries at most. */
  upsert_artifacts?: ArtifactBody[] | null | undefined;
}

/** Part of `UpdatePacketBody`, `ContentPatchBody`. */
export interface MetadataPatchBody {
  /** 64 entries at most, each 1 to 128 characters. */
  tags?: string[] | null | undefined;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
  /** Null removes it. An RFC 3339 instant. */
  deadline?: string | null | undefined;
}

/** Body of `POST /packets/claim-next`. */
export interface ClaimNextBody {
  /** Beside those it is registered with. 100 entries at most, each 1 to 64 characters. */
  capabilities?: string[] | null | undefined;
  /** Only packets that have all of them. 64 entries at most, each 1 to 128 characters. */
  tags?: string[] | null | undefined;
  /** Packets at most; 1 when left out. 1 to 50. */
  max?: number | null | undefined;
  /** How long to wait for work when there is none. 0 to 30. */
  wait_seconds?: number | null | undefined;
  /** 1 to 256 characters. */
  agent_id: string;
  /** The agent id when left out. 1 to 256 characters. */
  agent_name?: string | null | undefined;
  /** 1 to 128 characters. */
  framework?: string | null | undefined;
  /** The claim is lost when no heartbeat comes in time. 1 to 43,200. */
  lease_seconds?: number | null | undefined;
}

/** Body of `POST /packets/{id}/claim`. */
export interface ClaimPacketBody {
  /** 1 to 256 characters. */
  agent_id: string;
  /** The agent id when left out. 1 to 256 characters. */
  agent_name?: string | null | undefined;
  /** 1 to 128 characters. */
  framework?: string | null | undefined;
  /** The claim is lost when no heartbeat comes in time. 1 to 43,200. */
  lease_seconds?: number | null | undefined;
}

/** Body of `POST /packets/{id}/heartbeat`. */
export interface HeartbeatBody {
  /** The fencing token: `claim.claim_id` of the packet that was claimed. 1 to 128 characters. */
  claim_id: string;
  /** The lease from now on; as it was claimed when left out. 1 to 43,200. */
  lease_seconds?: number | null | undefined;
  /** Recorded, as by `/progress`. */
  progress?: HeartbeatProgressBody | null | undefined;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
}

/** Part of `HeartbeatBody`. */
export interface HeartbeatProgressBody {
  /** 0 to 100. */
  percent: number;
  /** 1 to 2,000 characters. */
  note?: string | null | undefined;
}

/** Body of `POST /packets/{id}/start`. */
export interface StartPacketBody {
  /** 1 to 2,000 characters. */
  note?: string | null | undefined;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. 1 to 128 characters. */
  claim_id?: string | null | undefined;
}

/** Body of `POST /packets/{id}/progress`. */
export interface ReportProgressBody {
  /** 0 to 100. */
  percent: number;
  /** 1 to 2,000 characters. */
  note?: string | null | undefined;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. 1 to 128 characters. */
  claim_id?: string | null | undefined;
}

/** Body of `POST /packets/{id}/complete`. */
export interface CompletePacketBody {
  /** Any JSON. */
  result?: unknown;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. 1 to 128 characters. */
  claim_id?: string | null | undefined;
}

/** Body of `POST /packets/{id}/fail`. */
export interface FailPacketBody {
  /** What went wrong. 1 to 10,000 characters. */
  reason: string;
  /** A short code; `failed` when left out. 1 to 64 characters, as `^[a-z0-9_.-]+$`. */
  code?: string | null | undefined;
  /** Offer the packet again while attempts are left. */
  retryable?: boolean | null | undefined;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. 1 to 128 characters. */
  claim_id?: string | null | undefined;
}

/** Body of `POST /packets/{id}/reject`. */
export interface RejectPacketBody {
  /** Why the work is not taken. 1 to 10,000 characters. */
  reason: string;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. 1 to 128 characters. */
  claim_id?: string | null | undefined;
}

/** Body of `POST /packets/{id}/release`. */
export interface ReleasePacketBody {
  /** 1 to 10,000 characters. */
  reason?: string | null | undefined;
  /** Wait before it is offered again. 0 to 31,536,000. */
  delay_seconds?: number | null | undefined;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. 1 to 128 characters. */
  claim_id?: string | null | undefined;
}

/** Body of `POST /packets/{id}/request-approval`. */
export interface RequestApprovalBody {
  /** The checkpoint; it is required whatever it says. */
  hitl: HitlBody;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. 1 to 128 characters. */
  claim_id?: string | null | undefined;
}

/** Body of `POST /packets/{id}/retry`, `POST /packets/{id}/cancel`. */
export interface ReasonBody {
  /** 1 to 10,000 characters. */
  reason?: string | null | undefined;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
}

/** Body of `POST /packets/batch`. */
export interface CreatePacketsBody {
  /** 1 to 500 packets, each a body of POST /packets. 1 to 500 entries. */
  packets: unknown[];
}

/** Body of `POST /packets/batch/claim`. */
export interface ClaimPacketsBody {
  /** Ids of 1 to 500 packets. 1 to 500 entries, each 1 to 64 characters. */
  packet_ids: string[];
  /** 1 to 256 characters. */
  agent_id: string;
  /** The agent id when left out. 1 to 256 characters. */
  agent_name?: string | null | undefined;
  /** 1 to 128 characters. */
  framework?: string | null | undefined;
  /** The claim is lost when no heartbeat comes in time. 1 to 43,200. */
  lease_seconds?: number | null | undefined;
}

/** Body of `POST /packets/batch/complete`. */
export interface CompletePacketsBody {
  /** Ids of 1 to 500 packets. 1 to 500 entries, each 1 to 64 characters. */
  packet_ids: string[];
  /** An object of claim tokens by packet id. */
  claim_ids?: Record<string, string> | null | undefined;
  /** The same result for all. */
  result?: unknown;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
}

/** Body of `POST /packets/batch/retry`, `POST /packets/batch/cancel`. */
export interface ReasonsBody {
  /** Ids of 1 to 500 packets. 1 to 500 entries, each 1 to 64 characters. */
  packet_ids?: string[] | null | undefined;
  /** Instead of packet_ids: the packets that match all of it, oldest first. */
  filter?: PacketFilterBody | null | undefined;
  /** With filter: packets at most; 100 when left out. 1 to 500. */
  limit?: number | null | undefined;
  /** With filter: only tell which packets it would be. */
  dry_run?: boolean | null | undefined;
  /** For whom an unbound key acts. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** 1 to 10,000 characters. */
  reason?: string | null | undefined;
}

/** Part of `ReasonsBody`. */
export interface PacketFilterBody {
  /** Any of these; only such as the command is possible in. 1 to 9 entries. */
  status?:
    | (
        | 'created'
        | 'claimed'
        | 'in_progress'
        | 'awaiting_human'
        | 'completed'
        | 'failed'
        | 'rejected'
        | 'cancelled'
        | 'expired'
      )[]
    | null
    | undefined;
  /** All of these. 1 to 64 entries, each 1 to 128 characters. */
  tags?: string[] | null | undefined;
  /** 1 to 256 characters. */
  source_agent?: string | null | undefined;
  /** 1 to 256 characters. */
  target_agent?: string | null | undefined;
  /** 1 to 256 characters. */
  claimed_by?: string | null | undefined;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
  /** Created after this instant. An RFC 3339 instant. */
  created_after?: string | null | undefined;
  /** Created before this instant. An RFC 3339 instant. */
  created_before?: string | null | undefined;
  /** Whether it was ever to wait for a person. */
  hitl_required?: boolean | null | undefined;
  /** Failed with every attempt used up. */
  dead_letter?: boolean | null | undefined;
  /** Live, and past its deadline. */
  overdue?: boolean | null | undefined;
  /** A UUID. */
  parent_packet_id?: string | null | undefined;
  /** A UUID. */
  root_id?: string | null | undefined;
}

/** Body of `POST /packets/{id}/respond`, `POST /approvals/{id}/respond`. */
export interface RespondBody {
  /** One of the options, or an answer in words of its own. 1 to 10,000 characters. */
  response: string;
  /** Who says so, for those who read it later; whose vote it is, the key decides. 1 to 256 characters. */
  responded_by: string;
  /** What the response means, where it does not say so itself. */
  decision?: 'approve' | 'deny' | null | undefined;
  /** 1 to 10,000 characters. */
  notes?: string | null | undefined;
  /** The structured answer, as `response_schema` asks for it. */
  answer?: unknown;
  /** A change that is made with the approval, where the checkpoint allows edits. */
  edits?: ContentPatchBody | null | undefined;
}

/** Part of `RespondBody`. */
export interface ContentPatchBody {
  context?: ContextPatchBody | null | undefined;
  /** Merged by id. 1,000 entries at most. */
  decisions?: DecisionBody[] | null | undefined;
  /** Merged by id over the three lists. */
  actions?: ActionsBody | null | undefined;
  /** Merged by id. 500 entries at most. */
  dependencies?: DependencyBody[] | null | undefined;
  metadata?: MetadataPatchBody | null | undefined;
}

/** Body of `POST /approvals/{id}/links`. */
export interface CreateLinkBody {
  /** Id of one of the approvers; any id where the checkpoint names none. 1 to 256 characters. */
  approver: string;
  /** How long the link works; a day when left out. 1 to 2,592,000. */
  expires_in_seconds?: number | null | undefined;
}

/** Body of `PUT /agents/{agent_id}`. */
export interface RegisterAgentBody {
  /** 1 to 256 characters. */
  name: string;
  /** 1 to 128 characters. */
  framework?: string | null | undefined;
  /** Up to 100 slugs or free words without a comma; case makes no difference. 100 entries at most, each 1 to 64 characters, as `^\s*[^\s,][^,]*$`. */
  capabilities?: string[] | null | undefined;
  /** Packets that it holds at once, at most. 1 to 10,000. */
  max_concurrency?: number | null | undefined;
  /** Free JSON, at most 16384 bytes. */
  metadata?: Record<string, unknown> | null | undefined;
  /** 1 to 5,000 characters. */
  description?: string | null | undefined;
}

/** Body of `PUT /routing/edges`. */
export interface SetEdgesBody {
  /** The only handoffs allowed; null or left out: all are. 5,000 entries at most. */
  edges?: EdgeBody[] | null | undefined;
}

/** Body of `POST /route`. */
export interface PreviewRouteBody {
  metadata: MetadataBody;
  context: ContextBody;
  actions?: ActionsBody | null | undefined;
  routing?: RoutingBody | null | undefined;
}

/** Body of `POST /hooks`. */
export interface CreateHookBody {
  /** http or https; on the default port, or one from 1024 on. A public host. 1 to 2,048 characters. */
  url: string;
  /** Types of events, `packet.*`, or `*`, which is meant when left out. 1 to 27 entries. */
  events?:
    | (
        | 'packet.created'
        | 'packet.routed'
        | 'packet.claimed'
        | 'packet.started'
        | 'packet.progressed'
        | 'packet.updated'
        | 'packet.approval_requested'
        | 'packet.approval_responded'
        | 'packet.approval_escalated'
        | 'packet.approval_reminded'
        | 'packet.approval_timed_out'
        | 'packet.approval_voided'
        | 'packet.released'
        | 'packet.claim_expired'
        | 'packet.completed'
        | 'packet.failed'
        | 'packet.rejected'
        | 'packet.cancelled'
        | 'packet.expired'
        | 'packet.retried'
        | 'packet.chained'
        | 'packet.in_progress'
        | 'packet.awaiting_human'
        | 'hitl.response_ready'
        | 'hook.disabled'
        | 'packet.*'
        | '*'
      )[]
    | null
    | undefined;
  /** Made by us when left out. After `whsec_`: base64 of 16 bytes or more. 16 to 256 characters. */
  secret?: string | null | undefined;
  /** 1 to 1,000 characters. */
  description?: string | null | undefined;
  /** Only packets of which all of this holds. */
  filter?: HookFilterBody | null | undefined;
  /** `full`: the packet as of the event. `thin`: ids only. */
  payload?: 'full' | 'thin' | null | undefined;
  /** One packet’s events in their order; one that fails holds back those after it. */
  ordered?: boolean | null | undefined;
  /** Requests per second at most. 1 to 10,000. */
  rate_per_second?: number | null | undefined;
  /** Up to 20 headers in printable ASCII, beside those that we set: not Host, Content-*, Webhook-*, X-HR-* and their like. 20 fields at most. */
  headers?: Record<string, string> | null | undefined;
}

/** Body of `PATCH /hooks/{id}`. */
export interface ChangeHookBody {
  /** http or https; on the default port, or one from 1024 on. A public host. 1 to 2,048 characters. */
  url?: string | null | undefined;
  /** Types of events, `packet.*`, or `*`, which is meant when left out. 1 to 27 entries. */
  events?:
    | (
        | 'packet.created'
        | 'packet.routed'
        | 'packet.claimed'
        | 'packet.started'
        | 'packet.progressed'
        | 'packet.updated'
        | 'packet.approval_requested'
        | 'packet.approval_responded'
        | 'packet.approval_escalated'
        | 'packet.approval_reminded'
        | 'packet.approval_timed_out'
        | 'packet.approval_voided'
        | 'packet.released'
        | 'packet.claim_expired'
        | 'packet.completed'
        | 'packet.failed'
        | 'packet.rejected'
        | 'packet.cancelled'
        | 'packet.expired'
        | 'packet.retried'
        | 'packet.chained'
        | 'packet.in_progress'
        | 'packet.awaiting_human'
        | 'hitl.response_ready'
        | 'hook.disabled'
        | 'packet.*'
        | '*'
      )[]
    | null
    | undefined;
  /** 1 to 1,000 characters. */
  description?: string | null | undefined;
  /** Only packets of which all of this holds. */
  filter?: HookFilterBody | null | undefined;
  /** `full`: the packet as of the event. `thin`: ids only. */
  payload?: 'full' | 'thin' | null | undefined;
  /** One packet’s events in their order; one that fails holds back those after it. */
  ordered?: boolean | null | undefined;
  /** Requests per second at most. 1 to 10,000. */
  rate_per_second?: number | null | undefined;
  /** Up to 20 headers in printable ASCII, beside those that we set: not Host, Content-*, Webhook-*, X-HR-* and their like. 20 fields at most. */
  headers?: Record<string, string> | null | undefined;
}

/** Body of `POST /hooks/{id}/rotate-secret`. */
export interface RotateSecretBody {
  /** How long the secret before still signs, too; a day when left out. 0 to 2,592,000. */
  grace_seconds?: number | null | undefined;
  /** Made by us when left out. After `whsec_`: base64 of 16 bytes or more. 16 to 256 characters. */
  secret?: string | null | undefined;
}

/** Body of `POST /hooks/{id}/recover`, `POST /hooks/{id}/replay-missing`. */
export interface SinceBody {
  /** An RFC 3339 instant. */
  since: string;
}

/** Body of `POST /schemas`. */
export interface RegisterSchemaBody {
  /** 1 to 128 characters. */
  name: string;
  /** The one after the newest of this name when left out. 1 at least. */
  version?: number | null | undefined;
  /** JSON Schema 2020-12, 65,536 characters at most, `$ref` into itself only. */
  json_schema: Record<string, unknown>;
}

/** Body of `POST /keys`. */
export interface CreateKeyBody {
  /** 1 to 128 characters. */
  name: string;
  /** What the key may do; agent when left out. */
  role?: 'reader' | 'agent' | 'writer' | 'approver' | 'admin' | null | undefined;
  /** The key acts as this agent and no other. 1 to 256 characters. */
  agent_id?: string | null | undefined;
  /** Rights (none, read, write) by channel: a name, a beginning with `*` behind it, or `*` for the others. 100 fields at most. */
  channels?: Record<string, 'none' | 'read' | 'write'> | null | undefined;
  /** From then on the key is refused. An RFC 3339 instant. */
  expires_at?: string | null | undefined;
  /** Platform admin only. 1 to 64 characters, as `^[a-z0-9][a-z0-9_-]*$`. */
  tenant_id?: string | null | undefined;
}

/** Body of `POST /keys/{id}/rotate`. */
export interface RotateKeyBody {
  /** How long the key before still works; it ends at once when left out. 0 to 2,592,000. */
  grace_seconds?: number | null | undefined;
}

/** Body of `PATCH /keys/{id}`. */
export interface ChangeKeyBody {
  /** 1 to 128 characters. */
  name?: string | null | undefined;
  /** What the key may do from now on. */
  role?: 'reader' | 'agent' | 'writer' | 'approver' | 'admin' | null | undefined;
  /** Rights (none, read, write) by channel: a name, a beginning with `*` behind it, or `*` for the others. 100 fields at most. */
  channels?: Record<string, 'none' | 'read' | 'write'> | null | undefined;
  /** From then on the key is refused. An RFC 3339 instant. */
  expires_at?: string | null | undefined;
}

/** Body of `POST /tenants`. */
export interface CreateTenantBody {
  /** Unique among the living tenants; case makes no difference. 1 to 128 characters. */
  name: string;
  tier?: 'free' | 'pro' | 'business' | 'unlimited' | null | undefined;
  /** What holds in place of the limits of the tier. */
  overrides?: OverridesBody | null | undefined;
  /** Time to live of packets that name neither expires_at nor ttl_seconds; none when left out. 1 to 31,536,000. */
  default_ttl_seconds?: number | null | undefined;
}

/** Body of `PATCH /tenants/{id}`. */
export interface ChangeTenantBody {
  /** Unique among the living tenants; case makes no difference. 1 to 128 characters. */
  name?: string | null | undefined;
  tier?: 'free' | 'pro' | 'business' | 'unlimited' | null | undefined;
  /** What holds in place of the limits of the tier. */
  overrides?: OverridesBody | null | undefined;
  /** Time to live of packets that name neither expires_at nor ttl_seconds; none when left out. 1 to 31,536,000. */
  default_ttl_seconds?: number | null | undefined;
}

/** Body of `POST /api/signup`. */
export interface SignUpBody {
  /** The name of the new tenant: unique, case makes no difference. 1 to 128 characters. */
  team_name: string;
  /** Who makes it: the name of its first key. 1 to 128 characters. */
  sender_name: string;
}
