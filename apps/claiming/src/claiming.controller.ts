import { AgentRouter } from '#libs/agents';
import {
  type AnswerCall,
  type CallReply,
  callSubject,
  type CommandReply,
  type CommandRequest,
  commandsOf,
  commandSubject,
  type HeartbeatCall,
  type SendCommand,
} from '#libs/contracts';
import { PacketLog } from '#libs/event-log';
import { Timers } from '#libs/timers';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { claimingHandler } from './claiming-handler.js';
import { answerHeartbeat } from './heartbeat.js';

/** Answers the commands and calls that claiming owns, one NATS subject each. */
@Controller()
export class ClaimingController {
  readonly #answer: SendCommand;
  readonly #heartbeat: AnswerCall<'heartbeat'>;

  constructor(
    @Inject(PacketLog) log: PacketLog,
    @Inject(Timers) timers: Timers,
    @Inject(AgentRouter) router: AgentRouter,
  ) {
    this.#answer = claimingHandler(log, router);
    this.#heartbeat = answerHeartbeat({ log, timers });
  }

  @MessagePattern(commandsOf('claiming').map(commandSubject))
  answer(@Payload() request: CommandRequest): Promise<CommandReply> {
    return this.#answer(request);
  }

  @MessagePattern(callSubject('heartbeat'))
  heartbeat(@Payload() call: HeartbeatCall): Promise<CallReply<'heartbeat'>> {
    return this.#heartbeat(call);
  }
}
