import type { Approval, Vote } from './approval.js';
import { isTimedOut } from './approval-clock.js';
import { claimForTarget } from './claiming.js';
import type { CommandOf, Principal } from './commands.js';
import { sameJson } from './canonical-json.js';
import { checkContent, invalid } from './content-check.js';
import { defined } from './defined.js';
import type { ApprovalDecision } from './document.js';
import { applyPatch } from './merge.js';
import { decisionOfWord } from './normalize-approval.js';
import { accept, quiet, rejection } from './outcome.js';
import type { Outcome, Rule } from './outcome.js';
import type { Rejection } from './rejections.js';
import type { AwaitingPacket } from './state.js';
import { patchErrors } from './updating.js';

type Respond = CommandOf<'respond'>;

/** A key of a backend that drives several agents is trusted to say truly whose answer it brings. */
const speaksForOthers = ({ agent_id, role }: Principal): boolean =>
  agent_id === undefined && (role === 'writer' || role === 'admin');

/**
 * Who votes: whom the key is bound to, and nobody else. An unbound key is one voter, whatever names it gives,
 * unless a trusted one brings the vote of an approver who is named in the policy.
 */
const voterOf = ({ meta, data }: Respond, { approvers }: Approval): string => {
  const { principal } = meta;
  if (principal.agent_id !== undefined) return principal.agent_id;
  const brought = speaksForOthers(principal) && approvers.find(({ id }) => id === data.responded_by);
  return brought ? brought.id : `key:${principal.key_id}`;
};

const isAgents = ({ meta: { principal } }: Respond): boolean =>
  principal.role === 'agent' ||
  (principal.type === 'agent' && principal.agent_id !== undefined && principal.role !== 'approver');

/**
 * Whether the answer comes from whoever asked: the same agent, an agent's key that it asked with, or a key that
 * asked in its own name. An unbound key of a backend speaks for many, so it may bring a person's answer to what
 * it asked for an agent.
 */
const isRequester = (command: Respond, approval: Approval): boolean => {
  const { data, meta } = command;
  const names = [voterOf(command, approval), data.responded_by, meta.principal.key_id];
  if (names.includes(approval.requested_by)) return true;
  return isAgents(command) && meta.principal.key_id === approval.requested_key;
};

const isNamed = (command: Respond, approval: Approval): boolean => {
  const { agent_id, key_id } = command.meta.principal;
  const names = [voterOf(command, approval), ...(command.data.groups ?? [])];
  if (agent_id === undefined) names.push(key_id);
  return approval.approvers.length === 0 || approval.approvers.some(({ id }) => names.includes(id));
};

const checkVoter = (command: Respond, approval: Approval): Rejection | null => {
  if (isAgents(command) && !approval.policy.allow_agents) {
    return rejection('forbidden', 'Only people may answer this checkpoint.');
  }
  if (isRequester(command, approval)) {
    return rejection('forbidden', 'Whoever asked for the approval cannot give it.');
  }
  return isNamed(command, approval)
    ? null
    : rejection(
        'forbidden',
        `"${voterOf(command, approval)}" is not among the approvers of this checkpoint.`,
      );
};

const checkOpen = ({ data, meta }: Respond, approval: Approval): Rejection | null => {
  if (data.approval_id !== undefined && data.approval_id !== approval.id) {
    return rejection('approval_closed', 'This checkpoint is over; the packet waits at another one.');
  }
  return isTimedOut(approval, meta.now)
    ? rejection('approval_timed_out', 'The time to answer this checkpoint is over.')
    : null;
};

const badAnswer = (field: string, message: string): { rejection: Rejection } => ({
  rejection: rejection('validation_failed', message, {
    field,
    errors: [{ field, code: 'invalid', message }],
  }),
});

const spelt = (text: string): string => text.trim().toLowerCase();
const participles: Record<string, ApprovalDecision> = {
  approved: 'approve',
  denied: 'deny',
  rejected: 'deny',
};

/** What free words decide. A plain "denied" must not let the packet go on as if it were any answer. */
const decisionOfAnswer = (response: string): ApprovalDecision => {
  const word = spelt(response);
  return Object.hasOwn(participles, word) ? (participles[word] ?? 'custom') : decisionOfWord(response);
};

const freeDecision = (data: Respond['data'], approval: Approval): Decided => {
  const { options, strict_options } = approval.policy;
  if (strict_options && options.length > 0) {
    const labels = options.map(({ label }) => `"${label}"`).join(', ');
    return badAnswer('response', `Answer with one of ${labels}.`);
  }
  return { decision: data.decision ?? decisionOfAnswer(data.response) };
};

type Decided = { decision: ApprovalDecision } | { rejection: Rejection };

/** What the answer decides: by the option that it names, by the caller's word for it, or by itself. */
const decisionOf = (data: Respond['data'], approval: Approval): Decided => {
  const option = approval.policy.options.find(({ label }) => spelt(label) === spelt(data.response));
  if (option === undefined) return freeDecision(data, approval);
  if (option.decision === 'custom') return { decision: data.decision ?? 'custom' };
  return data.decision === undefined || data.decision === option.decision
    ? { decision: option.decision }
    : badAnswer('decision', `"${option.label}" means ${option.decision}, not ${data.decision}.`);
};

const neededOf = (quorum: number | 'all', { approvers }: Approval): number =>
  quorum === 'all' ? Math.max(approvers.length, 1) : quorum;

/** How the checkpoint stands with these votes; undefined: it goes on waiting. */
export const tally = (votes: Vote[], approval: Approval): 'approved' | 'denied' | 'answered' | undefined => {
  const { quorum } = approval.policy;
  const denials = votes.filter(({ decision }) => decision === 'deny').length;
  if (denials >= neededOf(quorum.deny, approval)) return 'denied';
  if (votes.length - denials < neededOf(quorum.approve, approval)) return undefined;
  return votes.some(({ decision }) => decision === 'custom') ? 'answered' : 'approved';
};

/** Edits go with the one answer that approves: others would not have seen what they agreed to. */
const checkEdits = ({ data }: Respond, packet: AwaitingPacket, ends: boolean): Rejection | null => {
  if (data.edits === undefined) return null;
  const { policy } = packet.approval;
  if (!policy.allow_edits) return badAnswer('edits', 'This checkpoint does not allow edits.').rejection;
  if (!ends || neededOf(policy.quorum.approve, packet.approval) > 1) {
    return badAnswer('edits', 'Edits can only come with the answer that alone approves.').rejection;
  }
  return (
    invalid(patchErrors(data.edits)) ?? checkContent(applyPatch(packet.content, data.edits), data.limits)
  );
};

const voteOf = (command: Respond, approval: Approval, decision: ApprovalDecision): Vote => {
  const { data, meta } = command;
  const approver = voterOf(command, approval);
  return {
    approver,
    key_id: meta.principal.key_id,
    decision,
    response: data.response,
    responded_by: data.responded_by ?? approver,
    at: meta.now,
    ...defined({ answer: data.answer, notes: data.notes }),
  };
};

const isSameVote = (a: Vote, b: Vote): boolean => sameJson({ ...a, at: null }, { ...b, at: null });

const answered = (command: Respond, packet: AwaitingPacket, decision: ApprovalDecision): Outcome => {
  const { data, meta } = command;
  const { approval } = packet;
  const vote = voteOf(command, approval, decision);
  const others = approval.votes.filter(({ approver }) => approver !== vote.approver);
  const outcome = tally([...others, vote], approval);
  const ends = outcome === 'approved' || outcome === 'answered';
  const refused = checkEdits(command, packet, ends);
  if (refused !== null) return { rejection: refused };
  if (approval.votes.some((earlier) => isSameVote(earlier, vote))) return quiet;
  const claim = ends ? claimForTarget(packet, data.next_claim_id, meta.now) : undefined;
  return accept({
    type: 'packet.approval_responded',
    data: { approval_id: approval.id, vote, ...defined({ outcome, edits: data.edits, claim }) },
  });
};

export const respond: Rule<'respond'> = (command, packet) => {
  const { approval } = packet;
  const refused = checkOpen(command, approval) ?? checkVoter(command, approval);
  if (refused !== null) return { rejection: refused };
  const decided = decisionOf(command.data, approval);
  return 'rejection' in decided ? decided : answered(command, packet, decided.decision);
};
