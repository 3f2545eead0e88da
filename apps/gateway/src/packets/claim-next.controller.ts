import { ClaimNextBody, PacketDocumentBody } from '#libs/contracts';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { ApiReply, ApiRequest } from '../http/call.js';
import { Operation } from '../http/operation.js';
import { ClaimNextRequests } from './claim-next.js';

const description =
  'Gives the packets that come next for the agent, claimed for it: addressed to it, open to all, or asking ' +
  'for what it can do. Most urgent first, then by deadline, then by age; sources take turns. With ' +
  '`wait_seconds` it is answered as soon as there is work, and with no packets when there is none by then. ' +
  'A client that goes away is given nothing. A repeated request with the same `Idempotency-Key` gets the ' +
  'same packets as they are now, unless the first one got none.';

/** Work for whoever asks. */
@Controller('api/v1/packets/claim-next')
export class ClaimNextController {
  constructor(@Inject(ClaimNextRequests) private readonly requests: ClaimNextRequests) {}

  @Post()
  @Operation({
    access: 'agent',
    tag: 'commands',
    summary: 'Claim the next packets',
    description,
    body: ClaimNextBody,
    idempotent: true,
    answer: {
      status: 200,
      description: 'The packets, claimed for the agent; none when there is no work.',
      example: { packets: [] },
      schema: {
        type: 'object',
        required: ['packets'],
        properties: { packets: { type: 'array', items: { $ref: `#/$defs/${PacketDocumentBody.name}` } } },
      },
    },
  })
  claimNext(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    return this.requests.answer(request, reply);
  }
}
