import {
  agentInboxOf,
  type AgentOperation,
  agentOperations,
  type AgentSubject,
  httpHeaders,
  parseAgentRequest,
} from '#libs/contracts';
import type { Msg } from '@nats-io/nats-core';
import type { InnerRequest } from '../http/inner-requests.js';

/** A message of an agent: what it wants of which route, and where the answer goes. */
export interface AgentRequest extends AgentSubject {
  request: Omit<InnerRequest, 'keyHash'>;
  /** Empty: nobody waits for an answer. */
  reply: string;
}

/** The headers that the routes look at; all others, and whom they may name, are nobody's. */
const passed: ReadonlySet<string> = new Set(
  [
    httpHeaders.idempotencyKey,
    httpHeaders.claim,
    httpHeaders.minPosition,
    httpHeaders.requestId,
    httpHeaders.traceparent,
    'if-match',
    'if-none-match',
  ].map((name) => name.toLowerCase()),
);

const headersOf = ({ headers }: Msg): Record<string, string> => {
  const given: Record<string, string> = {};
  for (const [name, [first]] of headers ?? [])
    if (first !== undefined && passed.has(name.toLowerCase())) given[name.toLowerCase()] = first;
  return given;
};

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** The parameters in a JSON object; what is none gives a query that no route takes. */
const queryOf = (body: Uint8Array): string => {
  if (body.length === 0) return '';
  const query = new URLSearchParams();
  let given: unknown;
  try {
    given = JSON.parse(Buffer.from(body).toString());
  } catch {
    given = { body: 'not JSON' };
  }
  for (const [name, value] of Object.entries(given ?? {}))
    for (const one of [value].flat()) query.append(name, isPlain(one) ? String(one) : JSON.stringify(one));
  return query.size === 0 ? '' : `?${query.toString()}`;
};

const idOf = ({ id: kind }: AgentOperation, id: string): string =>
  encodeURIComponent(kind === 'agent' ? Buffer.from(id, 'base64url').toString() : id);

/** The path of the route; one that does not exist, when the subject does not fit the operation. */
const pathOf = (subject: AgentSubject, operation: AgentOperation | undefined): string => {
  const { id } = subject;
  if (operation === undefined || (operation.id === undefined) !== (id === undefined))
    return `/nats/${[subject.operation, ...(id === undefined ? [] : [id])].map(encodeURIComponent).join('/')}`;
  return id === undefined ? operation.path : operation.path.replace(':id', idOf(operation, id));
};

/** The operation of that name; undefined when there is none. */
export const operationOf = (name: string): AgentOperation | undefined =>
  Object.hasOwn(agentOperations, name) ? agentOperations[name] : undefined;

/**
 * What a message asks for. Undefined when it is no request, or when its answer would go elsewhere than to the
 * sender's own inbox: we may publish where the sender must not.
 */
export const readAgentRequest = (message: Msg): AgentRequest | undefined => {
  const subject = parseAgentRequest(message.subject);
  const reply = message.reply ?? '';
  if (subject === undefined) return undefined;
  if (reply !== '' && !reply.startsWith(`${agentInboxOf(subject.keyId)}.`)) return undefined;
  const operation = operationOf(subject.operation);
  const method = operation?.method ?? 'POST';
  const path = pathOf(subject, operation);
  const headers = headersOf(message);
  if (method === 'GET')
    return { ...subject, reply, request: { method, url: path + queryOf(message.data), headers } };
  const body = Buffer.from(message.data);
  return {
    ...subject,
    reply,
    request: { method, url: path, headers: { ...headers, 'content-type': 'application/json' }, body },
  };
};
