import type { Instant, PacketId, TenantId } from './ids.js';

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type PriorityWord = 'low' | 'normal' | 'high' | 'critical';

/** An agent as a packet names it. `id` may be `human` for a target. */
export interface AgentRef {
  id: string;
  name: string;
  framework?: string;
  version?: string;
}

/** Marks an item that a child took over from an ancestor. */
interface Inheritable {
  inherited_from?: PacketId;
}

export interface Turn extends Inheritable {
  role: 'user' | 'agent' | 'system' | 'human';
  content: string;
  timestamp?: Instant;
  metadata?: JsonObject;
}

export interface Artifact extends Inheritable {
  key: string;
  value?: Json;
  url?: string;
  content_type?: string;
}

export interface Context {
  summary: string;
  conversation_state: Turn[];
  artifacts: Artifact[];
  custom: JsonObject;
}

export interface Decision extends Inheritable {
  id: string;
  decision: string;
  rationale: string;
  alternatives?: string[];
  decided_by?: string;
  timestamp?: Instant;
}

export interface PendingAction extends Inheritable {
  id: string;
  description: string;
  assignee: string;
  priority?: PriorityWord;
  depends_on?: string[];
  deadline?: Instant;
}

export interface CompletedAction extends Inheritable {
  id: string;
  description: string;
  result: string;
  completed_by?: string;
  completed_at?: Instant;
}

export interface FailedAction extends Inheritable {
  id: string;
  description: string;
  error: string;
  retries_remaining?: number;
}

export interface Actions {
  pending: PendingAction[];
  completed: CompletedAction[];
  failed: FailedAction[];
}

export interface Dependency extends Inheritable {
  id: string;
  type: 'data' | 'api' | 'human_approval' | 'external_event' | 'resource';
  description: string;
  status: 'blocked' | 'available' | 'unknown';
  source?: string;
}

export interface Routing {
  capabilities?: string[];
  prefer?: string[];
  exclude?: string[];
  strategy?: 'capability' | 'keywords' | 'llm';
}

export type ClaimPolicy = 'target' | 'open';

export interface RetryPolicy {
  /** Claims lost or given back as failed before the packet is a dead letter, 1-100. */
  max_attempts: number;
  /** Base of the wait before the packet is offered again, 0-86,400. */
  backoff_seconds: number;
}

/** What a checkpoint asks for, with its defaults filled in (approvals). */
export interface ApprovalPolicy {
  required: boolean;
  reason: string;
  question?: string;
  options: ApprovalOption[];
  strict_options: boolean;
  response_schema?: JsonObject;
  approvers: Approver[];
  quorum: { approve: number | 'all'; deny: number | 'all' };
  allow_agents: boolean;
  allow_edits: boolean;
  timeout_seconds?: number;
  on_timeout: 'deny' | 'approve' | 'escalate' | 'fail' | 'wait';
  escalation: EscalationStep[];
  remind_before_seconds?: number;
}

export type ApprovalDecision = 'approve' | 'deny' | 'custom';

export interface ApprovalOption {
  label: string;
  decision: ApprovalDecision;
  description?: string;
}

export interface Approver {
  id: string;
  kind: 'user' | 'group';
  name?: string;
}

export interface EscalationStep {
  after_seconds: number;
  approvers: Approver[];
  notify?: string[];
}

/** What a writer says about a packet, defaults filled in: the part of the document that an update may change. */
export interface PacketContent {
  metadata: PacketMetadata;
  context: Context;
  decisions: Decision[];
  actions: Actions;
  dependencies: Dependency[];
}

export interface PacketMetadata {
  source_agent: AgentRef;
  /** Absent while a routed packet has not been given to anybody. */
  target_agent?: AgentRef;
  priority: PriorityWord;
  /** 1-10, 10 most urgent. */
  priority_level: number;
  tags: string[];
  reason?: string;
  deadline?: Instant;
}

/** Everything fixed at create, beside the content. */
export interface PacketTerms {
  version: string;
  parent_packet_id: PacketId | null;
  routing?: Routing;
  claim_policy: ClaimPolicy;
  retry: RetryPolicy;
  expires_at?: Instant;
  schema_id?: string;
}

export interface Chain {
  root_id: PacketId;
  depth: number;
  /** Agent ids from the root's source on. */
  path: string[];
}

/** A grant. `attempt` is the fencing token: it grows by one at each claim of the packet. */
export interface Claim {
  agent: AgentRef;
  claim_id: string;
  attempt: number;
  claimed_at: Instant;
  lease_seconds?: number;
  lease_expires_at?: Instant;
}

export interface Progress {
  percent: number;
  note?: string;
  updated_at: Instant;
}

export interface Failure {
  code: string;
  reason: string;
  retryable: boolean;
  at: Instant;
}

/** Who did it, as authenticated. */
export interface Actor {
  type: 'agent' | 'human' | 'system';
  id: string;
  key_id: string;
}

export type PacketStatus =
  | 'created'
  | 'claimed'
  | 'in_progress'
  | 'awaiting_human'
  | 'completed'
  | 'failed'
  | 'rejected'
  | 'cancelled'
  | 'expired';

/** The packet as readers get it (`GET /packets/{id}`), all output fields included. */
export interface PacketDocument
  extends PacketContent, Omit<PacketTerms, 'routing' | 'expires_at' | 'schema_id'> {
  id: PacketId;
  tenant_id: TenantId;
  status: PacketStatus;
  revision: number;
  position: string;
  metadata: PacketMetadata & {
    created_at: Instant;
    claimed_at: Instant | null;
    completed_at: Instant | null;
  };
  hitl: JsonObject | null;
  routing: Routing | null;
  expires_at: Instant | null;
  schema_id: string | null;
  claim: Claim | null;
  progress: Progress | null;
  result: Json;
  failure: Failure | null;
  chain: Chain;
  trace_id: string;
  created_at: Instant;
  updated_at: Instant;
  _links: { self: string; claim: string; history: string; lineage: string };
}
