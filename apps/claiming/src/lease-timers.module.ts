import { Module } from '@nestjs/common';
import { LeaseTimers } from './lease-timers.js';

/** The ends of leases. */
@Module({ providers: [LeaseTimers] })
export class LeaseTimersModule {}
