import { checkSchema, type Issue, validate } from '#libs/json-schema';
import { type ApprovalPolicy, decide, type Rejection, type Vote } from '#libs/packet';
import { packetOf } from './contents.js';
import { Refusal } from './refusal.js';
import { commandOf, type Order, storedPacket, type Turn } from './turn.js';

const under = (field: string, issue: Issue): Issue => ({
  ...issue,
  field: issue.field === '' ? field : `${field}.${issue.field}`,
});

const refusal = (errors: Issue[]): Rejection => {
  const [first] = errors;
  const detail = `Correct the field ${first?.field ?? ''}: ${first?.message ?? ''}`;
  return { code: 'validation_failed', detail, errors, ...(first && { field: first.field }) };
};

/** Why the structured answers of a checkpoint could not be checked; null: they can. */
export const checkResponseSchema = (policy: ApprovalPolicy | undefined): Rejection | null => {
  const issues = policy?.response_schema === undefined ? [] : checkSchema(policy.response_schema);
  return issues.length === 0 ? null : refusal(issues.map((issue) => under('hitl.response_schema', issue)));
};

const missing: Issue = {
  field: '',
  code: 'required',
  message: 'Send the structured answer that this checkpoint asks for: see its response_schema.',
};

/** A "no" needs no form: whoever denies may still give one. */
const issuesOf = ({ response_schema }: ApprovalPolicy, { answer, decision }: Vote): Issue[] => {
  if (response_schema === undefined) return [];
  if (answer === undefined) return decision === 'deny' ? [] : [missing];
  return validate(response_schema, answer);
};

/** Refuses an answer that does not satisfy the schema of its checkpoint. @throws Refusal */
export const checkAnswer = (turn: Turn, order: Extract<Order, { type: 'respond' }>): void => {
  const packet = packetOf(storedPacket(turn, order.id));
  if (packet.status !== 'awaiting_human') return;
  const verdict = decide(commandOf(order, turn.now), packet);
  const [event] = verdict.kind === 'accepted' ? verdict.events : [];
  if (event?.type !== 'packet.approval_responded') return;
  const issues = issuesOf(packet.approval.policy, event.data.vote);
  if (issues.length > 0) throw new Refusal(refusal(issues.map((issue) => under('answer', issue))));
};
