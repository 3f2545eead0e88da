import {
  ChangeHookBody,
  CreateHookBody,
  HookListQuery,
  httpHeaders,
  NoQuery,
  RotateSecretBody,
} from '#libs/contracts';
import { HookRegistry } from '#libs/hooks';
import { instantAt } from '#libs/packet';
import { Controller, Delete, Get, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { sendJson, sendNothing } from '../http/reply.js';
import { queryOf } from '../reads/list-filter.js';
import { HookEndpoints } from './hook-endpoints.js';
import { hookDocument, hookPage, previousUntil } from './hook-view.js';

const tag = 'webhooks';
const document = { $ref: '#/$defs/HookDocument' };

const hookIdOf = ({ params }: ApiRequest): string => (params as { id: string }).id.toLowerCase();

/** The webhooks of a tenant. */
@Controller('api/v1/hooks')
export class HooksController {
  constructor(
    @Inject(HookEndpoints) private readonly endpoints: HookEndpoints,
    @Inject(HookRegistry) private readonly registry: HookRegistry,
    @Inject(RunningRequests) private readonly running: RunningRequests,
  ) {}

  @Post()
  @Operation({
    access: 'writer',
    summary: 'Make a webhook',
    description:
      'From now on every event that it asks for is sent to the URL, at least once. The answer holds the secret that ' +
      'signs, once; a repeated request with the same Idempotency-Key answers with `"secret": null`. The host must be ' +
      'a public one, unless the operator has opened networks of their own.',
    tag,
    body: CreateHookBody,
    idempotent: true,
    answer: {
      status: 201,
      schema: { $ref: '#/$defs/MadeHookDocument' },
      description: 'The webhook, with its secret, shown once.',
    },
    problems: ['too_many_webhooks'],
  })
  async createHook(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const repeatable = repeatableOf(request, value);
    const { endpoint, secret } = await this.running.once(request, repeatable, () =>
      this.endpoints.create(principalOf(request), checked(CreateHookBody, value), repeatable),
    );
    if (secret === undefined) void reply.header(httpHeaders.idempotencyReplayed, 'true');
    void reply.header('location', `/api/v1/hooks/${endpoint.id}`);
    sendJson(reply, 201, { ...hookDocument(endpoint), secret: secret ?? null });
  }

  @Get()
  @Operation({
    access: 'writer',
    summary: 'List webhooks',
    description: 'Oldest first, without secrets.',
    tag,
    query: HookListQuery,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/HookListDocument' },
      description: 'A page of webhooks; `total` is for the whole filter.',
    },
  })
  listHooks(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    const { tenant_id } = principalOf(request);
    sendJson(reply, 200, hookPage(this.registry, tenant_id, queryOf(HookListQuery, request)));
  }

  @Get(':id')
  @Operation({
    access: 'writer',
    summary: 'Get a webhook',
    tag,
    query: NoQuery,
    answer: { status: 200, schema: document, description: 'The webhook, without its secret.' },
  })
  getHook(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    queryOf(NoQuery, request);
    const { tenant_id } = principalOf(request);
    sendJson(reply, 200, hookDocument(this.endpoints.find(tenant_id, hookIdOf(request))));
  }

  @Patch(':id')
  @Operation({
    access: 'writer',
    summary: 'Change a webhook',
    description:
      'What is left out stays; null takes description, filter, rate_per_second or headers away. What is waiting to be ' +
      'sent goes to the new URL.',
    tag,
    body: ChangeHookBody,
    answer: { status: 200, schema: document, description: 'The webhook as it is now.' },
  })
  async changeHook(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const body = checked(ChangeHookBody, value);
    const { tenant_id } = principalOf(request);
    const endpoint = await this.endpoints.change(tenant_id, hookIdOf(request), { body, value });
    sendJson(reply, 200, hookDocument(endpoint));
  }

  @Delete(':id')
  @Operation({
    access: 'admin',
    summary: 'Delete a webhook',
    description:
      'Nothing is sent to it any more. It and its deliveries can be read for 30 days, and enabled again as long.',
    tag,
    answer: { status: 204, schema: null, description: 'It is deleted.' },
  })
  async deleteHook(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    await this.endpoints.delete(principalOf(request).tenant_id, hookIdOf(request));
    sendNothing(reply);
  }

  @Post(':id/enable')
  @Operation({
    access: 'writer',
    summary: 'Enable a webhook',
    description:
      'One that was disabled or deleted gets events again, from now on. `replay-missing` sends what it missed.',
    tag,
    answer: { status: 200, schema: document, description: 'The webhook, active.' },
    problems: ['too_many_webhooks'],
  })
  async enableHook(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const endpoint = await this.endpoints.enable(principalOf(request).tenant_id, hookIdOf(request));
    sendJson(reply, 200, hookDocument(endpoint));
  }

  @Post(':id/rotate-secret')
  @Operation({
    access: 'admin',
    summary: 'Rotate the secret of a webhook',
    description:
      'The new secret signs from now on. Until the grace is over the one before signs beside it, so that a ' +
      'receiver can change over without losing anything. A second rotation ends the grace of the first.',
    tag,
    body: RotateSecretBody,
    bodyOptional: true,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/RotatedSecretDocument' },
      description: 'The new secret, shown once.',
    },
  })
  async rotateSecret(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const body = checked(RotateSecretBody, jsonOf(request));
    const { tenant_id } = principalOf(request);
    const { endpoint, secret } = await this.endpoints.rotate(tenant_id, hookIdOf(request), body);
    const previous_secret_until = previousUntil(endpoint, instantAt(Date.now()));
    sendJson(reply, 200, { hook_id: endpoint.id, secret, previous_secret_until });
  }
}
