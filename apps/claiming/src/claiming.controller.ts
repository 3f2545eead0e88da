import { AgentRouter } from '#libs/agents';
import {
  type CommandReply,
  type CommandRequest,
  commandsOf,
  commandSubject,
  type SendCommand,
} from '#libs/contracts';
import { PacketLog } from '#libs/event-log';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { claimingHandler } from './claiming-handler.js';

/** Answers the commands that claiming owns, one NATS subject each. */
@Controller()
export class ClaimingController {
  readonly #answer: SendCommand;

  constructor(@Inject(PacketLog) log: PacketLog, @Inject(AgentRouter) router: AgentRouter) {
    this.#answer = claimingHandler(log, router);
  }

  @MessagePattern(commandsOf('claiming').map(commandSubject))
  answer(@Payload() request: CommandRequest): Promise<CommandReply> {
    return this.#answer(request);
  }
}
