import { Module } from '@nestjs/common';
import { ExpiryTimers } from './expiry-timers.js';

/** The ends of packets that live for a time. */
@Module({ providers: [ExpiryTimers] })
export class ExpiryTimersModule {}
