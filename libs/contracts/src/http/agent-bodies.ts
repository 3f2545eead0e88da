import type { JsonObject } from '#libs/packet';
import { PageQuery } from './query-strings.js';
import { Flag, FreeObject, InstantText, Int, List, Nullable, Optional, Shape, Text, Texts } from './rules.js';
import { capabilityList } from './values.js';

/** Bytes of JSON that an agent's metadata may take. */
export const maxAgentMetadataBytes = 16_384;

export class RegisterAgentBody {
  @Text(1, 256) name!: string;
  @Optional() @Text(1, 128) framework?: string;
  @Optional() @Shape(...capabilityList) capabilities?: string[];
  @Optional() @Int(1, 10_000, 'Packets that it holds at once, at most.') max_concurrency?: number;
  @Optional() @FreeObject(`Free JSON, at most ${maxAgentMetadataBytes} bytes.`) metadata?: JsonObject;
  @Optional() @Text(1, 5_000) description?: string;
}

export class AgentListQuery extends PageQuery {
  @Optional()
  @Shape({ ...capabilityList[0], minItems: 1 }, capabilityList[1], 'All of these; repeat it, or use commas.')
  capability?: string[];

  @Optional() @Flag('Whether the agent has been heard of lately.') present?: boolean;
}

export class EdgeBody {
  @Text(1, 256, 'Id of the agent that hands over; `*` for any.') from!: string;
  @Text(1, 256, 'Id of the agent that it may hand to; `*` for any.') to!: string;
}

export class SetEdgesBody {
  @Optional()
  @List(EdgeBody, 5_000, 'The only handoffs allowed; null or left out: all are.')
  edges?: EdgeBody[];
}

export class AgentDocument {
  @Text(1, 256) id!: string;
  @Text(1, 256) name!: string;
  @Optional() @Text(1, 128) framework?: string;
  @Texts(100, [1, 64], 'In lower case.') capabilities!: string[];
  @Optional() @Int(1, 10_000) max_concurrency?: number;
  @Optional() @FreeObject() metadata?: JsonObject;
  @Optional() @Text(1, 5_000) description?: string;
  @Flag('It has been heard of lately.') present!: boolean;
  @Nullable() @InstantText('When it was last heard of; null after a day.') seen_at!: string | null;
  @InstantText() created_at!: string;
  @InstantText() updated_at!: string;
}

export class AgentListDocument {
  @List(AgentDocument, 200, 'By id.') agents!: AgentDocument[];
  @Int(0, Number.MAX_SAFE_INTEGER, 'Of the whole filter.') total!: number;
  @Int(1, 200) limit!: number;
  @Nullable() @Text(1, 2_048, 'Null at the end.') next_cursor!: string | null;
}

export class PresenceDocument {
  @Text(1, 256) agent_id!: string;
  @InstantText() seen_at!: string;
  @InstantText('Without another heartbeat it counts as absent from then on.') present_until!: string;
}

export class EdgesDocument {
  @Nullable() @List(EdgeBody, 5_000, 'The only handoffs allowed; null: all are.') edges!: EdgeBody[] | null;
  @Nullable() @InstantText('Null while nothing was ever set.') updated_at!: string | null;
}
