import { type DynamicModule, Module } from '@nestjs/common';
import { HookCallsController } from './answers/hook-calls.controller.js';
import { Webhooks } from './webhooks.js';

/** The service as a NATS microservice. */
@Module({})
export class WebhooksModule {
  static with(webhooks: Webhooks): DynamicModule {
    return {
      module: WebhooksModule,
      controllers: [HookCallsController],
      providers: [{ provide: Webhooks, useValue: webhooks }],
    };
  }
}
