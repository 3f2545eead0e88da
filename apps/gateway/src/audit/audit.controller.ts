import { AuditQuery, httpHeaders } from '#libs/contracts';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, headerOf, principalOf } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { invalidField } from '../http/problem-error.js';
import { sendJson } from '../http/reply.js';
import { Freshness } from '../reads/freshness.js';
import { queryOf } from '../reads/list-filter.js';
import { type ExportFormat, sendExport } from './audit-export.js';
import { AuditReads } from './audit-reads.js';
import { auditCsvExample, auditLinesExample } from './examples.js';

const exportPage = 200;
const accepted: [pattern: RegExp, format: ExportFormat][] = [
  [/^text\/csv\b/i, 'csv'],
  [/^application\/(?:jsonl|x-ndjson|json-lines)\b/i, 'jsonl'],
];

const formatOf = (request: ApiRequest, { format }: AuditQuery): ExportFormat | 'json' => {
  if (format !== undefined) return format;
  const wanted = headerOf(request, 'accept')?.trim() ?? '';
  return accepted.find(([pattern]) => pattern.test(wanted))?.[1] ?? 'json';
};

const checkWhole = ({ limit, cursor }: AuditQuery): void => {
  const field = limit === undefined ? 'cursor' : 'limit';
  if (limit === undefined && cursor === undefined) return;
  throw invalidField(
    field,
    'not_for_exports',
    'Leave it out: an export holds everything that the filter lets through.',
  );
};

/** Who did what in a tenant, and who was not let to. */
@Controller('api/v1/audit')
export class AuditController {
  constructor(
    @Inject(AuditReads) private readonly reads: AuditReads,
    @Inject(Freshness) private readonly freshness: Freshness,
  ) {}

  @Get()
  @Operation({
    access: 'admin',
    summary: 'Read the audit',
    description:
      'Every change in the tenant and every attempt that was refused, newest first, as far back as the tier keeps ' +
      'them. With `format=csv` or `jsonl`, or such an Accept, all of them as a stream that ends when it is whole.',
    tag: 'control',
    query: AuditQuery,
    stale: true,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/AuditListDocument' },
      description: 'A page of entries, or all as lines.',
      also: {
        'application/jsonl': { schema: { type: 'string' }, example: auditLinesExample },
        'text/csv': { schema: { type: 'string' }, example: auditCsvExample },
      },
    },
  })
  async listAudit(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const query = queryOf(AuditQuery, request);
    const { tenant_id } = principalOf(request);
    const format = formatOf(request, query);
    if (format !== 'json') checkWhole(query);
    await this.freshness.await(request, reply);
    if (!(await this.reads.isCurrent(tenant_id))) void reply.header(httpHeaders.stale, 'true');
    if (format === 'json') {
      const page = await this.reads.page(tenant_id, query);
      return sendJson(reply, 200, {
        entries: page.entries,
        limit: query.limit ?? 50,
        next_cursor: page.next_cursor,
      });
    }
    await sendExport(reply, format, (cursor) =>
      this.reads.page(tenant_id, { ...query, limit: exportPage, ...(cursor && { cursor }) }),
    );
  }
}
