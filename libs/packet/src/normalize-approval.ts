import { defined } from './defined.js';
import type { ApprovalDecision, ApprovalOption, ApprovalPolicy, Approver } from './document.js';
import type { ApprovalInput, ApproverInput } from './input.js';

const spoken: Record<string, ApprovalDecision> = {
  approve: 'approve',
  yes: 'approve',
  deny: 'deny',
  reject: 'deny',
  no: 'deny',
};

/** The decision that a word carries by itself, in any case; any other text is an answer of its own. */
export const decisionOfWord = (text: string): ApprovalDecision => {
  const word = text.trim().toLowerCase();
  return Object.hasOwn(spoken, word) ? (spoken[word] ?? 'custom') : 'custom';
};

type OptionInput = NonNullable<ApprovalInput['options']>[number];

const optionOf = (option: OptionInput): ApprovalOption =>
  typeof option === 'string'
    ? { label: option, decision: decisionOfWord(option) }
    : defined({ label: option.label, decision: option.decision, description: option.description });

const approverOf = ({ id, kind, name }: ApproverInput): Approver => defined({ id, kind, name });

const onTimeout = (input: ApprovalInput): ApprovalPolicy['on_timeout'] =>
  input.on_timeout ?? ((input.escalation ?? []).length > 0 ? 'escalate' : 'deny');

const quorumOf = (quorum: ApprovalInput['quorum']): ApprovalPolicy['quorum'] => ({
  approve: quorum?.approve ?? 1,
  deny: quorum?.deny ?? 1,
});

const flagsOf = (input: ApprovalInput) => ({
  required: input.required ?? true,
  strict_options: input.strict_options ?? false,
  allow_agents: input.allow_agents ?? false,
  allow_edits: input.allow_edits ?? false,
});

/** The policy that a valid checkpoint body describes, with its defaults. */
export const normalizeApproval = (input: ApprovalInput): ApprovalPolicy =>
  defined({
    ...flagsOf(input),
    reason: input.reason,
    question: input.question,
    options: input.options?.map(optionOf) ?? [],
    response_schema: input.response_schema,
    approvers: input.approvers?.map(approverOf) ?? [],
    quorum: quorumOf(input.quorum),
    timeout_seconds: input.timeout_seconds,
    on_timeout: onTimeout(input),
    escalation:
      input.escalation?.map(({ after_seconds, approvers, notify }) =>
        defined({ after_seconds, approvers: approvers.map(approverOf), notify }),
      ) ?? [],
    remind_before_seconds: input.remind_before_seconds,
  });
