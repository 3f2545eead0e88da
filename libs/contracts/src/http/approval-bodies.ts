import { ApproverBody, EscalationStepBody, HitlBody, whenTimedOut } from './approval.js';
import { ByClaimantBody, ContentPatchBody } from './packet-bodies.js';
import {
  AnyJson,
  Flag,
  FreeObject,
  InstantText,
  Int,
  List,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Shape,
  Text,
  Uuid,
} from './rules.js';
import { type VoteCount, voteCount } from './values.js';
import type { JsonObject } from '#libs/packet';

export class RequestApprovalBody extends ByClaimantBody {
  @Nested(HitlBody, 'The checkpoint; it is required whatever it says.') hitl!: HitlBody;
}

const verdicts = ['approve', 'deny', 'custom'] as const;

export class RespondBody {
  @Text(1, 10_000, 'One of the options, or an answer in words of its own.') response!: string;
  @Text(1, 256, 'Who says so, for those who read it later; whose vote it is, the key decides.')
  responded_by!: string;
  @Optional()
  @OneOf(['approve', 'deny'], 'What the response means, where it does not say so itself.')
  decision?: 'approve' | 'deny';
  @Optional() @Text(1, 10_000) notes?: string;
  @Optional() @AnyJson('The structured answer, as `response_schema` asks for it.') answer?: unknown;
  @Optional()
  @Nested(ContentPatchBody, 'A change that is made with the approval, where the checkpoint allows edits.')
  edits?: ContentPatchBody;
}

class ApprovalOptionDocument {
  @Text(1, 256) label!: string;
  @OneOf(verdicts) decision!: (typeof verdicts)[number];
  @Optional() @Text(1, 2_000) description?: string;
}

class QuorumDocument {
  @Shape(...voteCount) approve!: VoteCount;
  @Shape(...voteCount) deny!: VoteCount;
}

class VoteDocument {
  @Text(1, 512, 'Whose vote it is, as authenticated.') approver!: string;
  @Optional() @Text(1, 64, 'Id of the key that brought it.') key_id?: string;
  @OneOf(verdicts) decision!: (typeof verdicts)[number];
  @Text(1, 10_000) response!: string;
  @Text(1, 256, 'As the caller called them.') responded_by!: string;
  @InstantText() at!: string;
  @Optional() @AnyJson() answer?: unknown;
  @Optional() @Text(1, 10_000) notes?: string;
}

class ApprovalLinksDocument {
  @Text(1, 512) self!: string;
  @Text(1, 512) respond!: string;
  @Text(1, 512) packet!: string;
}

export const approvalStates = ['open', 'approved', 'denied', 'answered', 'timed_out', 'voided'] as const;

/** One checkpoint: what is asked of whom, the votes, the outcome. */
export class ApprovalDocument {
  @Uuid() id!: string;
  @Text(1, 64) tenant_id!: string;
  @Uuid() packet_id!: string;
  @OneOf(approvalStates) state!: (typeof approvalStates)[number];
  @Text(1, 2_000, 'Why a person must decide.') reason!: string;
  @Optional() @Text(1, 5_000) question?: string;
  @List(ApprovalOptionDocument, 50) options!: ApprovalOptionDocument[];
  @Flag() strict_options!: boolean;
  @Optional() @FreeObject('JSON Schema of the structured answer.') response_schema?: JsonObject;
  @List(ApproverBody, 2_000, 'Those that the ladder added included; none: any key that may respond.')
  approvers!: ApproverBody[];
  @Nested(QuorumDocument) quorum!: QuorumDocument;
  @Flag() allow_agents!: boolean;
  @Flag() allow_edits!: boolean;
  @Optional() @Int(1, 31_536_000) timeout_seconds?: number;
  @OneOf(whenTimedOut) on_timeout!: (typeof whenTimedOut)[number];
  @List(EscalationStepBody, 10) escalation!: EscalationStepBody[];
  @Optional() @Int(1, 31_536_000) remind_before_seconds?: number;
  @Text(1, 256, 'The agent or key that asked; it cannot answer.') requested_by!: string;
  @InstantText() requested_at!: string;
  @Text(64, 64, 'SHA-256 of what was to be approved, in the form of RFC 8785.') content_digest!: string;
  @List(VoteDocument, 10_000, 'The last one of each approver.') votes!: VoteDocument[];
  @Int(0, 10, 'Steps of the ladder that were taken.') escalation_step!: number;
  @Nullable() @InstantText('When the next step or the timeout is due.') expires_at!: string | null;
  @Nullable() @InstantText() reminded_at!: string | null;
  @Nullable() @Text(1, 10_000, 'The answer that ended it.') response!: string | null;
  @Nullable() @Text(1, 256) responded_by!: string | null;
  @Nullable() @InstantText() responded_at!: string | null;
  @Nullable() @Text(1, 10_000) notes!: string | null;
  @Nullable() @FreeObject('The change that came with the answer.') edits!: JsonObject | null;
  @Nullable() @InstantText() ended_at!: string | null;
  @Nullable() @OneOf(['deny', 'approve', 'fail'], 'What the timeout did.') effect!: string | null;
  @Nested(ApprovalLinksDocument) _links!: ApprovalLinksDocument;
}
