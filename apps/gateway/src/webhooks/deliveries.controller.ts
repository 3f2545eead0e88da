import {
  type CallType,
  DeliveryListQuery,
  PageQuery,
  type SendCall,
  type ServiceCalls,
  SinceBody,
} from '#libs/contracts';
import { type DeliveryFilter, findDelivery, listDeliveries, parseDeliveryCursor } from '#libs/deliveries';
import { type Endpoint, isActive } from '#libs/hooks';
import { instantAt, type PacketId, parsePacketId } from '#libs/packet';
import { SEND_CALL } from '#libs/service-kit';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { faulty, notFound, ProblemError, refused } from '../http/problem-error.js';
import { sendJson } from '../http/reply.js';
import { badCursor, queryOf } from '../reads/list-filter.js';
import { ReadDatabase } from '../reads/read-database.js';
import { HookEndpoints } from './hook-endpoints.js';

const tag = 'webhooks';
const page = {
  status: 200,
  schema: { $ref: '#/$defs/DeliveryListDocument' },
  description: 'A page of deliveries.',
};
const sent = {
  status: 202,
  schema: { $ref: '#/$defs/SentDeliveryDocument' },
  description: 'It is on its way: its delivery says what becomes of it.',
};

type Asked = Pick<PageQuery, 'limit' | 'cursor'>;
type OfCaller = 'tenant_id' | 'principal' | 'traceparent';

/** What is sent to webhooks, what became of it, and what is sent again. */
@Controller('api/v1/hooks')
export class DeliveriesController {
  constructor(
    @Inject(HookEndpoints) private readonly endpoints: HookEndpoints,
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(SEND_CALL) private readonly call: SendCall,
  ) {}

  @Get('dlq')
  @Operation({
    access: 'writer',
    summary: 'List dead letters',
    description: 'What could not be delivered, of all webhooks, newest first. Kept for 30 days.',
    tag,
    query: PageQuery,
    answer: page,
  })
  async listDeadLetters(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    await this.#list(request, reply, { filter: { status: 'dead_letter' }, ...queryOf(PageQuery, request) });
  }

  @Post('dlq/:delivery_id/replay')
  @Operation({
    access: 'writer',
    summary: 'Send a dead letter again',
    description: 'With the same id as before, and with all its attempts anew.',
    tag,
    answer: sent,
    problems: ['hook_disabled'],
  })
  async replayDelivery(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const delivery_id = parsePacketId((request.params as { delivery_id: string }).delivery_id);
    if (delivery_id === null) throw notFound('delivery');
    await this.#checkActive(request, delivery_id);
    sendJson(reply, 202, await this.#ask('replay_delivery', request, { delivery_id }));
  }

  @Get(':id/deliveries')
  @Operation({
    access: 'writer',
    summary: 'List the deliveries of a webhook',
    description: 'Newest first, each with all of its attempts. Kept for 30 days.',
    tag,
    query: DeliveryListQuery,
    answer: page,
  })
  async listDeliveries(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const { status, ...asked } = queryOf(DeliveryListQuery, request);
    const filter = { hook_id: this.#hookOf(request).id, ...(status && { status }) };
    await this.#list(request, reply, { filter, ...asked });
  }

  @Post(':id/test')
  @Operation({
    access: 'writer',
    summary: 'Send a test event',
    description: 'An event of the type `hook.test`, about no packet, whatever the webhook asks for.',
    tag,
    answer: sent,
    problems: ['hook_disabled'],
  })
  async testHook(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const { id } = this.#activeHookOf(request);
    sendJson(reply, 202, await this.#ask('test_hook', request, { hook_id: id }));
  }

  @Post(':id/recover')
  @Operation({
    access: 'writer',
    summary: 'Send again what failed',
    description: 'The dead letters of this webhook that came up since then, each with the id that it had.',
    tag,
    body: SinceBody,
    answer: {
      status: 202,
      schema: { $ref: '#/$defs/RecoveredDocument' },
      description: 'How many are on their way.',
    },
    problems: ['hook_disabled'],
  })
  async recoverHook(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const since = sinceOf(request);
    const { id } = this.#activeHookOf(request);
    sendJson(reply, 202, await this.#ask('recover_hook', request, { hook_id: id, since }));
  }

  @Post(':id/replay-missing')
  @Operation({
    access: 'writer',
    summary: 'Send what a webhook never got',
    description:
      'Reads the log from that instant on and sends each event that the webhook asks for and was never to get: from ' +
      'before it was made, or from while it was disabled. What it has or had coming is not sent again.',
    tag,
    body: SinceBody,
    answer: {
      status: 202,
      schema: { $ref: '#/$defs/StartedReplayDocument' },
      description: 'It has begun, and goes on whatever stops in between.',
    },
    problems: ['hook_disabled'],
  })
  async replayMissing(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const since = sinceOf(request);
    const { id } = this.#activeHookOf(request);
    sendJson(reply, 202, await this.#ask('replay_missing', request, { hook_id: id, since }));
  }

  #hookOf(request: ApiRequest): Endpoint {
    const { id } = request.params as { id: string };
    return this.endpoints.find(principalOf(request).tenant_id, id.toLowerCase());
  }

  #activeHookOf(request: ApiRequest): Endpoint {
    return mustBeActive(this.#hookOf(request));
  }

  async #checkActive(request: ApiRequest, deliveryId: PacketId): Promise<void> {
    const { tenant_id } = principalOf(request);
    const delivery = await this.database.use((source) => findDelivery(source, tenant_id, deliveryId));
    if (delivery === null) throw notFound('delivery');
    mustBeActive(this.endpoints.find(tenant_id, delivery.hook_id));
  }

  async #list(
    request: ApiRequest,
    reply: ApiReply,
    { filter, limit = 50, cursor }: Asked & { filter: DeliveryFilter },
  ): Promise<void> {
    if (cursor !== undefined && parseDeliveryCursor(cursor) === null) throw badCursor();
    const { tenant_id } = principalOf(request);
    const asked = { filter, limit, ...(cursor !== undefined && { cursor }) };
    const { deliveries, next_cursor } = await this.database.use((source) =>
      listDeliveries(source, tenant_id, asked),
    );
    sendJson(reply, 200, { deliveries, limit, next_cursor });
  }

  async #ask<T extends CallType>(
    type: T,
    request: ApiRequest,
    what: Omit<ServiceCalls[T]['request'], OfCaller>,
  ): Promise<ServiceCalls[T]['answer']> {
    const principal = principalOf(request);
    const { tenant_id } = principal;
    const asked = { tenant_id, principal, traceparent: request.call.span.traceparent, ...what };
    const reply = await this.call(type, asked as ServiceCalls[T]['request']);
    if (reply.outcome === 'refused') throw refused(reply.rejection);
    if (reply.outcome === 'fault') throw faulty(reply);
    return reply.answer;
  }
}

const mustBeActive = (endpoint: Endpoint): Endpoint => {
  if (isActive(endpoint)) return endpoint;
  throw new ProblemError('hook_disabled', 'Enable the webhook first: nothing is sent to it now.');
};

const sinceOf = (request: ApiRequest) => instantAt(Date.parse(checked(SinceBody, jsonOf(request)).since));
