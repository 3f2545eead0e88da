import { NoQuery } from '#libs/contracts';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { sendJson } from '../http/reply.js';
import { Freshness } from '../reads/freshness.js';
import { queryOf } from '../reads/list-filter.js';
import { TenantUsage } from './tenant-usage.js';

/** How a tenant stands with its limits. */
@Controller('api/v1')
export class UsageController {
  constructor(
    @Inject(TenantUsage) private readonly usage: TenantUsage,
    @Inject(Freshness) private readonly freshness: Freshness,
  ) {}

  @Get('usage')
  @Operation({
    access: 'reader',
    summary: 'Get the limits of the tenant, and what is used of them',
    description:
      'Exact for what is limited. The packets of a tenant that may make any number are told by the read models.',
    tag: 'system',
    query: NoQuery,
    stale: true,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/UsageDocument' },
      description: 'Each limit by its name.',
    },
  })
  async read(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    queryOf(NoQuery, request);
    const { tenant_id } = principalOf(request);
    if (this.usage.isRead(tenant_id)) await this.freshness.await(request, reply);
    sendJson(reply, 200, await this.usage.of(tenant_id));
  }
}
