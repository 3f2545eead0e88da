import { type DynamicModule, Module } from '@nestjs/common';
import { ClaimNext } from './claim-next/claim-next.js';
import { ClaimNextController } from './claim-next/claim-next.controller.js';
import { ClaimingController } from './claiming.controller.js';
import { HeartbeatController } from './heartbeat.controller.js';
import { LeaseTimersModule } from './lease-timers.module.js';

/** The service as a NATS microservice. */
@Module({})
export class ClaimingModule {
  static with(claimNext: ClaimNext): DynamicModule {
    return {
      module: ClaimingModule,
      imports: [LeaseTimersModule],
      controllers: [ClaimingController, HeartbeatController, ClaimNextController],
      providers: [{ provide: ClaimNext, useValue: claimNext }],
    };
  }
}
