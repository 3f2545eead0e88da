import { Module } from '@nestjs/common';
import { ClaimingController } from './claiming.controller.js';
import { HeartbeatController } from './heartbeat.controller.js';
import { LeaseTimersModule } from './lease-timers.module.js';

/** The service as a NATS microservice. */
@Module({ imports: [LeaseTimersModule], controllers: [ClaimingController, HeartbeatController] })
export class ClaimingModule {}
