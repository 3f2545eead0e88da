import { type Principal } from '#libs/packet';
import { type ApiRequest, principalOf } from '../http/call.js';
import { badText, isStorable } from '../http/json-body.js';
import { invalidField, ProblemError } from '../http/problem-error.js';

const maxLength = 256;
/** `human` as a target means a person, `*` in an edge means any agent. */
const reserved = ['human', '*'];

/** The agent that the path names. */
export const agentIdOf = (request: ApiRequest): string => (request.params as { agent_id: string }).agent_id;

/** Refuses an id that no agent may have. @throws ProblemError */
export const checkAgentId = (id: string, field = 'id'): void => {
  if ([...id].length > maxLength)
    throw invalidField(field, 'too_long', `Send an id of at most ${maxLength} characters.`);
  if (!isStorable(id)) throw invalidField(field, badText.code, badText.message);
  if (reserved.includes(id)) throw invalidField(field, 'reserved', `Choose another id: "${id}" is taken.`);
};

/** Refuses a key that is bound to another agent than the one of the path. @throws ProblemError */
export const actingFor = (request: ApiRequest, id: string): Principal => {
  const principal = principalOf(request);
  const { agent_id: bound } = principal;
  if (bound === undefined || bound === id) return principal;
  throw new ProblemError(
    'forbidden',
    `Use another key: this one is bound to the agent "${bound}" and cannot act as "${id}".`,
  );
};
