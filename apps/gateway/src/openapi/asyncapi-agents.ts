import { agentAnswerHeaders, type AgentOperation, agentOperations, httpHeaders } from '#libs/contracts';

const text = { type: 'string' };
const ref = (path: string) => ({ $ref: `#/${path}` });

const idOf = {
  packet: { packet_id: { description: 'The packet, a UUID.' } },
  agent: { agent: { description: 'The id of the agent in base64url.' } },
};

const parametersOf = ({ id }: AgentOperation) => ({
  tenant: { description: 'The tenant of the key.', examples: ['default'] },
  key_id: { description: 'The id of the key that the connection was made with.' },
  ...(id && idOf[id]),
});

const tokenOf = ({ id }: AgentOperation): string => {
  if (id === undefined) return '';
  return id === 'packet' ? '.{packet_id}' : '.{agent}';
};

const bodyOf = ({ method }: AgentOperation): string =>
  method === 'GET' ? 'its parameters as a JSON object, or nothing' : 'its body';

const nameOf = (operation: string): string => `ask_${operation.replaceAll('-', '_')}`;
const entries = Object.entries(agentOperations);

/** What agents may ask for: one subject for each of these routes. */
export const agentChannels = Object.fromEntries(
  entries.map(([operation, facts]) => [
    nameOf(operation),
    {
      address: `hr.api.{tenant}.{key_id}.${operation}${tokenOf(facts)}`,
      title: operation,
      description: `Agents ask the gateway for ${facts.method} ${facts.path} with ${bodyOf(facts)}.`,
      parameters: parametersOf(facts),
      messages: { request: ref('components/messages/ask'), reply: ref('components/messages/answer') },
    },
  ]),
);

export const agentChannelOperations = Object.fromEntries(
  entries.map(([operation]) => [
    `answer_${nameOf(operation).slice('ask_'.length)}`,
    {
      action: 'receive',
      channel: ref(`channels/${nameOf(operation)}`),
      messages: [ref(`channels/${nameOf(operation)}/messages/request`)],
      bindings: { nats: { queue: 'gateway' } },
      reply: { messages: [ref(`channels/${nameOf(operation)}/messages/reply`)] },
    },
  ]),
);

const asked = [
  httpHeaders.idempotencyKey,
  'If-Match',
  'If-None-Match',
  httpHeaders.claim,
  httpHeaders.minPosition,
  httpHeaders.traceparent,
  httpHeaders.requestId,
];

export const agentMessages = {
  ask: {
    name: 'ask',
    title: 'What an agent wants',
    contentType: 'application/json',
    headers: { type: 'object', properties: Object.fromEntries(asked.map((name) => [name, text])) },
    payload: { description: 'As the route of the HTTP API takes it: see openapi.json.' },
  },
  answer: {
    name: 'answer',
    title: 'What the route answers',
    headers: {
      type: 'object',
      description: 'Beside these the headers of the HTTP answer, in lower case.',
      required: [agentAnswerHeaders.status],
      properties: {
        [agentAnswerHeaders.status]: { type: 'string', description: 'The HTTP status.' },
        [agentAnswerHeaders.errorCode]: { type: 'string', description: 'The HTTP status of a problem.' },
        [agentAnswerHeaders.error]: { type: 'string', description: 'The code of a problem.' },
      },
    },
    payload: { description: 'As the route of the HTTP API answers; a problem document when it failed.' },
  },
};
