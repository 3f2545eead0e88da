import type { CommandRequest } from '#libs/contracts';
import { type PacketLog, uuidv7 } from '#libs/event-log';
import { type Issue, validate } from '#libs/json-schema';
import { type ApprovalPolicy, decide, instantAt, type Rejection, type Vote } from '#libs/packet';

type Respond = Extract<CommandRequest, { type: 'respond' }>;

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

const refusal = (issues: readonly Issue[]): Rejection => {
  const errors = issues.map(({ field, ...rest }) => ({
    field: field === '' ? 'answer' : `answer.${field}`,
    ...rest,
  }));
  const detail = 'The structured answer is not what this checkpoint asks for: correct what "errors" names.';
  return { code: 'validation_failed', detail, errors, ...(errors[0] && { field: errors[0].field }) };
};

/**
 * The answer, bound to the checkpoint that it was found good for, so that no other one can be answered by it;
 * or why it does not satisfy the schema of that checkpoint. What the domain refuses, or has answered before,
 * is left to it. @throws LogUnavailable
 */
export const boundToCheckpoint = async (
  log: PacketLog,
  request: Respond,
): Promise<Respond | { rejection: Rejection }> => {
  const { meta } = request;
  const { packet } = await log.load(meta.tenant_id, meta.packet_id);
  if (packet.status !== 'awaiting_human') return request;
  const now = { now: instantAt(Date.now()), event_id: uuidv7() };
  const verdict = decide({ ...request, meta: { ...meta, ...now } }, packet);
  const [event] = verdict.kind === 'accepted' ? verdict.events : [];
  if (event?.type !== 'packet.approval_responded') return request;
  const issues = issuesOf(packet.approval.policy, event.data.vote);
  if (issues.length > 0) return { rejection: refusal(issues) };
  return { ...request, data: { ...request.data, approval_id: packet.approval.id } };
};
