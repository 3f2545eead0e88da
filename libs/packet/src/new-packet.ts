import type { NewPacket } from './commands.js';
import { contentErrors, invalid } from './content-check.js';
import type { FieldError } from './content-check.js';
import type { ApprovalPolicy, PacketContent, PacketTerms } from './document.js';
import { parseInstant } from './ids.js';
import type { Instant } from './ids.js';
import type { Rejection } from './rejections.js';

const error = (field: string, code: string, message: string): FieldError => ({ field, code, message });

const targetErrors = ({ content, terms }: NewPacket): FieldError[] =>
  content.metadata.target_agent === undefined && terms.routing === undefined
    ? [error('metadata.target_agent', 'required', 'Name a target agent, or say by routing how to find one')]
    : [];

const expiryErrors = ({ expires_at }: PacketTerms, now: Instant | undefined): FieldError[] =>
  expires_at !== undefined && now !== undefined && expires_at <= now
    ? [error('expires_at', 'past', 'The time of expiry has passed')]
    : [];

function* instantsOf(content: PacketContent, terms: PacketTerms): Generator<[string, Instant | undefined]> {
  yield ['expires_at', terms.expires_at];
  yield ['metadata.deadline', content.metadata.deadline];
  for (const [i, turn] of content.context.conversation_state.entries()) {
    yield [`context.conversation_state.${i}.timestamp`, turn.timestamp];
  }
  for (const [i, decision] of content.decisions.entries())
    yield [`decisions.${i}.timestamp`, decision.timestamp];
  for (const [i, action] of content.actions.pending.entries()) {
    yield [`actions.pending.${i}.deadline`, action.deadline];
  }
  for (const [i, action] of content.actions.completed.entries()) {
    yield [`actions.completed.${i}.completed_at`, action.completed_at];
  }
}

const instantErrors = ({ content, terms }: NewPacket): FieldError[] =>
  [...instantsOf(content, terms)].flatMap(([field, instant]) =>
    instant === undefined || parseInstant(instant) === instant
      ? []
      : [error(field, 'instant', 'An instant is RFC 3339 with an offset, like 2026-01-31T12:00:00Z')],
  );

/** Votes that the named users can give at most; without a list, or with groups, there is no such bound. */
const mostVotes = ({ approvers, escalation }: ApprovalPolicy): number => {
  const all = [...approvers, ...escalation.flatMap((step) => step.approvers)];
  const bounded = approvers.length > 0 && all.every(({ kind }) => kind === 'user');
  return bounded ? new Set(all.map(({ id }) => id)).size : Infinity;
};

/** What must hold across the fields of a checkpoint; `field` is where it stands in the request. */
export const approvalErrors = (policy: ApprovalPolicy, field: string): FieldError[] => {
  const most = mostVotes(policy);
  const quorums = (['approve', 'deny'] as const).flatMap((side) => {
    const needed = policy.quorum[side];
    return needed !== 'all' && needed > most
      ? [error(`${field}.quorum.${side}`, 'unreachable', `Only ${most} approvers are named`)]
      : [];
  });
  const noLadder = policy.on_timeout === 'escalate' && policy.escalation.length === 0;
  const ladder = error(`${field}.on_timeout`, 'no_ladder', 'To escalate, give the steps in escalation');
  return noLadder ? [...quorums, ladder] : quorums;
};

/**
 * What must hold across the fields of a new packet: a target or routing, unique ids and keys, dependencies
 * between its own actions, reachable quorums, real instants, an expiry to come. All that is wrong is named
 * at once (`validation_failed`, with `errors` by field path such as `actions.pending.0.depends_on.1`).
 */
export const checkNewPacket = (packet: NewPacket, now?: Instant): Rejection | null =>
  invalid([
    ...targetErrors(packet),
    ...contentErrors(packet.content),
    ...(packet.hitl ? approvalErrors(packet.hitl, 'hitl') : []),
    ...instantErrors(packet),
    ...expiryErrors(packet.terms, now),
  ]);

/** The same for the body of a request for approval. */
export const checkApproval = (policy: ApprovalPolicy): Rejection | null =>
  invalid(approvalErrors(policy, 'hitl'));
