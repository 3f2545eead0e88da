import {
  type AgentNews,
  commandsOf,
  commandSubject,
  deadLetterHeaders,
  eventHeaders,
  feedHeaders,
  serviceOf,
} from '#libs/contracts';
import { agentChannelOperations, agentChannels, agentMessages } from './asyncapi-agents.js';
import { currentSchema, eventAliases, type PacketCommandType, type PacketEventType } from '#libs/packet';

const eventTypes = Object.keys(currentSchema) as PacketEventType[];
const messageName = (type: PacketEventType): string => type.replace('.', '_');

const text = { type: 'string' };

const parameter = (description: string, examples: string[]) => ({ description, examples });
const tenant = parameter('The tenant.', ['default']);
const packet_id = parameter('The packet, a UUID.', ['019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60']);

const eventMessage = (type: PacketEventType) => ({
  name: type,
  title: type,
  contentType: 'application/json',
  headers: {
    type: 'object',
    required: [eventHeaders.id, eventHeaders.type, eventHeaders.time, eventHeaders.revision],
    properties: {
      ...Object.fromEntries(Object.values(eventHeaders).map((name) => [name, text])),
      [eventHeaders.type]: { const: type },
      [eventHeaders.schema]: { type: 'string', const: String(currentSchema[type]) },
    },
  },
  payload: { type: 'object', description: 'The data of the event; fields are added, never changed.' },
});

const feedMessage = {
  name: 'feed',
  title: 'What happened',
  contentType: 'application/json',
  headers: {
    type: 'object',
    properties: {
      [feedHeaders.traceparent]: text,
      [feedHeaders.previous]: {
        type: 'string',
        description: 'A position: between it and this message there is no event of the tenant.',
      },
    },
  },
  payload: {
    type: 'object',
    required: ['type', 'packet_id', 'position', 'revision', 'agents', 'data', 'timestamp'],
    properties: {
      type: { type: 'string', enum: eventTypes },
      aliases: { type: 'array', items: { type: 'string', enum: eventAliases } },
      packet_id: text,
      position: text,
      revision: { type: 'integer' },
      agents: { type: 'array', items: text, description: 'Source, target and claimant, before and after.' },
      data: {
        type: 'object',
        description: 'The packet after it: status, revision, metadata, root_id, claimed_by, offer.',
      },
      timestamp: { type: 'string', format: 'date-time' },
    },
  },
};

const positionMessage = {
  name: 'position',
  title: 'How far the read models are',
  contentType: 'application/json',
  payload: {
    type: 'object',
    required: ['position', 'after', 'last'],
    properties: {
      position: text,
      after: { type: 'string', description: 'Every event behind this position has been told on the feed.' },
      last: {
        type: 'object',
        additionalProperties: text,
        description: 'By tenant, the last of these events: who has not heard it has missed something.',
      },
    },
  },
};

const agentNews: AgentNews[] = ['registered', 'changed', 'left'];

const agentMessage = {
  name: 'agent',
  title: 'What became of an agent',
  contentType: 'application/json',
  payload: {
    type: 'object',
    required: ['news', 'agent_id', 'timestamp'],
    properties: {
      news: { type: 'string', enum: agentNews },
      agent_id: text,
      agent: { type: 'object', description: 'As it is registered now; not when it has left.' },
      timestamp: { type: 'string', format: 'date-time' },
    },
  },
};

const parkedMessage = {
  name: 'parked',
  title: 'A message that nobody could handle',
  headers: {
    type: 'object',
    properties: Object.fromEntries(Object.values(deadLetterHeaders).map((name) => [name, text])),
  },
  payload: { description: 'The body as it came.' },
};

const commandMessage = {
  name: 'command',
  title: 'CommandRequest',
  contentType: 'application/json',
  payload: {
    type: 'object',
    required: ['type', 'meta', 'data'],
    properties: { type: text, meta: { type: 'object' }, data: { type: 'object' } },
  },
};

const replyMessage = {
  name: 'reply',
  title: 'CommandReply',
  contentType: 'application/json',
  payload: {
    type: 'object',
    required: ['outcome'],
    properties: { outcome: { type: 'string', enum: ['accepted', 'refused', 'fault'] } },
  },
};

const messageRef = (name: string) => ({ $ref: `#/components/messages/${name}` });
const eventRefs = Object.fromEntries(
  eventTypes.map((type) => [messageName(type), messageRef(messageName(type))]),
);
const channelRef = (name: string) => ({ $ref: `#/channels/${name}` });

const commands = Object.keys(serviceOf) as PacketCommandType[];

const commandChannels = Object.fromEntries(
  commands.map((type) => [
    `command_${type}`,
    {
      address: commandSubject(type),
      title: type,
      description: `Internal: the gateway and timers ask ${serviceOf[type]}.`,
      messages: { request: messageRef('command'), reply: messageRef('reply') },
    },
  ]),
);

const commandOperations = Object.fromEntries(
  commands.map((type) => [
    `handle_${type}`,
    {
      action: 'receive',
      channel: channelRef(`command_${type}`),
      messages: [{ $ref: `#/channels/command_${type}/messages/request` }],
      bindings: { nats: { queue: serviceOf[type] } },
      reply: { messages: [{ $ref: `#/channels/command_${type}/messages/reply` }] },
    },
  ]),
);

const channels = {
  packets: {
    address: 'hr.packets.{tenant}.{packet_id}',
    description:
      'The stream HR_PACKETS: every event of one packet, in order. Read it through a consumer. What has the header ' +
      '`handoffrail-quota` is no event: it counts what a limited tenant makes, on hr.packets.{tenant}.quota.….',
    parameters: { tenant, packet_id },
    messages: eventRefs,
  },
  feed: {
    address: 'hr.feed.{tenant}.{packet_id}.{event_type}',
    description: 'Plain NATS: what happened, once the read models hold it.',
    parameters: { tenant, packet_id, event_type: { description: 'As on the log.', enum: eventTypes } },
    messages: { feed: messageRef('feed') },
  },
  agents: {
    address: 'hr.agents.{tenant}.{agent}.{news}',
    description:
      'Plain NATS: agents that register, change and leave, once each, after the registry holds it.',
    parameters: {
      tenant,
      agent: parameter('The id of the agent in base64url.', ['YmlsbGluZy0wMQ']),
      news: { description: 'What happened.', enum: agentNews },
    },
    messages: { agent: messageRef('agent') },
  },
  position: {
    address: 'hr.position',
    description: 'After each commit of the projector.',
    messages: { position: messageRef('position') },
  },
  deadLetters: {
    address: 'hr.dead.{consumer}',
    description: 'The stream HR_DEAD_LETTERS: messages that could not be handled, with the reason.',
    parameters: { consumer: { description: 'Who could not handle it.', examples: ['projector'] } },
    messages: { parked: messageRef('parked') },
  },
  ...agentChannels,
  ...commandChannels,
};

/** The AsyncAPI 3 document of the NATS subjects. */
export const asyncApi = (): object => ({
  asyncapi: '3.0.0',
  info: {
    title: 'HandoffRail on NATS',
    version: '1.0.0',
    description: `Events are CloudEvents 1.0 in binary mode. ${commandsOf('ingestion').length} commands are ingestion's, ${commandsOf('claiming').length} are claiming's, ${commandsOf('approvals').length} are approvals'.`,
    license: { name: 'Apache-2.0' },
  },
  defaultContentType: 'application/json',
  servers: { nats: { host: 'localhost:4222', protocol: 'nats' } },
  channels,
  operations: {
    record: { action: 'send', channel: channelRef('packets') },
    announce: { action: 'send', channel: channelRef('feed') },
    tellOfAgents: { action: 'send', channel: channelRef('agents') },
    park: { action: 'send', channel: channelRef('deadLetters') },
    tellPosition: { action: 'send', channel: channelRef('position') },
    ...agentChannelOperations,
    ...commandOperations,
  },
  components: {
    messages: {
      ...Object.fromEntries(eventTypes.map((type) => [messageName(type), eventMessage(type)])),
      feed: feedMessage,
      agent: agentMessage,
      position: positionMessage,
      parked: parkedMessage,
      command: commandMessage,
      reply: replyMessage,
      ...agentMessages,
    },
  },
});
