import { HeartbeatBody, PacketDocumentBody, type ProblemCode } from '#libs/contracts';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { Heartbeats } from './heartbeats.js';
import { PacketCommands } from './packet-commands.js';
import { type SimpleCommandType, simpleCommands } from './simple-commands.js';

interface Words {
  summary: string;
  description?: string;
  problems: ProblemCode[];
  access?: 'writer';
  /** Whether the body has a field that must be sent. */
  bodyRequired?: true;
}

/** A route that runs one command on one packet. */
const Command = (type: SimpleCommandType, { access, bodyRequired, problems, ...words }: Words) =>
  Operation({
    access: access ?? 'agent',
    tag: 'commands',
    body: simpleCommands[type].body,
    ...(!bodyRequired && { bodyOptional: true as const }),
    idempotent: true,
    conditional: true,
    answer: {
      status: 200,
      schema: { $ref: `#/$defs/${PacketDocumentBody.name}` },
      description: 'The packet after the command; unchanged if it was so already.',
    },
    problems: ['invalid_transition', ...problems],
    ...words,
  });

const byClaimant: ProblemCode[] = [
  'awaiting_human',
  'not_the_claimant',
  'stale_claim',
  'claim_token_required',
];

/** The commands of a packet's life. */
@Controller('api/v1/packets/:id')
export class CommandsController {
  constructor(
    @Inject(PacketCommands) private readonly commands: PacketCommands,
    @Inject(Heartbeats) private readonly heartbeats: Heartbeats,
  ) {}

  @Post('claim')
  @Command('claim', {
    summary: 'Claim a packet',
    description: 'One claimant wins. With `lease_seconds` the claim is lost when no heartbeat comes in time.',
    problems: ['already_claimed', 'not_the_target', 'packet_expired', 'not_yet_available', 'awaiting_human'],
    bodyRequired: true,
  })
  claim(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('claim', request, reply);
  }

  @Post('heartbeat')
  @Operation({
    access: 'agent',
    tag: 'commands',
    summary: 'Keep a claim',
    description:
      'The lease begins anew, and the answer holds one directive: `stop` when the packet was cancelled, has ' +
      'expired, has ended or is no longer held by this claim, `continue` otherwise. Send it several times ' +
      'within a lease. The history of the packet does not grow by it, unless `progress` comes along.',
    body: HeartbeatBody,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/HeartbeatDocument' },
      description: 'How long the claim is held from now on, and whether to go on.',
    },
    problems: ['not_the_claimant'],
  })
  heartbeat(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.heartbeats.beat(request, reply);
  }

  @Post('start')
  @Command('start', { summary: 'Start the work', problems: byClaimant })
  start(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('start', request, reply);
  }

  @Post('progress')
  @Command('progress', {
    summary: 'Report progress',
    description: 'Starts the work if it is only claimed.',
    problems: byClaimant,
    bodyRequired: true,
  })
  progress(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('progress', request, reply);
  }

  @Post('complete')
  @Command('complete', { summary: 'Complete the work', problems: byClaimant })
  complete(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('complete', request, reply);
  }

  @Post('fail')
  @Command('fail', {
    summary: 'Report that the work failed',
    description: 'With `retryable` the packet is offered again while attempts are left.',
    problems: byClaimant,
    bodyRequired: true,
  })
  fail(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('fail', request, reply);
  }

  @Post('reject')
  @Command('reject', {
    summary: 'Refuse to take the work',
    problems: [...byClaimant, 'not_the_target'],
    bodyRequired: true,
  })
  reject(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('reject', request, reply);
  }

  @Post('release')
  @Command('release', {
    summary: 'Give a claim back',
    description: 'The packet is offered again, at once or after `delay_seconds`.',
    problems: byClaimant,
  })
  release(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('release', request, reply);
  }

  @Post('request-approval')
  @Command('request_approval', {
    summary: 'Ask people to decide',
    description:
      'The packet waits at a checkpoint until people have decided; nobody can get past it. While it waits no ' +
      'lease runs. When it is approved the packet goes back to whoever held it.',
    problems: [...byClaimant, 'not_the_source'],
    bodyRequired: true,
  })
  requestApproval(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('request_approval', request, reply);
  }

  @Post('retry')
  @Command('retry', {
    summary: 'Offer an ended packet again',
    description: 'From failed, rejected or expired; its attempts begin anew.',
    problems: ['not_the_source'],
    access: 'writer',
  })
  retry(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('retry', request, reply);
  }

  @Post('cancel')
  @Command('cancel', { summary: 'Cancel a packet', problems: ['not_the_source'], access: 'writer' })
  cancel(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.commands.run('cancel', request, reply);
  }
}
