import { NoQuery } from '#libs/contracts';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { sendJson } from '../http/reply.js';
import { queryOf } from '../reads/list-filter.js';
import { SystemHealth } from './system-health.js';

/** The rail as a whole, for its operators. */
@Controller('api/v1/system')
export class SystemHealthController {
  constructor(@Inject(SystemHealth) private readonly health: SystemHealth) {}

  @Get('health')
  @Operation({
    access: 'platform',
    summary: 'Get the health of the rail',
    description:
      'Versions, dependencies, the projection’s lag, what waits, and how much is stored, of all tenants together. ' +
      'From counters and catalogues. It answers 200 whatever is wrong; what cannot be told now is null.',
    tag: 'system',
    query: NoQuery,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/SystemHealthDocument' },
      description: 'How it is.',
    },
  })
  async show(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    queryOf(NoQuery, request);
    sendJson(reply, 200, await this.health.report());
  }
}
