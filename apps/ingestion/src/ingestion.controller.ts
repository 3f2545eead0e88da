import { Edges } from '#libs/agents';
import {
  type CommandReply,
  type CommandRequest,
  commandsOf,
  commandSubject,
  type SendCommand,
} from '#libs/contracts';
import { PacketLog } from '#libs/event-log';
import { CONFIG, type Config, packetLimits } from '#libs/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ingestionHandler } from './ingestion-handler.js';

/** Answers the commands that ingestion owns, one NATS subject each. */
@Controller()
export class IngestionController {
  readonly #answer: SendCommand;

  constructor(
    @Inject(PacketLog) log: PacketLog,
    @Inject(Edges) edges: Edges,
    @Inject(CONFIG) config: Config,
  ) {
    this.#answer = ingestionHandler({ log, edges, limits: packetLimits(config) });
  }

  @MessagePattern(commandsOf('ingestion').map(commandSubject))
  answer(@Payload() request: CommandRequest): Promise<CommandReply> {
    return this.#answer(request);
  }
}
