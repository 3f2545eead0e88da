import { checkSchema, type Issue } from '#libs/json-schema';
import type { ApprovalPolicy, Rejection } from '#libs/packet';

const field = 'hitl.response_schema';

const refusal = (issue: Issue): Rejection => {
  const at = issue.field === '' ? field : `${field}.${issue.field}`;
  const detail = `Correct the field ${at}: ${issue.message}`;
  return { code: 'validation_failed', detail, field: at, errors: [{ ...issue, field: at }] };
};

/** Why the structured answers of a checkpoint could not be checked; null: they can. */
export const checkResponseSchema = (policy: ApprovalPolicy | undefined): Rejection | null => {
  if (policy?.response_schema === undefined) return null;
  const [issue] = checkSchema(policy.response_schema);
  return issue === undefined ? null : refusal(issue);
};
