import { ChangeTenantBody, CreateTenantBody, httpHeaders, NoQuery, PageQuery } from '#libs/contracts';
import { Controller, Delete, Get, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { pageOf } from '../http/list-page.js';
import { Operation } from '../http/operation.js';
import { sendJson, sendNothing } from '../http/reply.js';
import { queryOf } from '../reads/list-filter.js';
import { TenantEnds } from './tenant-ends.js';
import { tenantDocument, Tenants } from './tenants.js';

const tag = 'control';
const document = { $ref: '#/$defs/TenantDocument' };

const idOf = ({ params }: ApiRequest): string => (params as { id: string }).id;

/** The tenants, for the platform's own admins. */
@Controller('api/v1/tenants')
export class TenantsController {
  constructor(
    @Inject(Tenants) private readonly tenants: Tenants,
    @Inject(TenantEnds) private readonly ends: TenantEnds,
    @Inject(RunningRequests) private readonly running: RunningRequests,
  ) {}

  @Post()
  @Operation({
    access: 'platform',
    summary: 'Make a tenant',
    description: 'Of tier `free` unless another is named. Make it a key with `tenant_id` in POST /keys.',
    tag,
    body: CreateTenantBody,
    idempotent: true,
    answer: { status: 201, schema: document, description: 'The tenant.' },
    problems: ['already_exists'],
  })
  async createTenant(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const repeatable = repeatableOf(request, value);
    const { tenant, replayed } = await this.running.once(request, repeatable, () =>
      this.tenants.create(checked(CreateTenantBody, value), repeatable),
    );
    if (replayed) void reply.header(httpHeaders.idempotencyReplayed, 'true');
    sendJson(reply, 201, tenantDocument(tenant));
  }

  @Get()
  @Operation({
    access: 'platform',
    summary: 'List the tenants',
    description: 'Oldest first, without the deleted.',
    tag,
    query: PageQuery,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/TenantListDocument' },
      description: 'A page of tenants.',
    },
  })
  listTenants(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    const { items, page } = pageOf(this.tenants.living(), queryOf(PageQuery, request), 'oldest');
    sendJson(reply, 200, { tenants: items.map(tenantDocument), ...page });
  }

  @Get(':id')
  @Operation({
    access: 'platform',
    summary: 'Get a tenant',
    tag,
    query: NoQuery,
    answer: { status: 200, schema: document, description: 'The tenant.' },
  })
  getTenant(@Req() request: ApiRequest, @Res() reply: ApiReply): void {
    queryOf(NoQuery, request);
    sendJson(reply, 200, tenantDocument(this.tenants.find(idOf(request))));
  }

  @Patch(':id')
  @Operation({
    access: 'platform',
    summary: 'Change a tenant',
    description:
      'What is left out stays; `overrides` are replaced as a whole; null takes overrides or default_ttl_seconds ' +
      'away.',
    tag,
    body: ChangeTenantBody,
    answer: { status: 200, schema: document, description: 'The tenant as it is now.' },
    problems: ['already_exists'],
  })
  async changeTenant(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const body = checked(ChangeTenantBody, value);
    sendJson(reply, 200, tenantDocument(await this.tenants.change(idOf(request), body, value)));
  }

  @Delete(':id')
  @Operation({
    access: 'platform',
    summary: 'Delete a tenant',
    description:
      'Its keys stop working at once, and its name is free again. Its packets are kept. The tenant `default`, ' +
      'which holds the platform admins, stays.',
    tag,
    answer: { status: 204, schema: null, description: 'It is deleted.' },
  })
  async deleteTenant(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    await this.ends.delete(idOf(request));
    sendNothing(reply);
  }
}
