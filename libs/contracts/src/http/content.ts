import type { Json, JsonObject } from '#libs/packet';
import { FreeObject, InstantText, Int, List, OneOf, Optional, Pattern, Shape, Text, Texts } from './rules.js';
import { type PriorityInput, artifactValue, priorityInput } from './values.js';

const instant = 'RFC 3339 instant.';
const inDocument = 'Unique in the packet.';

export class TurnBody {
  @OneOf(['user', 'agent', 'system', 'human']) role!: 'user' | 'agent' | 'system' | 'human';
  @Text(0, 200_000) content!: string;
  @Optional() @InstantText(instant) timestamp?: string;
  @Optional() @FreeObject('Free JSON.') metadata?: JsonObject;
}

/** Either `value` or `url` is needed; that rule is the domain's. */
export class ArtifactBody {
  @Text(1, 256, inDocument) key!: string;
  @Optional() @Shape(...artifactValue) value?: Json;
  @Optional() @Pattern(/^[A-Za-z][A-Za-z0-9+.-]*:/, 4_096, 'An absolute URL.') url?: string;
  @Optional() @Text(1, 256, 'Media type.') content_type?: string;
}

export class ContextBody {
  @Text(1, 20_000, 'What the receiver must know, in prose.') summary!: string;
  @Optional() @List(TurnBody, 2_000) conversation_state?: TurnBody[];
  @Optional() @List(ArtifactBody, 500) artifacts?: ArtifactBody[];
  @Optional() @FreeObject('Free JSON.') custom?: JsonObject;
}

export class DecisionBody {
  @Text(1, 256, inDocument) id!: string;
  @Text(1, 5_000) decision!: string;
  @Text(1, 10_000) rationale!: string;
  @Optional() @Texts(50, [1, 2_000]) alternatives?: string[];
  @Optional() @Text(1, 256) decided_by?: string;
  @Optional() @InstantText(instant) timestamp?: string;
}

export class PendingActionBody {
  @Text(1, 256, 'Unique over the three lists of actions.') id!: string;
  @Text(1, 5_000) description!: string;
  @Text(1, 256, 'Id of the agent or person.') assignee!: string;
  @Optional() @Shape(...priorityInput) priority?: PriorityInput;
  @Optional() @Texts(100, [1, 256], 'Ids of actions of this packet.') depends_on?: string[];
  @Optional() @InstantText(instant) deadline?: string;
}

export class CompletedActionBody {
  @Text(1, 256) id!: string;
  @Text(1, 5_000) description!: string;
  @Text(0, 20_000) result!: string;
  @Optional() @Text(1, 256) completed_by?: string;
  @Optional() @InstantText(instant) completed_at?: string;
}

export class FailedActionBody {
  @Text(1, 256) id!: string;
  @Text(1, 5_000) description!: string;
  @Text(1, 10_000) error!: string;
  @Optional() @Int(0, 1_000) retries_remaining?: number;
}

export class ActionsBody {
  @Optional() @List(PendingActionBody, 1_000) pending?: PendingActionBody[];
  @Optional() @List(CompletedActionBody, 1_000) completed?: CompletedActionBody[];
  @Optional() @List(FailedActionBody, 1_000) failed?: FailedActionBody[];
}

const dependencyTypes = ['data', 'api', 'human_approval', 'external_event', 'resource'] as const;
const dependencyStates = ['blocked', 'available', 'unknown'] as const;

export class DependencyBody {
  @Text(1, 256, inDocument) id!: string;
  @OneOf(dependencyTypes) type!: (typeof dependencyTypes)[number];
  @Text(1, 5_000) description!: string;
  @Optional() @OneOf(dependencyStates) status?: (typeof dependencyStates)[number];
  @Optional() @Text(1, 1_024) source?: string;
}
