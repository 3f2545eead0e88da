import type { JsonObject } from '#libs/packet';
import {
  Flag,
  FreeObject,
  Int,
  List,
  Nested,
  OneOf,
  Optional,
  ServerSets,
  Shape,
  Text,
  Texts,
} from './rules.js';
import { type ApprovalOptionInput, type VoteCount, approvalOptions, voteCount } from './values.js';

export class ApproverBody {
  @Text(1, 256) id!: string;
  @OneOf(['user', 'group']) kind!: 'user' | 'group';
  @Optional() @Text(1, 256) name?: string;
}

export class QuorumBody {
  @Optional() @Shape(...voteCount) approve?: VoteCount;
  @Optional() @Shape(...voteCount) deny?: VoteCount;
}

export class EscalationStepBody {
  @Int(1, 31_536_000) after_seconds!: number;
  @List(ApproverBody, 100) approvers!: ApproverBody[];
  @Optional() @Texts(20, [1, 256]) notify?: string[];
}

export const whenTimedOut = ['deny', 'approve', 'escalate', 'fail', 'wait'] as const;

/** A checkpoint as it is asked for. */
@ServerSets('id', 'state', 'votes', 'response', 'responded_by', 'responded_at', 'notes', 'edits')
@ServerSets('content_digest', 'escalation_step', 'expires_at')
export class HitlBody {
  @Optional()
  @Flag('Whether the packet waits for a person from the start; true when left out.')
  required?: boolean;
  @Text(1, 2_000, 'Why a person must decide.') reason!: string;
  @Optional() @Text(1, 5_000) question?: string;
  @Optional() @Shape(...approvalOptions) options?: ApprovalOptionInput[];
  @Optional() @Flag('Refuse an answer that is none of the options.') strict_options?: boolean;
  @Optional() @FreeObject('JSON Schema of the structured answer.') response_schema?: JsonObject;
  @Optional() @List(ApproverBody, 100) approvers?: ApproverBody[];
  @Optional() @Nested(QuorumBody) quorum?: QuorumBody;
  @Optional() @Flag('Whether a key with role agent may answer.') allow_agents?: boolean;
  @Optional() @Flag('Whether an answer may change the content.') allow_edits?: boolean;
  @Optional() @Int(1, 31_536_000) timeout_seconds?: number;
  @Optional() @OneOf(whenTimedOut) on_timeout?: (typeof whenTimedOut)[number];
  @Optional() @List(EscalationStepBody, 10) escalation?: EscalationStepBody[];
  @Optional() @Int(1, 31_536_000) remind_before_seconds?: number;
}
