import { Module } from '@nestjs/common';
import { ExpiryTimersModule } from './expiry-timers.module.js';
import { IngestionController } from './ingestion.controller.js';

/** The service as a NATS microservice. */
@Module({ imports: [ExpiryTimersModule], controllers: [IngestionController] })
export class IngestionModule {}
