import {
  type CommandReply,
  type CommandRequest,
  commandsOf,
  commandSubject,
  type SendCommand,
} from '#libs/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

/** What decides the commands of this service. */
export const INGESTION = Symbol('INGESTION');

/** Answers the commands that ingestion owns, one NATS subject each. */
@Controller()
export class IngestionController {
  constructor(@Inject(INGESTION) private readonly decide: SendCommand) {}

  @MessagePattern(commandsOf('ingestion').map(commandSubject))
  answer(@Payload() request: CommandRequest): Promise<CommandReply> {
    return this.decide(request);
  }
}
