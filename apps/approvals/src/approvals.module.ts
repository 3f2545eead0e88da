import { Module } from '@nestjs/common';
import { ApprovalTimersModule } from './approval-timers.module.js';
import { ApprovalsController } from './approvals.controller.js';

/** The service as a NATS microservice. */
@Module({ imports: [ApprovalTimersModule], controllers: [ApprovalsController] })
export class ApprovalsModule {}
