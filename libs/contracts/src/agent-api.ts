/** One thing that agents may ask for on NATS: the route of the HTTP API that answers it. */
export interface AgentOperation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:id` where the last token of the subject belongs. */
  path: string;
  /** What that token is: the id of a packet, or the id of an agent in base64url. */
  id?: 'packet' | 'agent';
}

const packets = '/api/v1/packets';

const onPacket = (word: string): AgentOperation => ({
  method: 'POST',
  path: `${packets}/:id/${word}`,
  id: 'packet',
});

const readPacket = (rest = ''): AgentOperation => ({
  method: 'GET',
  path: `${packets}/:id${rest}`,
  id: 'packet',
});

/** By the word that the subject names them with. The body is that of the route, or its query as a JSON object. */
export const agentOperations: Readonly<Record<string, AgentOperation>> = {
  create: { method: 'POST', path: packets },
  list: { method: 'GET', path: packets },
  search: { method: 'GET', path: `${packets}/search` },
  get: readPacket(),
  history: readPacket('/history'),
  lineage: readPacket('/lineage'),
  update: { method: 'PATCH', path: `${packets}/:id`, id: 'packet' },
  chain: onPacket('chain'),
  'claim-next': { method: 'POST', path: `${packets}/claim-next` },
  claim: onPacket('claim'),
  start: onPacket('start'),
  heartbeat: onPacket('heartbeat'),
  progress: onPacket('progress'),
  complete: onPacket('complete'),
  fail: onPacket('fail'),
  reject: onPacket('reject'),
  release: onPacket('release'),
  'request-approval': onPacket('request-approval'),
  respond: onPacket('respond'),
  retry: onPacket('retry'),
  cancel: onPacket('cancel'),
  route: { method: 'POST', path: '/api/v1/route' },
  'register-agent': { method: 'PUT', path: '/api/v1/agents/:id', id: 'agent' },
  'unregister-agent': { method: 'DELETE', path: '/api/v1/agents/:id', id: 'agent' },
  'agent-heartbeat': { method: 'POST', path: '/api/v1/agents/:id/heartbeat', id: 'agent' },
};

/** Whose requests: a tenant and one of its keys, by its id. */
export interface AgentSubject {
  tenant: string;
  keyId: string;
  operation: string;
  /** Of what it is about, as the operation says. */
  id?: string;
}

/** Every request of agents. */
export const agentRequests = 'hr.api.>';

/** All that the holder of one key may publish to. */
export const agentRequestsOf = (tenant: string, keyId: string): string => `hr.api.${tenant}.${keyId}.>`;

/** Where the holder of one key gets its answers: clients set `_INBOX.<key id>` as their inbox prefix. */
export const agentInboxOf = (keyId: string): string => `_INBOX.${keyId}`;

/** `hr.api.<tenant>.<key id>.<operation>`, and for most operations `.<id>`. */
export const agentRequestSubject = ({ tenant, keyId, operation, id }: AgentSubject): string =>
  ['hr.api', tenant, keyId, operation, ...(id === undefined ? [] : [id])].join('.');

/** The parts of a request's subject; undefined when it is none. */
export const parseAgentRequest = (subject: string): AgentSubject | undefined => {
  const [hr, api, tenant, keyId, operation, id, ...more] = subject.split('.');
  if (hr !== 'hr' || api !== 'api' || !tenant || !keyId || !operation || more.length > 0) return undefined;
  return { tenant, keyId, operation, ...(id !== undefined && { id }) };
};

/** Headers of an answer on NATS, beside those of the HTTP API. */
export const agentAnswerHeaders = {
  /** The HTTP status. */
  status: 'HandoffRail-Status',
  /** Of what failed, as NATS services tell it: the status, and the code of the problem. */
  errorCode: 'Nats-Service-Error-Code',
  error: 'Nats-Service-Error',
} as const;
