import { PacketDocumentBody, RespondBody } from '#libs/contracts';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { ApprovalAnswers, isOver, overAs } from './approval-answers.js';
import { ApprovalLookup } from './approval-lookup.js';

const oneVote =
  'Each approver has one vote, and the last one counts until enough have voted. Whose vote it is, the key ' +
  'decides; `responded_by` is for those who read it. ';

const Respond = (summary: string, description: string) =>
  Operation({
    access: 'respondent',
    tag: 'commands',
    summary,
    description: oneVote + description,
    body: RespondBody,
    idempotent: true,
    conditional: 'revision',
    answer: {
      status: 200,
      schema: { $ref: `#/$defs/${PacketDocumentBody.name}` },
      description: 'The packet after the vote: it goes on, has failed, or waits for more votes.',
    },
    problems: ['approval_closed', 'approval_timed_out', 'invalid_transition', 'packet_too_large'],
  });

/** What people decide. */
@Controller('api/v1')
export class ApprovalsController {
  constructor(
    @Inject(ApprovalAnswers) private readonly answers: ApprovalAnswers,
    @Inject(ApprovalLookup) private readonly lookup: ApprovalLookup,
  ) {}

  @Post('packets/:id/respond')
  @Respond('Answer what a packet waits for', 'The vote is for the checkpoint that is open now.')
  respond(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.answers.toPacket(request, reply);
  }

  @Get('approvals/:id')
  @Operation({
    access: 'reader',
    tag: 'approvals',
    summary: 'Get a checkpoint',
    description: 'Open or ended: what is asked of whom, the votes, the outcome. Always current.',
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/ApprovalDocument' },
      description: 'The checkpoint.',
    },
  })
  get(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.lookup.get(request, reply);
  }

  @Post('approvals/:id/respond')
  @Respond(
    'Answer a checkpoint',
    'The vote is for this checkpoint and no other: when its content has changed meanwhile it is refused.',
  )
  async respondToApproval(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const found = await this.lookup.find(request);
    try {
      await this.answers.toApproval(request, reply, found);
    } catch (error) {
      if (!isOver(error)) throw error;
      const { state } = await this.lookup.current(request, found);
      throw overAs(state, error);
    }
  }
}
