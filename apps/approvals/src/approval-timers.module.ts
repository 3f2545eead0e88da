import { Module } from '@nestjs/common';
import { ApprovalTimers } from './approval-timers.js';

/** The clocks of checkpoints. */
@Module({ providers: [ApprovalTimers] })
export class ApprovalTimersModule {}
