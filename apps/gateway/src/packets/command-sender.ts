import { type CommandReply, type CommandRequest, httpHeaders, type SendCommand } from '#libs/contracts';
import { SEND_COMMAND } from '#libs/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { faulty, refused } from '../http/problem-error.js';
import { sendJson, tagPacket, tellPosition } from '../http/reply.js';
import { WrittenPositions } from '../reads/written-positions.js';

export type Accepted = Extract<CommandReply, { outcome: 'accepted' }>;

/** Sends commands and turns what is not an acceptance into a problem. */
@Injectable()
export class CommandSender {
  constructor(
    @Inject(SEND_COMMAND) private readonly send: SendCommand,
    @Inject(WrittenPositions) private readonly written: WrittenPositions,
  ) {}

  /** @throws ProblemError */
  async ask(request: ApiRequest, command: CommandRequest): Promise<Accepted> {
    const reply = await this.send(command);
    if (reply.outcome === 'refused') throw refused(reply.rejection);
    if (reply.outcome === 'fault') throw faulty(reply);
    this.wrote(request, reply.packet.position);
    return reply;
  }

  /** Lists that this caller asks for next wait for what it has just written. */
  wrote(request: ApiRequest, position: string): void {
    this.written.remember(principalOf(request).key_id, position);
  }
}

/** Answers with the packet that a command left behind. */
export const sendAccepted = (reply: ApiReply, status: number, { packet, replayed }: Accepted): void => {
  tagPacket(reply, packet);
  tellPosition(reply, packet.position);
  if (replayed) void reply.header(httpHeaders.idempotencyReplayed, 'true');
  sendJson(reply, status, packet);
};
