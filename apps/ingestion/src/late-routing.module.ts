import { AgentRegistry, AgentRouter } from '#libs/agents';
import { PacketLog } from '#libs/event-log';
import { ReadSource } from '#libs/read-models';
import { LOGGER, type Logger } from '#libs/service-kit';
import { Module } from '@nestjs/common';
import { LateRouting } from './late-routing.js';

type Injected = [PacketLog, AgentRouter, ReadSource | null, AgentRegistry, Logger];

/** Routing of packets that nobody was found for at first. */
@Module({
  providers: [
    {
      provide: LateRouting,
      inject: [PacketLog, AgentRouter, ReadSource, AgentRegistry, LOGGER],
      useFactory: (...[log, router, reads, agents, logger]: Injected) =>
        new LateRouting(reads && { log, router, reads, agents, logger }),
    },
  ],
})
export class LateRoutingModule {}
