import { type CallReply, callSubject, type ClaimNextCall } from '#libs/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ClaimNext } from './claim-next.js';

/** Answers claim-next over NATS. */
@Controller()
export class ClaimNextController {
  constructor(@Inject(ClaimNext) private readonly claimNext: ClaimNext) {}

  @MessagePattern(callSubject('claim_next'))
  answer(@Payload() call: ClaimNextCall): Promise<CallReply<'claim_next'>> {
    return this.claimNext.answer(call);
  }
}
