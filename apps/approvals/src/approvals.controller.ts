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
import { approvalsHandler } from './approvals-handler.js';

/** Answers the commands that approvals owns, one NATS subject each. */
@Controller()
export class ApprovalsController {
  readonly #answer: SendCommand;

  constructor(@Inject(PacketLog) log: PacketLog) {
    this.#answer = approvalsHandler(log);
  }

  @MessagePattern(commandsOf('approvals').map(commandSubject))
  answer(@Payload() request: CommandRequest): Promise<CommandReply> {
    return this.#answer(request);
  }
}
