import { CreateLinkBody, httpHeaders } from '#libs/contracts';
import { parsePacketId } from '#libs/packet';
import { Controller, Delete, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { ApprovalLookup } from '../approvals/approval-lookup.js';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { notFound } from '../http/problem-error.js';
import { sendJson, sendNothing } from '../http/reply.js';
import { ApprovalLinks } from './approval-links.js';

const tag = 'approvals';
const whoVotes =
  'Whoever has the link votes as that approver, without a key: who may make links decides who can vote. ';

/** One-time links by which approvers vote. */
@Controller('api/v1/approvals/:id/links')
export class LinksController {
  constructor(
    @Inject(ApprovalLookup) private readonly lookup: ApprovalLookup,
    @Inject(ApprovalLinks) private readonly links: ApprovalLinks,
    @Inject(RunningRequests) private readonly running: RunningRequests,
  ) {}

  @Post()
  @Operation({
    access: 'writer',
    tag,
    summary: 'Make a one-time link for an approver',
    description:
      whoVotes +
      'Send it by mail or chat. Opening it shows the packet and the choices; only the form on that page votes, once. ' +
      'A key that is bound to an agent makes no links. The URL is in this answer only; a repeated request with the ' +
      'same Idempotency-Key answers with `"url": null`.',
    body: CreateLinkBody,
    idempotent: true,
    answer: {
      status: 201,
      schema: { $ref: '#/$defs/MadeLinkDocument' },
      description: 'The link, shown once.',
    },
    problems: ['approval_closed', 'approval_timed_out'],
  })
  async createLink(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const repeatable = repeatableOf(request, value);
    const { view, url } = await this.running.once(request, repeatable, async () => {
      const body = checked(CreateLinkBody, value);
      const stored = await this.lookup.find(request);
      const origin = `${request.protocol}://${request.host}`;
      return this.links.make(principalOf(request), stored, { body, repeatable, origin });
    });
    if (url === null) void reply.header(httpHeaders.idempotencyReplayed, 'true');
    sendJson(reply, 201, { ...view, url });
  }

  @Get()
  @Operation({
    access: 'writer',
    tag,
    summary: 'List the links of a checkpoint',
    description: 'Newest first, 200 at most, without their URLs.',
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/LinkListDocument' },
      description: 'The links, and what has become of each.',
    },
  })
  async listLinks(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const stored = await this.lookup.find(request);
    sendJson(reply, 200, { links: await this.links.list(principalOf(request).tenant_id, stored) });
  }

  @Delete(':link_id')
  @Operation({
    access: 'writer',
    tag,
    summary: 'Revoke a link',
    description: 'It says so from then on. A vote that was cast by it stays.',
    answer: { status: 204, schema: null, description: 'It is revoked, or was used before.' },
  })
  async revokeLink(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const id = parsePacketId((request.params as { link_id: string }).link_id);
    const stored = await this.lookup.find(request);
    if (id === null) throw notFound('link');
    await this.links.revoke(principalOf(request).tenant_id, stored, id);
    sendNothing(reply);
  }
}
