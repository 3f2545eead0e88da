import type {
  ApprovalDecision,
  ApprovalPolicy,
  Approver,
  ClaimPolicy,
  Dependency,
  Json,
  JsonObject,
  Routing,
  Turn,
} from './document.js';

/** An optional field of a request: an explicit null counts as absent. */
type Optional<T> = T | null | undefined;

export interface AgentInput {
  id: string;
  name: string;
  framework?: Optional<string>;
  version?: Optional<string>;
}

export interface TurnInput {
  role: Turn['role'];
  content: string;
  timestamp?: Optional<string>;
  metadata?: Optional<JsonObject>;
}

export interface ArtifactInput {
  key: string;
  value?: Optional<Json>;
  url?: Optional<string>;
  content_type?: Optional<string>;
}

export interface DecisionInput {
  id: string;
  decision: string;
  rationale: string;
  alternatives?: Optional<string[]>;
  decided_by?: Optional<string>;
  timestamp?: Optional<string>;
}

export interface PendingActionInput {
  id: string;
  description: string;
  assignee: string;
  priority?: Optional<string | number>;
  depends_on?: Optional<string[]>;
  deadline?: Optional<string>;
}

export interface CompletedActionInput {
  id: string;
  description: string;
  result: string;
  completed_by?: Optional<string>;
  completed_at?: Optional<string>;
}

export interface FailedActionInput {
  id: string;
  description: string;
  error: string;
  retries_remaining?: Optional<number>;
}

export interface ActionsInput {
  pending?: Optional<PendingActionInput[]>;
  completed?: Optional<CompletedActionInput[]>;
  failed?: Optional<FailedActionInput[]>;
}

export interface DependencyInput {
  id: string;
  type: Dependency['type'];
  description: string;
  status?: Optional<Dependency['status']>;
  source?: Optional<string>;
}

export interface ApproverInput {
  id: string;
  kind: Approver['kind'];
  name?: Optional<string>;
}

/** A checkpoint as a request describes it. */
export interface ApprovalInput {
  required?: Optional<boolean>;
  reason: string;
  question?: Optional<string>;
  options?: Optional<
    (string | { label: string; decision: ApprovalDecision; description?: Optional<string> })[]
  >;
  strict_options?: Optional<boolean>;
  response_schema?: Optional<JsonObject>;
  approvers?: Optional<ApproverInput[]>;
  quorum?: Optional<{ approve?: Optional<number | 'all'>; deny?: Optional<number | 'all'> }>;
  allow_agents?: Optional<boolean>;
  allow_edits?: Optional<boolean>;
  timeout_seconds?: Optional<number>;
  on_timeout?: Optional<ApprovalPolicy['on_timeout']>;
  escalation?: Optional<{ after_seconds: number; approvers: ApproverInput[]; notify?: Optional<string[]> }[]>;
  remind_before_seconds?: Optional<number>;
}

/** The body of a create (and, with `inherit`, of a chain), after the checks of its single fields. */
export interface CreateInput {
  version?: Optional<string>;
  parent_packet_id?: Optional<string>;
  metadata: {
    source_agent: AgentInput;
    target_agent?: Optional<AgentInput>;
    priority?: Optional<string | number>;
    tags?: Optional<string[]>;
    reason?: Optional<string>;
    deadline?: Optional<string>;
  };
  context: {
    summary: string;
    conversation_state?: Optional<TurnInput[]>;
    artifacts?: Optional<ArtifactInput[]>;
    custom?: Optional<JsonObject>;
  };
  decisions?: Optional<DecisionInput[]>;
  actions?: Optional<ActionsInput>;
  dependencies?: Optional<DependencyInput[]>;
  hitl?: Optional<ApprovalInput>;
  routing?: Optional<{ [K in keyof Routing]?: Optional<Routing[K]> }>;
  claim_policy?: Optional<ClaimPolicy>;
  retry?: Optional<{ max_attempts?: Optional<number>; backoff_seconds?: Optional<number> }>;
  expires_at?: Optional<string>;
  ttl_seconds?: Optional<number>;
  schema_id?: Optional<string>;
}

/** The body of an update. Null removes where there is something to remove, and else counts as absent. */
export interface PatchInput {
  context?: Optional<{
    summary?: Optional<string>;
    conversation_state?: Optional<TurnInput[]>;
    artifacts?: Optional<ArtifactInput[]>;
    custom?: Optional<JsonObject>;
    append_conversation?: Optional<TurnInput[]>;
    upsert_artifacts?: Optional<ArtifactInput[]>;
  }>;
  decisions?: Optional<DecisionInput[]>;
  dependencies?: Optional<DependencyInput[]>;
  actions?: Optional<ActionsInput>;
  metadata?: Optional<{
    tags?: Optional<string[]>;
    priority?: Optional<string | number>;
    deadline?: Optional<string>;
  }>;
}
