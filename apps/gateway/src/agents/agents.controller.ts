import { type AgentFacts, AgentRegistry } from '#libs/agents';
import { AgentListQuery, maxAgentMetadataBytes, NoQuery, RegisterAgentBody } from '#libs/contracts';
import { byteLength } from '#libs/packet';
import { Controller, Delete, Get, Inject, Post, Put, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { invalidField, notFound } from '../http/problem-error.js';
import { sendJson, sendNothing } from '../http/reply.js';
import { given } from '../packets/simple-commands.js';
import { queryOf } from '../reads/list-filter.js';
import { actingFor, agentIdOf, checkAgentId } from './agent-id.js';
import { agentDocument, agentPage } from './agent-list.js';

const tag = 'agents';
const document = { $ref: '#/$defs/AgentDocument' };

const factsOf = (body: RegisterAgentBody): AgentFacts => {
  if (body.metadata && byteLength(JSON.stringify(body.metadata)) > maxAgentMetadataBytes)
    throw invalidField('metadata', 'too_large', `Send at most ${maxAgentMetadataBytes} bytes of JSON.`);
  return {
    name: body.name,
    capabilities: body.capabilities ?? [],
    ...given(body, 'framework', 'max_concurrency', 'metadata', 'description'),
  };
};

/** The agents of a tenant: what they can do, and whether they are there. */
@Controller('api/v1/agents')
export class AgentsController {
  constructor(@Inject(AgentRegistry) private readonly registry: AgentRegistry) {}

  @Put(':agent_id')
  @Operation({
    access: 'agent',
    summary: 'Register an agent, or change it',
    description:
      'What is sent replaces what is known of the agent; 201 when it is new, 200 otherwise. It counts as present ' +
      'for a while. A key that is bound to an agent registers that one only.',
    tag,
    body: RegisterAgentBody,
    answer: { status: 200, schema: document, description: 'The agent; 201 with the same body if it is new.' },
    problems: ['too_many_agents'],
  })
  async register(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const id = agentIdOf(request);
    const { tenant_id } = actingFor(request, id);
    checkAgentId(id);
    const facts = factsOf(checked(RegisterAgentBody, jsonOf(request)));
    const { agent, news } = await this.registry.put(tenant_id, id, facts);
    const isNew = news === 'registered';
    if (isNew) void reply.header('location', `/api/v1/agents/${encodeURIComponent(id)}`);
    sendJson(reply, isNew ? 201 : 200, agentDocument(this.registry, agent));
  }

  @Get()
  @Operation({
    access: 'reader',
    summary: 'List agents',
    description: 'By id. With several capabilities: the agents that have all of them.',
    tag,
    query: AgentListQuery,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/AgentListDocument' },
      description: 'A page of agents; `total` is for the whole filter.',
    },
  })
  list(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    const { tenant_id } = principalOf(request);
    sendJson(reply, 200, agentPage(this.registry, tenant_id, queryOf(AgentListQuery, request)));
  }

  @Get(':agent_id')
  @Operation({
    access: 'reader',
    summary: 'Get an agent',
    tag,
    query: NoQuery,
    answer: { status: 200, schema: document, description: 'The agent.' },
  })
  get(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    queryOf(NoQuery, request);
    const agent = this.registry.get(principalOf(request).tenant_id, agentIdOf(request));
    if (agent === undefined) throw notFound('agent');
    sendJson(reply, 200, agentDocument(this.registry, agent));
  }

  @Delete(':agent_id')
  @Operation({
    access: 'agent',
    summary: 'Take an agent out',
    description: 'What it has claimed stays its own; nothing more is routed to it.',
    tag,
    answer: { status: 204, schema: null, description: 'It is no longer registered.' },
  })
  async remove(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const id = agentIdOf(request);
    const { tenant_id } = actingFor(request, id);
    if (!(await this.registry.remove(tenant_id, id))) throw notFound('agent');
    sendNothing(reply);
  }

  @Post(':agent_id/heartbeat')
  @Operation({
    access: 'agent',
    summary: 'Say that an agent is there',
    description:
      'It counts as present until `present_until`. Written at most once in a sixth of that time, so that sending ' +
      'it more often costs nothing. Claiming work and the heartbeats of packets count, too.',
    tag,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/PresenceDocument' },
      description: 'When it was seen, and until when that counts.',
    },
  })
  async heartbeat(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const id = agentIdOf(request);
    const { tenant_id } = actingFor(request, id);
    const presence = await this.registry.heartbeat(tenant_id, id);
    if (presence === null) throw notFound('agent');
    sendJson(reply, 200, { agent_id: id, ...presence });
  }
}
