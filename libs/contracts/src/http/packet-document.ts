import { AgentBody } from './agent.js';
import {
  ArtifactBody,
  CompletedActionBody,
  ContextBody,
  DecisionBody,
  DependencyBody,
  FailedActionBody,
  PendingActionBody,
  TurnBody,
} from './content.js';
import { RoutingBody } from './packet-bodies.js';
import {
  AnyJson,
  FreeObject,
  Flag,
  InstantText,
  Int,
  List,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  Texts,
  Uuid,
} from './rules.js';
import type { JsonObject } from '#libs/packet';

const from = 'The ancestor that it was taken over from.';
const words = ['low', 'normal', 'high', 'critical'] as const;

export const packetStatuses = [
  'created',
  'claimed',
  'in_progress',
  'awaiting_human',
  'completed',
  'failed',
  'rejected',
  'cancelled',
  'expired',
] as const;

class TurnDocument extends TurnBody {
  @Optional() @Uuid(from) inherited_from?: string;
}

class ArtifactDocument extends ArtifactBody {
  @Optional() @Uuid(from) inherited_from?: string;
}

class DecisionDocument extends DecisionBody {
  @Optional() @Uuid(from) inherited_from?: string;
}

class DependencyDocument extends DependencyBody {
  @Optional() @Uuid(from) inherited_from?: string;
}

class PendingActionDocument extends PendingActionBody {
  @Optional() @OneOf(words) declare priority?: (typeof words)[number];
  @Optional() @Uuid(from) inherited_from?: string;
}

class CompletedActionDocument extends CompletedActionBody {
  @Optional() @Uuid(from) inherited_from?: string;
}

class FailedActionDocument extends FailedActionBody {
  @Optional() @Uuid(from) inherited_from?: string;
}

class ContextDocument extends ContextBody {
  @List(TurnDocument, 100_000) declare conversation_state: TurnDocument[];
  @List(ArtifactDocument, 100_000) declare artifacts: ArtifactDocument[];
  @FreeObject() declare custom: JsonObject;
}

class ActionsDocument {
  @List(PendingActionDocument, 100_000) pending!: PendingActionDocument[];
  @List(CompletedActionDocument, 100_000) completed!: CompletedActionDocument[];
  @List(FailedActionDocument, 100_000) failed!: FailedActionDocument[];
}

class MetadataDocument {
  @Nested(AgentBody) source_agent!: AgentBody;
  @Optional() @Nested(AgentBody) target_agent?: AgentBody;
  @OneOf(words) priority!: (typeof words)[number];
  @Int(1, 10, '10 is most urgent.') priority_level!: number;
  @Texts(64, [1, 128]) tags!: string[];
  @Optional() @Text(1, 2_000) reason?: string;
  @Optional() @InstantText() deadline?: string;
  @InstantText() created_at!: string;
  @Nullable() @InstantText() claimed_at!: string | null;
  @Nullable() @InstantText() completed_at!: string | null;
}

class RetryDocument {
  @Int(1, 100) max_attempts!: number;
  @Int(0, 86_400) backoff_seconds!: number;
}

class ClaimDocument {
  @Nested(AgentBody) agent!: AgentBody;
  @Text(1, 128, 'The fencing token: send it with every command of this claim.') claim_id!: string;
  @Int(1, 1_000_000, 'Grows by one at each claim of the packet.') attempt!: number;
  @InstantText() claimed_at!: string;
  @Optional() @Int(1, 43_200) lease_seconds?: number;
  @Optional() @InstantText() lease_expires_at?: string;
}

class ProgressDocument {
  @Int(0, 100) percent!: number;
  @Optional() @Text(1, 2_000) note?: string;
  @InstantText() updated_at!: string;
}

class FailureDocument {
  @Text(1, 256) code!: string;
  @Text(0, 20_000) reason!: string;
  @Flag() retryable!: boolean;
  @InstantText() at!: string;
}

class ChainDocument {
  @Uuid() root_id!: string;
  @Int(0, 1_000) depth!: number;
  @Texts(2_000, [1, 256], "Agent ids from the root's source on.") path!: string[];
}

class LinksDocument {
  @Text(1, 512) self!: string;
  @Text(1, 512) claim!: string;
  @Text(1, 512) history!: string;
  @Text(1, 512) lineage!: string;
}

/** The packet as readers get it. */
export class PacketDocumentBody {
  @Uuid('UUIDv7, or UUIDv8 when derived from an idempotency key.') id!: string;
  @Text(1, 64) tenant_id!: string;
  @Text(1, 16, 'Version of this schema, 1.x.x.') version!: string;
  @Nullable() @Uuid() parent_packet_id!: string | null;
  @OneOf(packetStatuses) status!: (typeof packetStatuses)[number];
  @Int(1, 1_000_000_000, 'Number of events of the packet; its ETag.') revision!: number;
  @Text(1, 64, 'Opaque place in the log, a consistency token.') position!: string;
  @Nested(MetadataDocument) metadata!: MetadataDocument;
  @Nested(ContextDocument) context!: ContextDocument;
  @List(DecisionDocument, 100_000) decisions!: DecisionDocument[];
  @Nested(ActionsDocument) actions!: ActionsDocument;
  @List(DependencyDocument, 100_000) dependencies!: DependencyDocument[];
  @Nullable() @FreeObject('The last checkpoint.') hitl!: JsonObject | null;
  @Nullable() @Nested(RoutingBody) routing!: RoutingBody | null;
  @OneOf(['target', 'open']) claim_policy!: 'target' | 'open';
  @Nested(RetryDocument) retry!: RetryDocument;
  @Nullable() @InstantText() expires_at!: string | null;
  @Nullable() @Text(1, 256) schema_id!: string | null;
  @Nullable() @Nested(ClaimDocument) claim!: ClaimDocument | null;
  @Nullable() @Nested(ProgressDocument) progress!: ProgressDocument | null;
  @AnyJson('What the claimant completed it with; any JSON.') result!: unknown;
  @Nullable() @Nested(FailureDocument) failure!: FailureDocument | null;
  @Nested(ChainDocument) chain!: ChainDocument;
  @Text(32, 32, 'The trace of the create.') trace_id!: string;
  @InstantText() created_at!: string;
  @InstantText() updated_at!: string;
  @Nested(LinksDocument) _links!: LinksDocument;
}
