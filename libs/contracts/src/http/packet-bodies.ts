import type { JsonObject } from '#libs/packet';
import { AgentBody, TargetAgentBody } from './agent.js';
import { HitlBody } from './approval.js';
import { ActionsBody, ArtifactBody, ContextBody, DecisionBody, DependencyBody, TurnBody } from './content.js';
import {
  AnyJson,
  Flag,
  FreeObject,
  InstantText,
  Int,
  List,
  Nested,
  OneOf,
  Optional,
  Pattern,
  ServerSets,
  Shape,
  Text,
  Texts,
  Uuid,
} from './rules.js';
import { type InheritInput, type PriorityInput, inheritInput, priorityInput } from './values.js';

@ServerSets('priority_level', 'created_at', 'claimed_at', 'completed_at')
export class MetadataBody {
  @Nested(AgentBody) source_agent!: AgentBody;
  @Optional() @Nested(TargetAgentBody, 'Needed unless `routing` is given.') target_agent?: TargetAgentBody;
  @Optional() @Shape(...priorityInput) priority?: PriorityInput;
  @Optional() @Texts(64, [1, 128]) tags?: string[];
  @Optional() @Text(1, 2_000, 'Why the work is handed off.') reason?: string;
  @Optional() @InstantText('When the work should be done.') deadline?: string;
}

const strategies = ['capability', 'keywords', 'llm'] as const;

export class RoutingBody {
  @Optional() @Texts(64, [1, 64]) capabilities?: string[];
  @Optional() @Texts(100, [1, 256], 'Agent ids, first choice.') prefer?: string[];
  @Optional() @Texts(100, [1, 256], 'Agent ids, never chosen.') exclude?: string[];
  @Optional() @OneOf(strategies) strategy?: (typeof strategies)[number];
}

export class RetryBody {
  @Optional()
  @Int(1, 100, 'Claims before the packet is a dead letter; 5 when left out.')
  max_attempts?: number;
  @Optional() @Int(0, 86_400, 'Base of the wait before it is offered again.') backoff_seconds?: number;
}

/** What `POST /packets` and a chain share. */
@ServerSets('id', 'tenant_id', 'status', 'revision', 'position', 'claim', 'progress', 'result', 'failure')
@ServerSets('chain', 'trace_id', 'created_at', 'updated_at', '_links')
class NewPacketBody {
  @Optional() @Pattern(/^1\.\d{1,4}\.\d{1,4}$/, 16, 'Version of the packet schema, 1.x.x.') version?: string;
  @Nested(MetadataBody) metadata!: MetadataBody;
  @Nested(ContextBody) context!: ContextBody;
  @Optional() @List(DecisionBody, 1_000) decisions?: DecisionBody[];
  @Optional() @Nested(ActionsBody) actions?: ActionsBody;
  @Optional() @List(DependencyBody, 500) dependencies?: DependencyBody[];
  @Optional() @Nested(HitlBody, 'A checkpoint where people decide.') hitl?: HitlBody;
  @Optional() @Nested(RoutingBody) routing?: RoutingBody;
  @Optional() @OneOf(['target', 'open'], 'Who may claim.') claim_policy?: 'target' | 'open';
  @Optional() @Nested(RetryBody) retry?: RetryBody;
  @Optional() @InstantText('When a packet that is not done expires.') expires_at?: string;
  @Optional() @Int(1, 31_536_000, 'The same as a time to live.') ttl_seconds?: number;
  @Optional() @Text(1, 256, 'A registered JSON Schema that `context` must satisfy.') schema_id?: string;
}

export class CreatePacketBody extends NewPacketBody {
  @Optional() @Uuid('A packet of the same tenant.') parent_packet_id?: string;
}

/** A command's own fields, beside what it does. */
export class ByAgentBody {
  @Optional() @Text(1, 256, 'For whom an unbound key acts.') agent_id?: string;
}

export class ByClaimantBody extends ByAgentBody {
  @Optional() @Text(1, 128, 'The fencing token of the claim.') claim_id?: string;
}

export class ChainPacketBody extends NewPacketBody {
  @Optional() @Shape(...inheritInput) inherit?: InheritInput;
  @Optional() @Text(1, 256, 'For whom an unbound key acts.') agent_id?: string;
  @Optional() @Text(1, 128, 'The fencing token of the claim.') claim_id?: string;
}

export class ContextPatchBody {
  @Optional() @Text(1, 20_000) summary?: string;
  @Optional() @List(TurnBody, 2_000, 'Replaces; null empties.') conversation_state?: TurnBody[] | null;
  @Optional() @List(ArtifactBody, 500, 'Replaces; null empties.') artifacts?: ArtifactBody[] | null;
  @Optional() @FreeObject('JSON Merge Patch (RFC 7396).') custom?: JsonObject | null;
  @Optional() @List(TurnBody, 2_000) append_conversation?: TurnBody[];
  @Optional() @List(ArtifactBody, 500, 'By key.') upsert_artifacts?: ArtifactBody[];
}

export class MetadataPatchBody {
  @Optional() @Texts(64, [1, 128]) tags?: string[];
  @Optional() @Shape(...priorityInput) priority?: PriorityInput;
  @Optional() @InstantText('Null removes it.') deadline?: string | null;
}

/** A change of the content, by an update or with an answer that approves it. */
export class ContentPatchBody {
  @Optional() @Nested(ContextPatchBody) context?: ContextPatchBody;
  @Optional() @List(DecisionBody, 1_000, 'Merged by id.') decisions?: DecisionBody[];
  @Optional() @Nested(ActionsBody, 'Merged by id over the three lists.') actions?: ActionsBody;
  @Optional() @List(DependencyBody, 500, 'Merged by id.') dependencies?: DependencyBody[];
  @Optional() @Nested(MetadataPatchBody) metadata?: MetadataPatchBody;
}

const statusWords = ['in_progress', 'completed', 'failed', 'awaiting_human'] as const;

/** Content, and `status` as a shorthand for the commands that lead to it, with their own fields. */
export class UpdatePacketBody extends ContentPatchBody {
  @Optional() @Text(1, 256, 'For whom an unbound key acts.') agent_id?: string;
  @Optional() @Text(1, 128, 'The fencing token of the claim.') claim_id?: string;
  @Optional()
  @OneOf(statusWords, 'Runs start, complete, fail or request-approval.')
  status?: (typeof statusWords)[number];
  @Optional() @Nested(HitlBody, 'With status awaiting_human: the checkpoint.') hitl?: HitlBody;
  @Optional() @AnyJson('With status completed.') result?: unknown;
  @Optional() @Text(1, 10_000, 'With status failed.') reason?: string;
  @Optional() @Pattern(/^[a-z0-9_.-]+$/, 64, 'With status failed: a short code.') code?: string;
  @Optional() @Flag('With status failed.') retryable?: boolean;
}
