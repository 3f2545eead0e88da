import type { HandoffRailError } from '#libs/sdk';

const logIn = 'Log in with a key that is valid: handoffrail login';

/** By the code of a problem, or of a call without an answer. */
export const nextByCode: Record<string, string> = {
  connection: 'Start a rail with `handoffrail serve`, or say where it is: --url or HANDOFFRAIL_URL.',
  timeout: 'Try again; `handoffrail doctor` tells how the server is.',
  key_revoked: logIn,
  forbidden: 'Use a key with the role for it: --api-key or --profile',
  edge_not_allowed: 'See who may hand to whom: handoffrail agents edges',
  not_the_target: 'Act as the agent that it is offered to: --agent-id ID',
  not_the_claimant: 'Act as the agent that holds it: --agent-id ID',
  not_the_source: 'Act as the agent that handed it over: --agent-id ID',
  already_claimed: 'Take other work: handoffrail claim-next --agent-id ID',
  stale_claim: 'Let go of the work, or claim it again: handoffrail claim ID --agent-id ID',
  claim_token_required: 'Pass the claim id that the claim printed: --claim-id ID',
  awaiting_human: 'See what people are asked: handoffrail approvals',
};

const nextByStatus: Record<number, string> = {
  401: logIn,
  412: 'Look at it again: handoffrail get ID',
};

const allowedBy = ({ problem }: HandoffRailError): string | undefined =>
  problem?.allowed?.length ? `Possible now: ${problem.allowed.join(', ')}` : undefined;

const waitOf = ({ retryAfter }: HandoffRailError): string | undefined =>
  retryAfter === undefined ? undefined : `Try again in ${Math.ceil(retryAfter)} s.`;

/** The list of whatever the command is about. */
const listFor = (help: string): string => {
  const [program, group, ...more] = help.split(' ');
  return more.length > 1 ? `${program} ${group} list` : `${program} list`;
};

/**
 * What to do about what the rail refused, where there is something.
 * @param help the command that tells how the one that failed is used
 */
export const nextStepOf = (error: HandoffRailError, help: string): string | undefined => {
  if (error.code === 'not_found') return `See what there is: ${listFor(help)}`;
  return allowedBy(error) ?? waitOf(error) ?? nextByCode[error.code] ?? nextByStatus[error.status ?? 0];
};
