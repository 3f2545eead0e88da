import { Module } from '@nestjs/common';
import { IngestionController } from './ingestion.controller.js';

/** The service as a NATS microservice. */
@Module({ controllers: [IngestionController] })
export class IngestionModule {}
