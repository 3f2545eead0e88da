import { CreateKeyBody, CreateTenantBody, httpHeaders } from '#libs/contracts';
import { Controller, Delete, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { sendJson, sendNothing } from '../http/reply.js';
import { Keys } from './keys.js';
import { Tenants } from './tenants.js';

const tag = 'control';
const list = (name: string, item: string, description: string) => ({
  status: 200,
  description,
  schema: {
    type: 'object',
    required: [name],
    properties: { [name]: { type: 'array', items: { $ref: `#/$defs/${item}` } } },
  },
  example: { [name]: [] },
});

/** API keys and tenants. */
@Controller('api/v1')
export class ControlController {
  constructor(
    @Inject(Keys) private readonly keys: Keys,
    @Inject(Tenants) private readonly tenants: Tenants,
    @Inject(RunningRequests) private readonly running: RunningRequests,
  ) {}

  @Post('keys')
  @Operation({
    access: 'admin',
    summary: 'Make an API key',
    description:
      'The answer holds the key itself, once: it is stored as a digest only. A repeated request with the same ' +
      'Idempotency-Key answers with `"key": null`.',
    tag,
    body: CreateKeyBody,
    idempotent: true,
    answer: { status: 201, schema: { $ref: '#/$defs/MadeKeyDocument' }, description: 'The key, shown once.' },
  })
  async createKey(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const repeatable = repeatableOf(request, value);
    const { view, key } = await this.running.once(request, repeatable, () =>
      this.keys.create(principalOf(request), checked(CreateKeyBody, value), repeatable),
    );
    if (key === undefined) void reply.header(httpHeaders.idempotencyReplayed, 'true');
    sendJson(reply, 201, { ...view, key: key ?? null });
  }

  @Get('keys')
  @Operation({
    access: 'admin',
    summary: 'List the API keys',
    description: 'Newest first; of each key only the first 11 characters.',
    tag,
    answer: list('keys', 'KeyDocument', 'The keys of the tenant.'),
  })
  listKeys(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    sendJson(reply, 200, { keys: this.keys.list(principalOf(request).tenant_id) });
  }

  @Delete('keys/:id')
  @Operation({
    access: 'admin',
    summary: 'Revoke an API key',
    description: 'It stops working on every gateway within a second.',
    tag,
    answer: { status: 204, schema: null, description: 'It is revoked.' },
    problems: ['last_admin_key'],
  })
  async revokeKey(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const { id } = request.params as { id: string };
    await this.keys.revoke(principalOf(request).tenant_id, id);
    sendNothing(reply);
  }

  @Post('tenants')
  @Operation({
    access: 'platform',
    summary: 'Make a tenant',
    tag,
    body: CreateTenantBody,
    idempotent: true,
    answer: { status: 201, schema: { $ref: '#/$defs/TenantDocument' }, description: 'The tenant.' },
    problems: ['already_exists'],
  })
  async createTenant(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const repeatable = repeatableOf(request, value);
    const { tenant, replayed } = await this.running.once(request, repeatable, () =>
      this.tenants.create(checked(CreateTenantBody, value), repeatable),
    );
    if (replayed) void reply.header(httpHeaders.idempotencyReplayed, 'true');
    sendJson(reply, 201, tenant);
  }

  @Get('tenants')
  @Operation({
    access: 'platform',
    summary: 'List the tenants',
    tag,
    answer: list('tenants', 'TenantDocument', 'All tenants, oldest first.'),
  })
  listTenants(@Req() _request: ApiRequest, @Res() reply: ApiReply): void {
    sendJson(reply, 200, { tenants: this.tenants.list() });
  }
}
