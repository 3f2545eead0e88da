import { ApprovalListQuery } from '#libs/contracts';
import { type ApprovalState, type PacketId, type TenantId, toApprovalDocument } from '#libs/packet';
import { type ApprovalFilter, type InboxEntry, listApprovals, parseApprovalCursor } from '#libs/read-models';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { invalidField } from '../http/problem-error.js';
import { sendJson } from '../http/reply.js';
import { given } from '../packets/simple-commands.js';
import { Freshness } from '../reads/freshness.js';
import { queryOf } from '../reads/list-filter.js';
import { ReadDatabase } from '../reads/read-database.js';

const filterOf = ({ state, packet_id, ...query }: ApprovalListQuery): ApprovalFilter => ({
  ...given(query, 'approver', 'overdue'),
  ...(state && { states: state as ApprovalState[] }),
  ...(packet_id && { packet_id: packet_id.toLowerCase() as PacketId }),
});

const cursorOf = ({ cursor }: ApprovalListQuery) => {
  if (cursor === undefined) return {};
  const place = parseApprovalCursor(cursor);
  if (place === null) throw invalidField('cursor', 'not_a_cursor', 'Send the next_cursor of the same list.');
  return { cursor: place };
};

const documentOf = (tenant_id: TenantId, { packet_id, approval, packet }: InboxEntry) => ({
  ...toApprovalDocument({ id: packet_id, tenant_id }, approval),
  packet,
});

/** What waits for people. */
@Controller('api/v1/approvals')
export class InboxController {
  constructor(
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(Freshness) private readonly freshness: Freshness,
  ) {}

  @Get()
  @Operation({
    access: 'reader',
    summary: 'List approvals',
    description:
      'An inbox: with `state=open`, what waits for people, the one that is due first at the top. Checkpoints ' +
      'that are never due come last, the oldest of them first.',
    tag: 'approvals',
    query: ApprovalListQuery,
    stale: true,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/ApprovalListDocument' },
      description: 'A page of approvals; `total` is for the whole filter.',
    },
  })
  async list(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const query = queryOf(ApprovalListQuery, request);
    const asked = { filter: filterOf(query), limit: query.limit ?? 50, ...cursorOf(query) };
    await this.freshness.await(request, reply);
    const { tenant_id } = principalOf(request);
    const page = await this.database.use((source) => listApprovals(source, tenant_id, asked));
    sendJson(reply, 200, { ...page, approvals: page.approvals.map((entry) => documentOf(tenant_id, entry)) });
  }
}
