import { Module } from '@nestjs/common';
import { ClaimingController } from './claiming.controller.js';

/** The service as a NATS microservice. */
@Module({ controllers: [ClaimingController] })
export class ClaimingModule {}
