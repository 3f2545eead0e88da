import { AgentRegistry } from '#libs/agents';
import { type AnswerCall, type CallReply, callSubject, type HeartbeatCall } from '#libs/contracts';
import { PacketLog } from '#libs/event-log';
import { Timers } from '#libs/timers';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { answerHeartbeat } from './heartbeat.js';

/** Answers heartbeats over NATS. */
@Controller()
export class HeartbeatController {
  readonly #answer: AnswerCall<'heartbeat'>;

  constructor(
    @Inject(PacketLog) log: PacketLog,
    @Inject(Timers) timers: Timers,
    @Inject(AgentRegistry) agents: AgentRegistry,
  ) {
    this.#answer = answerHeartbeat({ log, timers, agents });
  }

  @MessagePattern(callSubject('heartbeat'))
  answer(@Payload() call: HeartbeatCall): Promise<CallReply<'heartbeat'>> {
    return this.#answer(call);
  }
}
