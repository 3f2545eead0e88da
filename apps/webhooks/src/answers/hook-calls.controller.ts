import { type AnswerCall, type CallReply, callSubject, type ServiceCalls } from '#libs/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Webhooks } from '../webhooks.js';

type Request<T extends keyof ServiceCalls> = ServiceCalls[T]['request'];

/** Answers what the gateway asks about endpoints and deliveries, over NATS. */
@Controller()
export class HookCallsController {
  readonly #answers: { [T in keyof Webhooks['answers']]: AnswerCall<T> };

  constructor(@Inject(Webhooks) webhooks: Webhooks) {
    this.#answers = webhooks.answers;
  }

  @MessagePattern(callSubject('test_hook'))
  test(@Payload() call: Request<'test_hook'>): Promise<CallReply<'test_hook'>> {
    return this.#answers.test_hook(call);
  }

  @MessagePattern(callSubject('replay_delivery'))
  replay(@Payload() call: Request<'replay_delivery'>): Promise<CallReply<'replay_delivery'>> {
    return this.#answers.replay_delivery(call);
  }

  @MessagePattern(callSubject('recover_hook'))
  recover(@Payload() call: Request<'recover_hook'>): Promise<CallReply<'recover_hook'>> {
    return this.#answers.recover_hook(call);
  }

  @MessagePattern(callSubject('replay_missing'))
  replayMissing(@Payload() call: Request<'replay_missing'>): Promise<CallReply<'replay_missing'>> {
    return this.#answers.replay_missing(call);
  }
}
