import { HealthChecks, renderMetrics } from '#libs/service-kit';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { sendJson } from '../http/reply.js';

const tag = 'system';
const access = 'public';
const status = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };

/** For those who run the rail. */
@Controller()
export class SystemController {
  constructor(@Inject(HealthChecks) private readonly checks: HealthChecks) {}

  @Get('health')
  @Operation({
    access,
    summary: 'Tell whether the process is alive',
    tag,
    answer: { status: 200, schema: status, description: 'It is.', example: { status: 'ok' } },
  })
  health(@Req() _request: ApiRequest, @Res() reply: ApiReply): void {
    sendJson(reply, 200, { status: 'ok' });
  }

  @Get('ready')
  @Operation({
    access,
    summary: 'Tell whether requests can be served',
    description: 'Each dependency by name, and how many events the read models are behind the log.',
    tag,
    answer: {
      status: 200,
      schema: status,
      description: 'Every dependency answers; 503 with the same body when not.',
      example: { status: 'ok', checks: { nats: { ok: true }, projection: { ok: true, lag_events: 0 } } },
    },
  })
  async ready(@Req() _request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const report = await this.checks.readiness();
    sendJson(reply, report.status === 'ok' ? 200 : 503, report);
  }

  @Get('metrics')
  @Operation({
    access,
    summary: 'Get metrics',
    description: 'In the text format of Prometheus.',
    tag,
    answer: { status: 200, schema: { type: 'string' }, description: 'The metrics.', type: 'text/plain' },
  })
  async metrics(@Req() _request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const { contentType, body } = await renderMetrics();
    void reply.type(contentType).send(body);
  }
}
