import { TargetAgentBody } from './agent.js';
import { ActionsBody, ContextBody } from './content.js';
import { MetadataBody, RoutingBody } from './packet-bodies.js';
import { List, Nested, Nullable, Optional, Shape, Text } from './rules.js';
import { share } from './values.js';

/** The parts of a create body that the router looks at. */
export class PreviewRouteBody {
  @Nested(MetadataBody) metadata!: MetadataBody;
  @Nested(ContextBody) context!: ContextBody;
  @Optional() @Nested(ActionsBody) actions?: ActionsBody;
  @Optional() @Nested(RoutingBody) routing?: RoutingBody;
}

class CandidateDocument {
  @Text(1, 256, 'Id of the agent.') id!: string;
  @Shape(...share) score!: number;
  @Text(1, 1_000, 'In plain words.') why!: string;
}

export class RoutePreviewDocument {
  @Nullable()
  @Nested(TargetAgentBody, 'Who would get the packet; null: nobody, for the `reason`.')
  target!: TargetAgentBody | null;
  @Optional() @List(CandidateDocument, 20, 'The first choice first.') candidates?: CandidateDocument[];
  @Optional()
  @Text(
    1,
    64,
    'By what it was found: named, capability, keywords, preferred, any, llm, or fallback_ and one of these.',
  )
  strategy?: string;
  @Optional() @Shape(...share) confidence?: number;
  @Optional() @Text(1, 1_000, 'Why there is nobody.') reason?: string;
}
