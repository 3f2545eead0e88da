/* eslint-disable max-lines -- generated from docs/openapi.json by npm run docs */

export interface PacketDocument {
  /** UUIDv7, or UUIDv8 when derived from an idempotency key. */
  id: string;
  tenant_id: string;
  /** Version of this schema, 1.x.x. */
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
  /** Number of events of the packet; its ETag. */
  revision: number;
  /** Opaque place in the log, a consistency token. */
  position: string;
  metadata: MetadataDocument;
  context: ContextDocument;
  decisions: DecisionDocument[];
  actions: ActionsDocument;
  dependencies: DependencyDocument[];
  /** The last checkpoint. */
  hitl: Record<string, unknown> | null;
  routing: RoutingBody | null;
  claim_policy: 'target' | 'open';
  retry: RetryDocument;
  expires_at: string | null;
  schema_id: string | null;
  claim: ClaimDocument | null;
  progress: ProgressDocument | null;
  /** What the claimant completed it with; any JSON. */
  result: unknown;
  failure: FailureDocument | null;
  chain: ChainDocument;
  /** The trace of the create. */
  trace_id: string;
  created_at: string;
  updated_at: string;
  _links: LinksDocument;
}

export interface MetadataDocument {
  source_agent: AgentBody;
  target_agent?: AgentBody | null | undefined;
  priority: 'low' | 'normal' | 'high' | 'critical';
  /** 10 is most urgent. */
  priority_level: number;
  tags: string[];
  reason?: string | null | undefined;
  deadline?: string | null | undefined;
  created_at: string;
  claimed_at: string | null;
  completed_at: string | null;
}

export interface AgentBody {
  /** Stable id of the agent; `human` as a target means a person. */
  id: string;
  name: string;
  framework?: string | null | undefined;
  version?: string | null | undefined;
}

export interface ContextDocument {
  conversation_state?: TurnDocument[] | null | undefined;
  artifacts?: ArtifactDocument[] | null | undefined;
  custom?: Record<string, unknown> | null | undefined;
  /** What the receiver must know, in prose. */
  summary: string;
}

export interface TurnDocument {
  /** The ancestor that it was taken over from. */
  inherited_from?: string | null | undefined;
  role: 'user' | 'agent' | 'system' | 'human';
  content: string;
  /** RFC 3339 instant. */
  timestamp?: string | null | undefined;
  /** Free JSON. */
  metadata?: Record<string, unknown> | null | undefined;
}

export interface ArtifactDocument {
  /** The ancestor that it was taken over from. */
  inherited_from?: string | null | undefined;
  /** Unique in the packet. */
  key: string;
  /** A string, an object or an array. */
  value?: string | Record<string, unknown> | unknown[] | null | undefined;
  /** An absolute URL. */
  url?: string | null | undefined;
  /** Media type. */
  content_type?: string | null | undefined;
}

export interface DecisionDocument {
  /** The ancestor that it was taken over from. */
  inherited_from?: string | null | undefined;
  /** Unique in the packet. */
  id: string;
  decision: string;
  rationale: string;
  alternatives?: string[] | null | undefined;
  decided_by?: string | null | undefined;
  /** RFC 3339 instant. */
  timestamp?: string | null | undefined;
}

export interface ActionsDocument {
  pending: PendingActionDocument[];
  completed: CompletedActionDocument[];
  failed: FailedActionDocument[];
}

export interface PendingActionDocument {
  priority?: 'low' | 'normal' | 'high' | 'critical' | null | undefined;
  /** The ancestor that it was taken over from. */
  inherited_from?: string | null | undefined;
  /** Unique over the three lists of actions. */
  id: string;
  description: string;
  /** Id of the agent or person. */
  assignee: string;
  /** Ids of actions of this packet. */
  depends_on?: string[] | null | undefined;
  /** RFC 3339 instant. */
  deadline?: string | null | undefined;
}

export interface CompletedActionDocument {
  /** The ancestor that it was taken over from. */
  inherited_from?: string | null | undefined;
  id: string;
  description: string;
  result: string;
  completed_by?: string | null | undefined;
  /** RFC 3339 instant. */
  completed_at?: string | null | undefined;
}

export interface FailedActionDocument {
  /** The ancestor that it was taken over from. */
  inherited_from?: string | null | undefined;
  id: string;
  description: string;
  error: string;
  retries_remaining?: number | null | undefined;
}

export interface DependencyDocument {
  /** The ancestor that it was taken over from. */
  inherited_from?: string | null | undefined;
  /** Unique in the packet. */
  id: string;
  type: 'data' | 'api' | 'human_approval' | 'external_event' | 'resource';
  description: string;
  status?: 'blocked' | 'available' | 'unknown' | null | undefined;
  source?: string | null | undefined;
}

export interface RoutingBody {
  capabilities?: string[] | null | undefined;
  /** Agent ids, first choice. */
  prefer?: string[] | null | undefined;
  /** Agent ids, never chosen. */
  exclude?: string[] | null | undefined;
  strategy?: 'capability' | 'keywords' | 'llm' | null | undefined;
}

export interface RetryDocument {
  max_attempts: number;
  backoff_seconds: number;
}

export interface ClaimDocument {
  agent: AgentBody;
  /** The fencing token: send it with every command of this claim. */
  claim_id: string;
  /** Grows by one at each claim of the packet. */
  attempt: number;
  claimed_at: string;
  lease_seconds?: number | null | undefined;
  lease_expires_at?: string | null | undefined;
}

export interface ProgressDocument {
  percent: number;
  note?: string | null | undefined;
  updated_at: string;
}

export interface FailureDocument {
  code: string;
  reason: string;
  retryable: boolean;
  at: string;
}

export interface ChainDocument {
  /** A UUID. */
  root_id: string;
  depth: number;
  /** Agent ids from the root's source on. */
  path: string[];
}

export interface LinksDocument {
  self: string;
  claim: string;
  history: string;
  lineage: string;
}

export interface PacketListDocument {
  packets: PacketDocument[];
  /** Of the whole filter. */
  total: number;
  /** There are more than were counted. */
  total_capped: boolean;
  limit: number;
  offset: number;
  /** Null at the end. */
  next_cursor: string | null;
}

export interface PacketSearchDocument {
  /** Best first. */
  packets: FoundPacketDocument[];
  /** Of the whole filter. */
  total: number;
  /** There are more than were counted. */
  total_capped: boolean;
  limit: number;
  offset: number;
  /** Null at the end. */
  next_cursor: string | null;
}

export interface FoundPacketDocument {
  /** HTML-escaped, the matches in <mark>. */
  highlights: string[];
  /** UUIDv7, or UUIDv8 when derived from an idempotency key. */
  id: string;
  tenant_id: string;
  /** Version of this schema, 1.x.x. */
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
  /** Number of events of the packet; its ETag. */
  revision: number;
  /** Opaque place in the log, a consistency token. */
  position: string;
  metadata: MetadataDocument;
  context: ContextDocument;
  decisions: DecisionDocument[];
  actions: ActionsDocument;
  dependencies: DependencyDocument[];
  /** The last checkpoint. */
  hitl: Record<string, unknown> | null;
  routing: RoutingBody | null;
  claim_policy: 'target' | 'open';
  retry: RetryDocument;
  expires_at: string | null;
  schema_id: string | null;
  claim: ClaimDocument | null;
  progress: ProgressDocument | null;
  /** What the claimant completed it with; any JSON. */
  result: unknown;
  failure: FailureDocument | null;
  chain: ChainDocument;
  /** The trace of the create. */
  trace_id: string;
  created_at: string;
  updated_at: string;
  _links: LinksDocument;
}

export interface ApprovalListDocument {
  /** Due first; those never due last, the oldest of them first. */
  approvals: InboxApprovalDocument[];
  /** Of the whole filter. */
  total: number;
  /** There are more than were counted. */
  total_capped: boolean;
  limit: number;
  /** Null at the end. */
  next_cursor: string | null;
}

export interface InboxApprovalDocument {
  /** The packet as it is now. */
  packet: AskingPacketDocument;
  /** A UUID. */
  id: string;
  tenant_id: string;
  /** A UUID. */
  packet_id: string;
  state: 'open' | 'approved' | 'denied' | 'answered' | 'timed_out' | 'voided';
  /** Why a person must decide. */
  reason: string;
  question?: string | null | undefined;
  options: ApprovalOptionDocument[];
  strict_options: boolean;
  /** JSON Schema of the structured answer. */
  response_schema?: Record<string, unknown> | null | undefined;
  /** Those that the ladder added included; none: any key that may respond. */
  approvers: ApproverBody[];
  quorum: QuorumDocument;
  allow_agents: boolean;
  allow_edits: boolean;
  timeout_seconds?: number | null | undefined;
  on_timeout: 'deny' | 'approve' | 'escalate' | 'fail' | 'wait';
  escalation: EscalationStepBody[];
  remind_before_seconds?: number | null | undefined;
  /** The agent or key that asked; it cannot answer. */
  requested_by: string;
  requested_at: string;
  /** SHA-256 of what was to be approved, in the form of RFC 8785. */
  content_digest: string;
  /** The last one of each approver. */
  votes: VoteDocument[];
  /** Steps of the ladder that were taken. */
  escalation_step: number;
  /** When the next step or the timeout is due. */
  expires_at: string | null;
  reminded_at: string | null;
  /** The answer that ended it. */
  response: string | null;
  responded_by: string | null;
  responded_at: string | null;
  notes: string | null;
  /** The change that came with the answer. */
  edits: Record<string, unknown> | null;
  ended_at: string | null;
  /** What the timeout did. */
  effect: 'deny' | 'approve' | 'fail' | null;
  _links: ApprovalLinksDocument;
}

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
  /** The first 500 characters. */
  summary: string;
  /** 10 is most urgent. */
  priority_level: number;
  source_agent: string;
  target_agent: string | null;
}

export interface ApprovalOptionDocument {
  label: string;
  decision: 'approve' | 'deny' | 'custom';
  description?: string | null | undefined;
}

export interface ApproverBody {
  id: string;
  kind: 'user' | 'group';
  name?: string | null | undefined;
}

export interface QuorumDocument {
  /** an integer from 1 to 100, or "all". */
  approve: 'all' | number;
  /** an integer from 1 to 100, or "all". */
  deny: 'all' | number;
}

export interface EscalationStepBody {
  after_seconds: number;
  approvers: ApproverBody[];
  notify?: string[] | null | undefined;
}

export interface VoteDocument {
  /** Whose vote it is, as authenticated. */
  approver: string;
  /** Id of the key that brought it. */
  key_id?: string | null | undefined;
  decision: 'approve' | 'deny' | 'custom';
  response: string;
  /** As the caller called them. */
  responded_by: string;
  at: string;
  answer?: unknown;
  notes?: string | null | undefined;
}

export interface ApprovalLinksDocument {
  self: string;
  respond: string;
  packet: string;
}

export interface HistoryDocument {
  /** A UUID. */
  packet_id: string;
  /** Oldest first. */
  events: HistoryEventDocument[];
  /** Null at the end. */
  next_cursor: string | null;
}

export interface HistoryEventDocument {
  /** A UUID. */
  id: string;
  /** A UUID. */
  packet_id: string;
  event_type: string;
  revision: number;
  /** Who did it as authenticated, and what was declared beside it. */
  actor: Record<string, unknown>;
  /** The data of the event; of a create, without the content. */
  details: Record<string, unknown>;
  timestamp: string;
  trace_id: string;
}

export interface LineageDocument {
  /** A UUID. */
  packet_id: string;
  /** A UUID. */
  root_id: string;
  /** The whole chain. */
  root: LineageTreeDocument;
  /** From the root down to the parent. */
  ancestors: LineageNodeDocument[];
  /** Level by level. */
  descendants: LineageNodeDocument[];
  /** The chain has more packets than are shown. */
  truncated: boolean;
}

export interface LineageTreeDocument {
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
  /** The first 500 characters. */
  summary: string;
  depth: number;
  source_agent: string;
  target_agent: string | null;
  created_at: string;
}

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
  /** The first 500 characters. */
  summary: string;
  depth: number;
  source_agent: string;
  target_agent: string | null;
  created_at: string;
}

export interface HeartbeatDocument {
  /** When the claim is lost unless another heartbeat comes; null where no lease runs. */
  lease_expires_at: string | null;
  directive: 'continue' | 'stop';
  /** Why to stop, or what the packet waits for. */
  reason?: string | null | undefined;
}

export interface ApprovalDocument {
  /** A UUID. */
  id: string;
  tenant_id: string;
  /** A UUID. */
  packet_id: string;
  state: 'open' | 'approved' | 'denied' | 'answered' | 'timed_out' | 'voided';
  /** Why a person must decide. */
  reason: string;
  question?: string | null | undefined;
  options: ApprovalOptionDocument[];
  strict_options: boolean;
  /** JSON Schema of the structured answer. */
  response_schema?: Record<string, unknown> | null | undefined;
  /** Those that the ladder added included; none: any key that may respond. */
  approvers: ApproverBody[];
  quorum: QuorumDocument;
  allow_agents: boolean;
  allow_edits: boolean;
  timeout_seconds?: number | null | undefined;
  on_timeout: 'deny' | 'approve' | 'escalate' | 'fail' | 'wait';
  escalation: EscalationStepBody[];
  remind_before_seconds?: number | null | undefined;
  /** The agent or key that asked; it cannot answer. */
  requested_by: string;
  requested_at: string;
  /** SHA-256 of what was to be approved, in the form of RFC 8785. */
  content_digest: string;
  /** The last one of each approver. */
  votes: VoteDocument[];
  /** Steps of the ladder that were taken. */
  escalation_step: number;
  /** When the next step or the timeout is due. */
  expires_at: string | null;
  reminded_at: string | null;
  /** The answer that ended it. */
  response: string | null;
  responded_by: string | null;
  responded_at: string | null;
  notes: string | null;
  /** The change that came with the answer. */
  edits: Record<string, unknown> | null;
  ended_at: string | null;
  /** What the timeout did. */
  effect: 'deny' | 'approve' | 'fail' | null;
  _links: ApprovalLinksDocument;
}

export interface StatsDocument {
  /** Packets in each status. */
  by_status: Record<string, unknown>;
  total: number;
  /** Failed with every attempt used up; part of failed. */
  dead_letters: number;
  /** Live, and past their deadline. */
  overdue: number;
  /** There are more than were counted. */
  overdue_capped: boolean;
  /** Packets that wait to be claimed. */
  waiting: WaitingDocument;
  /** Since the packet on offer that has waited longest was offered, or changed. */
  oldest_waiting_seconds: number | null;
  /** Checkpoints that wait for people. */
  approvals_open: number;
  /** Open, and past the time to answer or to the next step. */
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

export interface WaitingDocument {
  low: number;
  normal: number;
  high: number;
  critical: number;
}

export interface DeliveryStandingDocument {
  /** To be sent: now, at another attempt, or under way. */
  open: number;
  /** Of these, those that have failed at least once. */
  retrying: number;
  /** Those that could not be delivered. */
  dead_letters: number;
  /** Counting ended at 10,000 of a kind. */
  capped: boolean;
}

export interface DurationsDocument {
  count: number;
  mean_ms: number;
  /** At most 9 % over the true value. */
  p95_ms: number;
}

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

export interface WindowQuotaDocument {
  /** Null: no limit. */
  limit: number | null;
  /** In this window of the clock; null: not counted. */
  used: number | null;
  /** When the count begins anew. */
  resets_at: string;
}

export interface BoundDocument {
  /** Null: no limit. */
  limit: number | null;
}

export interface CountQuotaDocument {
  /** Null: no limit. */
  limit: number | null;
  /** There are now. */
  used: number;
}

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
  /** By name. */
  streams: StreamSizeDocument[] | null;
  /** Largest first. */
  tables: TableSizeDocument[] | null;
}

export interface VersionsDocument {
  handoffrail: string;
  node: string;
  nats: string | null;
  postgres: string | null;
}

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

export interface OwedDocument {
  /** Due, and with no process; counted up to 100,000. */
  waiting: number;
  /** How long the first of them has been due. */
  oldest_seconds: number;
}

export interface StreamSizeDocument {
  /** A bucket begins with `KV_`. */
  name: string;
  messages: number;
  bytes: number;
  consumers: ConsumerStandingDocument[];
}

export interface ConsumerStandingDocument {
  name: string;
  /** Messages that it has not been given yet. */
  pending: number;
  /** Those that it has been given and has not settled. */
  unsettled: number;
}

export interface TableSizeDocument {
  /** With its schema. */
  name: string;
  /** With its indexes. */
  bytes: number;
  /** As the statistics have it: an estimate. */
  rows: number | null;
}

export interface LinkDocument {
  /** A UUID. */
  link_id: string;
  /** A UUID. */
  approval_id: string;
  /** Who votes by it. */
  approver: string;
  status: 'open' | 'used' | 'expired' | 'revoked';
  created_at: string;
  /** Id of the key that made it. */
  created_by: string;
  expires_at: string;
  used_at?: string | null | undefined;
  revoked_at?: string | null | undefined;
}

export interface MadeLinkDocument {
  /** What to send to the approver, shown this once. */
  url: string | null;
  /** A UUID. */
  link_id: string;
  /** A UUID. */
  approval_id: string;
  /** Who votes by it. */
  approver: string;
  status: 'open' | 'used' | 'expired' | 'revoked';
  created_at: string;
  /** Id of the key that made it. */
  created_by: string;
  expires_at: string;
  used_at?: string | null | undefined;
  revoked_at?: string | null | undefined;
}

export interface LinkListDocument {
  /** Newest first, without their URLs. */
  links: LinkDocument[];
}

export interface KeyDocument {
  /** A UUID. */
  id: string;
  tenant_id: string;
  name: string;
  /** The first 11 characters of the key. */
  prefix: string;
  role: 'reader' | 'agent' | 'writer' | 'approver' | 'admin';
  /** The agent that it is bound to. */
  agent_id?: string | null | undefined;
  /** Rights (none, read, write) by channel: a name, a beginning with `*` behind it, or `*` for the others. */
  channels?: Record<string, 'none' | 'read' | 'write'> | null | undefined;
  platform_admin?: boolean | null | undefined;
  status: 'live' | 'expired' | 'revoked';
  created_at: string;
  /** Id of the key that made it. */
  created_by: string;
  expires_at?: string | null | undefined;
  revoked_at?: string | null | undefined;
  /** The key that it took the place of. */
  replaces?: string | null | undefined;
  /** The key that has taken its place. */
  replaced_by?: string | null | undefined;
  /** To the minute; null: never. */
  last_used_at: string | null;
}

export interface MadeKeyDocument {
  /** The key itself, shown this once. */
  key: string | null;
  /** A UUID. */
  id: string;
  tenant_id: string;
  name: string;
  /** The first 11 characters of the key. */
  prefix: string;
  role: 'reader' | 'agent' | 'writer' | 'approver' | 'admin';
  /** The agent that it is bound to. */
  agent_id?: string | null | undefined;
  /** Rights (none, read, write) by channel: a name, a beginning with `*` behind it, or `*` for the others. */
  channels?: Record<string, 'none' | 'read' | 'write'> | null | undefined;
  platform_admin?: boolean | null | undefined;
  status: 'live' | 'expired' | 'revoked';
  created_at: string;
  /** Id of the key that made it. */
  created_by: string;
  expires_at?: string | null | undefined;
  revoked_at?: string | null | undefined;
  /** The key that it took the place of. */
  replaces?: string | null | undefined;
  /** The key that has taken its place. */
  replaced_by?: string | null | undefined;
  /** To the minute; null: never. */
  last_used_at: string | null;
}

export interface KeyListDocument {
  /** Newest first. */
  keys: KeyDocument[];
  total: number;
  limit: number;
  /** Null at the end. */
  next_cursor: string | null;
}

export interface TenantDocument {
  id: string;
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
  /** Time to live of packets that name none. */
  default_ttl_seconds?: number | null | undefined;
  created_at: string;
}

export interface OverridesBody {
  /** Packets per UTC day; null: no limit. */
  packets_per_day?: number | null | undefined;
  /** Registered agents; null: no limit. */
  agents?: number | null | undefined;
  /** Live API keys; null: no limit. */
  keys?: number | null | undefined;
  /** Bytes of JSON of one packet. */
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

export interface TenantListDocument {
  /** Oldest first. */
  tenants: TenantDocument[];
  total: number;
  limit: number;
  /** Null at the end. */
  next_cursor: string | null;
}

export interface SignedUpDocument {
  tenant: TenantDocument;
  key: MadeKeyDocument;
}

export interface AuditEntryDocument {
  /** A UUID. */
  id: string;
  timestamp: string;
  /** The type of a packet’s event, or the operation: its tag and its name here. */
  action: string;
  result: 'allowed' | 'denied';
  /** unknown: the gateway did not live, or could not, tell whether it was made. */
  outcome: 'done' | 'refused' | 'unknown';
  actor: AuditActorDocument;
  /** The path of what it is about. */
  resource: string;
  /** A UUID. */
  packet_id: string | null;
  /** Why it was refused. */
  reason: AuditReasonDocument | null;
  /** Of a packet’s event its data; of a change the names of its fields, and the values of some. */
  details: Record<string, unknown>;
  trace_id: string;
  request_id: string | null;
  /** Refused attempts of the tenant before this one that were too many to be kept. */
  dropped: number;
}

export interface AuditActorDocument {
  type: 'agent' | 'human' | 'system' | 'unknown';
  id: string;
  key_id?: string | null | undefined;
  /** The first 11 characters of the key. */
  key_prefix?: string | null | undefined;
}

export interface AuditReasonDocument {
  /** A problem code. */
  code: string;
  detail: string;
}

export interface AuditListDocument {
  /** Newest first. */
  entries: AuditEntryDocument[];
  limit: number;
  /** Null at the end. A page may hold few entries, or none, before it. */
  next_cursor: string | null;
}

export interface AgentDocument {
  id: string;
  name: string;
  framework?: string | null | undefined;
  /** In lower case. */
  capabilities: string[];
  max_concurrency?: number | null | undefined;
  metadata?: Record<string, unknown> | null | undefined;
  description?: string | null | undefined;
  /** It has been heard of lately. */
  present: boolean;
  /** When it was last heard of; null after a day. */
  seen_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface AgentListDocument {
  /** By id. */
  agents: AgentDocument[];
  /** Of the whole filter. */
  total: number;
  limit: number;
  /** Null at the end. */
  next_cursor: string | null;
}

export interface PresenceDocument {
  agent_id: string;
  seen_at: string;
  /** Without another heartbeat it counts as absent from then on. */
  present_until: string;
}

export interface EdgesDocument {
  /** The only handoffs allowed; null: all are. */
  edges: EdgeBody[] | null;
  /** Null while nothing was ever set. */
  updated_at: string | null;
}

export interface EdgeBody {
  /** Id of the agent that hands over; `*` for any. */
  from: string;
  /** Id of the agent that it may hand to; `*` for any. */
  to: string;
}

export interface RoutePreviewDocument {
  /** Who would get the packet; null: nobody, for the `reason`. */
  target: TargetAgentBody | null;
  /** The first choice first. */
  candidates?: CandidateDocument[] | null | undefined;
  /** By what it was found: named, capability, keywords, preferred, any, llm, or fallback_ and one of these. */
  strategy?: string | null | undefined;
  /** A number from 0 to 1. */
  confidence?: number | null | undefined;
  /** Why there is nobody. */
  reason?: string | null | undefined;
}

export interface TargetAgentBody {
  /** Stable id of the agent; `human` means a person. */
  id: string;
  name: string;
  framework?: string | null | undefined;
}

export interface CandidateDocument {
  /** Id of the agent. */
  id: string;
  /** A number from 0 to 1. */
  score: number;
  /** In plain words. */
  why: string;
}

export interface HookDocument {
  /** A UUID. */
  id: string;
  url: string;
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
  description?: string | null | undefined;
  filter?: HookFilterBody | null | undefined;
  payload: 'full' | 'thin';
  ordered: boolean;
  rate_per_second?: number | null | undefined;
  /** The names of the headers that each delivery carries; values are not shown. */
  header_names: string[];
  status: 'active' | 'disabled' | 'deleted';
  /** It answered 410; it only failed for days; somebody deleted it. */
  disabled_reason?: 'gone' | 'failing' | 'deleted' | null | undefined;
  disabled_at?: string | null | undefined;
  /** Until then the secret before signs, too. */
  previous_secret_until?: string | null | undefined;
  created_at: string;
  /** Id of the key that made it. */
  created_by: string;
  updated_at: string;
}

export interface HookFilterBody {
  source_agent?: string | null | undefined;
  target_agent?: string | null | undefined;
  /** All of these. */
  tags?: string[] | null | undefined;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
}

export interface MadeHookDocument {
  /** What signs each delivery, shown this once. */
  secret: string | null;
  /** A UUID. */
  id: string;
  url: string;
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
  description?: string | null | undefined;
  filter?: HookFilterBody | null | undefined;
  payload: 'full' | 'thin';
  ordered: boolean;
  rate_per_second?: number | null | undefined;
  /** The names of the headers that each delivery carries; values are not shown. */
  header_names: string[];
  status: 'active' | 'disabled' | 'deleted';
  /** It answered 410; it only failed for days; somebody deleted it. */
  disabled_reason?: 'gone' | 'failing' | 'deleted' | null | undefined;
  disabled_at?: string | null | undefined;
  /** Until then the secret before signs, too. */
  previous_secret_until?: string | null | undefined;
  created_at: string;
  /** Id of the key that made it. */
  created_by: string;
  updated_at: string;
}

export interface HookListDocument {
  /** Oldest first. */
  hooks: HookDocument[];
  /** Of the whole filter. */
  total: number;
  limit: number;
  /** Null at the end. */
  next_cursor: string | null;
}

export interface RotatedSecretDocument {
  /** A UUID. */
  hook_id: string;
  /** The new secret, shown this once. */
  secret: string;
  /** Until then the secret before signs, too; null when it no longer does. */
  previous_secret_until: string | null;
}

export interface DeliveryDocument {
  /** The header X-HR-Delivery. */
  id: string;
  /** A UUID. */
  hook_id: string;
  /** A UUID. */
  packet_id: string | null;
  /** The header webhook-id: the same at each attempt, and for every webhook. */
  event_id: string;
  event_type: string;
  status: 'pending' | 'delivering' | 'delivered' | 'failed' | 'dead_letter';
  /** Oldest first. */
  attempts: AttemptDocument[];
  next_retry_at: string | null;
  delivered_at: string | null;
  created_at: string;
}

export interface AttemptDocument {
  at: string;
  /** Null when there was no answer. */
  status_code: number | null;
  duration_ms: number;
  /** Why it failed. */
  error: string | null;
  /** The start of the answer, at most 1 KiB. */
  response_excerpt: string | null;
}

export interface DeliveryListDocument {
  /** Newest first. */
  deliveries: DeliveryDocument[];
  limit: number;
  /** Null at the end. */
  next_cursor: string | null;
}

export interface SentDeliveryDocument {
  /** Of the delivery: find it in the log of the webhook. */
  delivery_id: string;
}

export interface RecoveredDocument {
  /** Dead letters that are sent again. */
  deliveries: number;
}

export interface StartedReplayDocument {
  /** The log is read from then on; what is missing comes into the log of the webhook. */
  since: string;
}

export interface HookMessageDocument {
  /** The id of the event, and the header webhook-id. */
  id: string;
  /** The type that the webhook asked for: the event’s own, or an alias. */
  type: string;
  /** When it happened. */
  timestamp: string;
  /** `{packet}`, the packet right after the event; or `{packet_id}`, for a thin webhook. */
  data: Record<string, unknown>;
  tenant_id: string;
  /** Null for what is about no packet. */
  packet_id: string | null;
  /** Of the packet: tells the order of its events. */
  revision: number | null;
  /** The place in the log, as in HandoffRail-Min-Position. */
  position: string | null;
}

export interface SchemaDocument {
  json_schema: Record<string, unknown>;
  /** What a packet names as `schema_id`. */
  id: string;
  name: string;
  version: number;
  created_at: string;
  /** Id of the key that registered it. */
  created_by: string;
}

export interface SchemaListDocument {
  /** By name and version, without the schemas themselves. */
  schemas: SchemaSummaryDocument[];
  /** Of the whole filter. */
  total: number;
  limit: number;
  /** Null at the end. */
  next_cursor: string | null;
}

export interface SchemaSummaryDocument {
  /** What a packet names as `schema_id`. */
  id: string;
  name: string;
  version: number;
  created_at: string;
  /** Id of the key that registered it. */
  created_by: string;
}

export interface ProblemDocument {
  /** The page of this kind of problem. */
  type: string;
  title: string;
  status: number;
  /** A sentence that says what to do. */
  detail: string;
  /** The path of the request. */
  instance: string;
  /** Stable; decide by this. */
  code: string;
  /** Finds the request in traces and logs. */
  trace_id: string;
  field?: string | null | undefined;
  /** Each field that is wrong. */
  errors?: FieldErrorDocument[] | null | undefined;
  /** The commands that the status allows. */
  allowed?: string[] | null | undefined;
  packet_status?: string | null | undefined;
  /** The agent that was faster. */
  claimed_by?: string | null | undefined;
  /** The current revision. */
  revision?: number | null | undefined;
  /** Seconds. */
  retry_after?: number | null | undefined;
  /** What the tier of the tenant, or its overrides, allow. */
  limit?: number | null | undefined;
  /** What of it is used up. */
  used?: number | null | undefined;
  /** When it is free again by itself. */
  resets_at?: string | null | undefined;
}

export interface FieldErrorDocument {
  /** Dotted path, such as metadata.source_agent.id; empty for the body. */
  field: string;
  code: string;
  /** What to do. */
  message: string;
}

export interface CreatePacketBody {
  /** A packet of the same tenant. */
  parent_packet_id?: string | null | undefined;
  /** Version of the packet schema, 1.x.x. */
  version?: string | null | undefined;
  metadata: MetadataBody;
  context: ContextBody;
  decisions?: DecisionBody[] | null | undefined;
  actions?: ActionsBody | null | undefined;
  dependencies?: DependencyBody[] | null | undefined;
  /** A checkpoint where people decide. */
  hitl?: HitlBody | null | undefined;
  routing?: RoutingBody | null | undefined;
  /** Who may claim. */
  claim_policy?: 'target' | 'open' | null | undefined;
  retry?: RetryBody | null | undefined;
  /** When a packet that is not done expires. */
  expires_at?: string | null | undefined;
  /** The same as a time to live. */
  ttl_seconds?: number | null | undefined;
  /** A registered JSON Schema that `context` must satisfy. */
  schema_id?: string | null | undefined;
}

export interface MetadataBody {
  source_agent: AgentBody;
  /** Needed unless `routing` is given. */
  target_agent?: TargetAgentBody | null | undefined;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
  tags?: string[] | null | undefined;
  /** Why the work is handed off. */
  reason?: string | null | undefined;
  /** When the work should be done. */
  deadline?: string | null | undefined;
}

export interface ContextBody {
  /** What the receiver must know, in prose. */
  summary: string;
  conversation_state?: TurnBody[] | null | undefined;
  artifacts?: ArtifactBody[] | null | undefined;
  /** Free JSON. */
  custom?: Record<string, unknown> | null | undefined;
}

export interface TurnBody {
  role: 'user' | 'agent' | 'system' | 'human';
  content: string;
  /** RFC 3339 instant. */
  timestamp?: string | null | undefined;
  /** Free JSON. */
  metadata?: Record<string, unknown> | null | undefined;
}

export interface ArtifactBody {
  /** Unique in the packet. */
  key: string;
  /** A string, an object or an array. */
  value?: string | Record<string, unknown> | unknown[] | null | undefined;
  /** An absolute URL. */
  url?: string | null | undefined;
  /** Media type. */
  content_type?: string | null | undefined;
}

export interface DecisionBody {
  /** Unique in the packet. */
  id: string;
  decision: string;
  rationale: string;
  alternatives?: string[] | null | undefined;
  decided_by?: string | null | undefined;
  /** RFC 3339 instant. */
  timestamp?: string | null | undefined;
}

export interface ActionsBody {
  pending?: PendingActionBody[] | null | undefined;
  completed?: CompletedActionBody[] | null | undefined;
  failed?: FailedActionBody[] | null | undefined;
}

export interface PendingActionBody {
  /** Unique over the three lists of actions. */
  id: string;
  description: string;
  /** Id of the agent or person. */
  assignee: string;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
  /** Ids of actions of this packet. */
  depends_on?: string[] | null | undefined;
  /** RFC 3339 instant. */
  deadline?: string | null | undefined;
}

export interface CompletedActionBody {
  id: string;
  description: string;
  result: string;
  completed_by?: string | null | undefined;
  /** RFC 3339 instant. */
  completed_at?: string | null | undefined;
}

export interface FailedActionBody {
  id: string;
  description: string;
  error: string;
  retries_remaining?: number | null | undefined;
}

export interface DependencyBody {
  /** Unique in the packet. */
  id: string;
  type: 'data' | 'api' | 'human_approval' | 'external_event' | 'resource';
  description: string;
  status?: 'blocked' | 'available' | 'unknown' | null | undefined;
  source?: string | null | undefined;
}

export interface HitlBody {
  /** Whether the packet waits for a person from the start; true when left out. */
  required?: boolean | null | undefined;
  /** Why a person must decide. */
  reason: string;
  question?: string | null | undefined;
  /** Up to 50 options, each a text or {label, decision: approve | deny | custom, description}. */
  options?:
    | (
        | string
        | {
            label: string;
            decision: 'approve' | 'deny' | 'custom';
            description?: string | null | undefined;
          }
      )[]
    | null
    | undefined;
  /** Refuse an answer that is none of the options. */
  strict_options?: boolean | null | undefined;
  /** JSON Schema of the structured answer. */
  response_schema?: Record<string, unknown> | null | undefined;
  approvers?: ApproverBody[] | null | undefined;
  quorum?: QuorumBody | null | undefined;
  /** Whether a key with role agent may answer. */
  allow_agents?: boolean | null | undefined;
  /** Whether an answer may change the content. */
  allow_edits?: boolean | null | undefined;
  timeout_seconds?: number | null | undefined;
  on_timeout?: 'deny' | 'approve' | 'escalate' | 'fail' | 'wait' | null | undefined;
  escalation?: EscalationStepBody[] | null | undefined;
  remind_before_seconds?: number | null | undefined;
}

export interface QuorumBody {
  /** an integer from 1 to 100, or "all". */
  approve?: 'all' | number | null | undefined;
  /** an integer from 1 to 100, or "all". */
  deny?: 'all' | number | null | undefined;
}

export interface RetryBody {
  /** Claims before the packet is a dead letter; 5 when left out. */
  max_attempts?: number | null | undefined;
  /** Base of the wait before it is offered again. */
  backoff_seconds?: number | null | undefined;
}

export interface ChainPacketBody {
  /** "all", "none", or a list of conversation, decisions, pending_actions, dependencies, artifacts, custom. */
  inherit?:
    | 'all'
    | 'none'
    | ('conversation' | 'decisions' | 'pending_actions' | 'dependencies' | 'artifacts' | 'custom')[]
    | null
    | undefined;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. */
  claim_id?: string | null | undefined;
  /** Version of the packet schema, 1.x.x. */
  version?: string | null | undefined;
  metadata: MetadataBody;
  context: ContextBody;
  decisions?: DecisionBody[] | null | undefined;
  actions?: ActionsBody | null | undefined;
  dependencies?: DependencyBody[] | null | undefined;
  /** A checkpoint where people decide. */
  hitl?: HitlBody | null | undefined;
  routing?: RoutingBody | null | undefined;
  /** Who may claim. */
  claim_policy?: 'target' | 'open' | null | undefined;
  retry?: RetryBody | null | undefined;
  /** When a packet that is not done expires. */
  expires_at?: string | null | undefined;
  /** The same as a time to live. */
  ttl_seconds?: number | null | undefined;
  /** A registered JSON Schema that `context` must satisfy. */
  schema_id?: string | null | undefined;
}

export interface UpdatePacketBody {
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. */
  claim_id?: string | null | undefined;
  /** Runs start, complete, fail or request-approval. */
  status?: 'in_progress' | 'completed' | 'failed' | 'awaiting_human' | null | undefined;
  /** With status awaiting_human: the checkpoint. */
  hitl?: HitlBody | null | undefined;
  /** With status completed. */
  result?: unknown;
  /** With status failed. */
  reason?: string | null | undefined;
  /** With status failed: a short code. */
  code?: string | null | undefined;
  /** With status failed. */
  retryable?: boolean | null | undefined;
  context?: ContextPatchBody | null | undefined;
  /** Merged by id. */
  decisions?: DecisionBody[] | null | undefined;
  /** Merged by id over the three lists. */
  actions?: ActionsBody | null | undefined;
  /** Merged by id. */
  dependencies?: DependencyBody[] | null | undefined;
  metadata?: MetadataPatchBody | null | undefined;
}

export interface ContextPatchBody {
  summary?: string | null | undefined;
  /** Replaces; null empties. */
  conversation_state?: TurnBody[] | null | undefined;
  /** Replaces; null empties. */
  artifacts?: ArtifactBody[] | null | undefined;
  /** JSON Merge Patch (RFC 7396). */
  custom?: Record<string, unknown> | null | undefined;
  append_conversation?: TurnBody[] | null | undefined;
  /** By key. */
  upsert_artifacts?: ArtifactBody[] | null | undefined;
}

export interface MetadataPatchBody {
  tags?: string[] | null | undefined;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
  /** Null removes it. */
  deadline?: string | null | undefined;
}

export interface ClaimNextBody {
  /** Beside those it is registered with. */
  capabilities?: string[] | null | undefined;
  /** Only packets that have all of them. */
  tags?: string[] | null | undefined;
  /** Packets at most; 1 when left out. */
  max?: number | null | undefined;
  /** How long to wait for work when there is none. */
  wait_seconds?: number | null | undefined;
  agent_id: string;
  /** The agent id when left out. */
  agent_name?: string | null | undefined;
  framework?: string | null | undefined;
  /** The claim is lost when no heartbeat comes in time. */
  lease_seconds?: number | null | undefined;
}

export interface ClaimPacketBody {
  agent_id: string;
  /** The agent id when left out. */
  agent_name?: string | null | undefined;
  framework?: string | null | undefined;
  /** The claim is lost when no heartbeat comes in time. */
  lease_seconds?: number | null | undefined;
}

export interface HeartbeatBody {
  /** The fencing token: `claim.claim_id` of the packet that was claimed. */
  claim_id: string;
  /** The lease from now on; as it was claimed when left out. */
  lease_seconds?: number | null | undefined;
  /** Recorded, as by `/progress`. */
  progress?: HeartbeatProgressBody | null | undefined;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
}

export interface HeartbeatProgressBody {
  percent: number;
  note?: string | null | undefined;
}

export interface StartPacketBody {
  note?: string | null | undefined;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. */
  claim_id?: string | null | undefined;
}

export interface ReportProgressBody {
  percent: number;
  note?: string | null | undefined;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. */
  claim_id?: string | null | undefined;
}

export interface CompletePacketBody {
  /** Any JSON. */
  result?: unknown;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. */
  claim_id?: string | null | undefined;
}

export interface FailPacketBody {
  /** What went wrong. */
  reason: string;
  /** A short code; `failed` when left out. */
  code?: string | null | undefined;
  /** Offer the packet again while attempts are left. */
  retryable?: boolean | null | undefined;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. */
  claim_id?: string | null | undefined;
}

export interface RejectPacketBody {
  /** Why the work is not taken. */
  reason: string;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. */
  claim_id?: string | null | undefined;
}

export interface ReleasePacketBody {
  reason?: string | null | undefined;
  /** Wait before it is offered again. */
  delay_seconds?: number | null | undefined;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. */
  claim_id?: string | null | undefined;
}

export interface RequestApprovalBody {
  /** The checkpoint; it is required whatever it says. */
  hitl: HitlBody;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  /** The fencing token of the claim. */
  claim_id?: string | null | undefined;
}

export interface ReasonBody {
  reason?: string | null | undefined;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
}

export interface CreatePacketsBody {
  /** 1 to 500 packets, each a body of POST /packets. */
  packets: unknown[];
}

export interface ClaimPacketsBody {
  /** Ids of 1 to 500 packets. */
  packet_ids: string[];
  agent_id: string;
  /** The agent id when left out. */
  agent_name?: string | null | undefined;
  framework?: string | null | undefined;
  /** The claim is lost when no heartbeat comes in time. */
  lease_seconds?: number | null | undefined;
}

export interface CompletePacketsBody {
  /** Ids of 1 to 500 packets. */
  packet_ids: string[];
  /** An object of claim tokens by packet id. */
  claim_ids?: Record<string, string> | null | undefined;
  /** The same result for all. */
  result?: unknown;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
}

export interface ReasonsBody {
  /** Ids of 1 to 500 packets. */
  packet_ids?: string[] | null | undefined;
  /** Instead of packet_ids: the packets that match all of it, oldest first. */
  filter?: PacketFilterBody | null | undefined;
  /** With filter: packets at most; 100 when left out. */
  limit?: number | null | undefined;
  /** With filter: only tell which packets it would be. */
  dry_run?: boolean | null | undefined;
  /** For whom an unbound key acts. */
  agent_id?: string | null | undefined;
  reason?: string | null | undefined;
}

export interface PacketFilterBody {
  /** Any of these; only such as the command is possible in. */
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
  /** All of these. */
  tags?: string[] | null | undefined;
  source_agent?: string | null | undefined;
  target_agent?: string | null | undefined;
  claimed_by?: string | null | undefined;
  /** low, normal, high, critical, medium, urgent, or an integer from 1 to 10 (most urgent). */
  priority?: 'low' | 'normal' | 'high' | 'critical' | 'medium' | 'urgent' | number | null | undefined;
  /** Created after this instant. */
  created_after?: string | null | undefined;
  /** Created before this instant. */
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

export interface RespondBody {
  /** One of the options, or an answer in words of its own. */
  response: string;
  /** Who says so, for those who read it later; whose vote it is, the key decides. */
  responded_by: string;
  /** What the response means, where it does not say so itself. */
  decision?: 'approve' | 'deny' | null | undefined;
  notes?: string | null | undefined;
  /** The structured answer, as `response_schema` asks for it. */
  answer?: unknown;
  /** A change that is made with the approval, where the checkpoint allows edits. */
  edits?: ContentPatchBody | null | undefined;
}

export interface ContentPatchBody {
  context?: ContextPatchBody | null | undefined;
  /** Merged by id. */
  decisions?: DecisionBody[] | null | undefined;
  /** Merged by id over the three lists. */
  actions?: ActionsBody | null | undefined;
  /** Merged by id. */
  dependencies?: DependencyBody[] | null | undefined;
  metadata?: MetadataPatchBody | null | undefined;
}

export interface CreateLinkBody {
  /** Id of one of the approvers; any id where the checkpoint names none. */
  approver: string;
  /** How long the link works; a day when left out. */
  expires_in_seconds?: number | null | undefined;
}

export interface RegisterAgentBody {
  name: string;
  framework?: string | null | undefined;
  /** Up to 100 slugs or free words without a comma; case makes no difference. */
  capabilities?: string[] | null | undefined;
  /** Packets that it holds at once, at most. */
  max_concurrency?: number | null | undefined;
  /** Free JSON, at most 16384 bytes. */
  metadata?: Record<string, unknown> | null | undefined;
  description?: string | null | undefined;
}

export interface SetEdgesBody {
  /** The only handoffs allowed; null or left out: all are. */
  edges?: EdgeBody[] | null | undefined;
}

export interface PreviewRouteBody {
  metadata: MetadataBody;
  context: ContextBody;
  actions?: ActionsBody | null | undefined;
  routing?: RoutingBody | null | undefined;
}

export interface CreateHookBody {
  /** http or https; on the default port, or one from 1024 on. A public host. */
  url: string;
  /** Types of events, `packet.*`, or `*`, which is meant when left out. */
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
  /** Made by us when left out. After `whsec_`: base64 of 16 bytes or more. */
  secret?: string | null | undefined;
  description?: string | null | undefined;
  /** Only packets of which all of this holds. */
  filter?: HookFilterBody | null | undefined;
  /** `full`: the packet as of the event. `thin`: ids only. */
  payload?: 'full' | 'thin' | null | undefined;
  /** One packet’s events in their order; one that fails holds back those after it. */
  ordered?: boolean | null | undefined;
  /** Requests per second at most. */
  rate_per_second?: number | null | undefined;
  /** Up to 20 headers in printable ASCII, beside those that we set: not Host, Content-*, Webhook-*, X-HR-* and their like. */
  headers?: Record<string, string> | null | undefined;
}

export interface ChangeHookBody {
  /** http or https; on the default port, or one from 1024 on. A public host. */
  url?: string | null | undefined;
  /** Types of events, `packet.*`, or `*`, which is meant when left out. */
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
  description?: string | null | undefined;
  /** Only packets of which all of this holds. */
  filter?: HookFilterBody | null | undefined;
  /** `full`: the packet as of the event. `thin`: ids only. */
  payload?: 'full' | 'thin' | null | undefined;
  /** One packet’s events in their order; one that fails holds back those after it. */
  ordered?: boolean | null | undefined;
  /** Requests per second at most. */
  rate_per_second?: number | null | undefined;
  /** Up to 20 headers in printable ASCII, beside those that we set: not Host, Content-*, Webhook-*, X-HR-* and their like. */
  headers?: Record<string, string> | null | undefined;
}

export interface RotateSecretBody {
  /** How long the secret before still signs, too; a day when left out. */
  grace_seconds?: number | null | undefined;
  /** Made by us when left out. After `whsec_`: base64 of 16 bytes or more. */
  secret?: string | null | undefined;
}

export interface SinceBody {
  since: string;
}

export interface RegisterSchemaBody {
  name: string;
  /** The one after the newest of this name when left out. */
  version?: number | null | undefined;
  /** JSON Schema 2020-12, 65,536 characters at most, `$ref` into itself only. */
  json_schema: Record<string, unknown>;
}

export interface CreateKeyBody {
  name: string;
  /** What the key may do; agent when left out. */
  role?: 'reader' | 'agent' | 'writer' | 'approver' | 'admin' | null | undefined;
  /** The key acts as this agent and no other. */
  agent_id?: string | null | undefined;
  /** Rights (none, read, write) by channel: a name, a beginning with `*` behind it, or `*` for the others. */
  channels?: Record<string, 'none' | 'read' | 'write'> | null | undefined;
  /** From then on the key is refused. */
  expires_at?: string | null | undefined;
  /** Platform admin only. */
  tenant_id?: string | null | undefined;
}

export interface RotateKeyBody {
  /** How long the key before still works; it ends at once when left out. */
  grace_seconds?: number | null | undefined;
}

export interface ChangeKeyBody {
  name?: string | null | undefined;
  /** What the key may do from now on. */
  role?: 'reader' | 'agent' | 'writer' | 'approver' | 'admin' | null | undefined;
  /** Rights (none, read, write) by channel: a name, a beginning with `*` behind it, or `*` for the others. */
  channels?: Record<string, 'none' | 'read' | 'write'> | null | undefined;
  /** From then on the key is refused. */
  expires_at?: string | null | undefined;
}

export interface CreateTenantBody {
  /** Unique among the living tenants; case makes no difference. */
  name: string;
  tier?: 'free' | 'pro' | 'business' | 'unlimited' | null | undefined;
  /** What holds in place of the limits of the tier. */
  overrides?: OverridesBody | null | undefined;
  /** Time to live of packets that name neither expires_at nor ttl_seconds; none when left out. */
  default_ttl_seconds?: number | null | undefined;
}

export interface ChangeTenantBody {
  /** Unique among the living tenants; case makes no difference. */
  name?: string | null | undefined;
  tier?: 'free' | 'pro' | 'business' | 'unlimited' | null | undefined;
  /** What holds in place of the limits of the tier. */
  overrides?: OverridesBody | null | undefined;
  /** Time to live of packets that name neither expires_at nor ttl_seconds; none when left out. */
  default_ttl_seconds?: number | null | undefined;
}

export interface SignUpBody {
  /** The name of the new tenant: unique, case makes no difference. */
  team_name: string;
  /** Who makes it: the name of its first key. */
  sender_name: string;
}
