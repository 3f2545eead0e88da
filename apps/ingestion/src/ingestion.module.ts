import { AgentRouter, Edges } from '#libs/agents';
import type { SendCommand } from '#libs/contracts';
import { PacketLog } from '#libs/event-log';
import { SchemaRegistry } from '#libs/schemas';
import { CONFIG, type Config, packetLimits } from '#libs/service-kit';
import { TenantRegistry } from '#libs/tenants';
import { Module } from '@nestjs/common';
import { ExpiryTimersModule } from './expiry-timers.module.js';
import { ingestionHandler } from './ingestion-handler.js';
import { INGESTION, IngestionController } from './ingestion.controller.js';
import { LateRoutingModule } from './late-routing.module.js';

type Injected = [PacketLog, Edges, AgentRouter, SchemaRegistry, TenantRegistry, Config];

/** The service as a NATS microservice. */
@Module({
  imports: [ExpiryTimersModule, LateRoutingModule],
  providers: [
    {
      provide: INGESTION,
      inject: [PacketLog, Edges, AgentRouter, SchemaRegistry, TenantRegistry, CONFIG],
      useFactory: (...[log, edges, router, schemas, tenants, config]: Injected): SendCommand =>
        ingestionHandler({ log, edges, router, schemas, tenants, limits: packetLimits(config) }),
    },
  ],
  controllers: [IngestionController],
})
export class IngestionModule {}
