import { AgentRegistry, AgentRouter, Edges } from '#libs/agents';
import { PacketLog } from '#libs/event-log';
import { ReadSource } from '#libs/read-models';
import { SchemaRegistry } from '#libs/schemas';
import { TenantRegistry } from '#libs/tenants';
import { Timers } from '#libs/timers';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { HealthChecks } from './health.js';
import type { Runtime } from './runtime.js';

/** Injection tokens of the runtime's parts; those that are classes are their own. */
export const CONFIG = Symbol('CONFIG');
export const LOGGER = Symbol('LOGGER');
export const NATS = Symbol('NATS');
export const SEND_COMMAND = Symbol('SEND_COMMAND');
export const SEND_CALL = Symbol('SEND_CALL');

/** Hands the runtime's parts to every module of the application. */
@Global()
@Module({})
export class RuntimeModule {
  static with({ config, logger, nats, log, health, ...runtime }: Runtime): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: NATS, useValue: nats },
      { provide: PacketLog, useValue: log },
      { provide: Timers, useValue: runtime.timers },
      { provide: AgentRegistry, useValue: runtime.agents },
      { provide: Edges, useValue: runtime.edges },
      { provide: SchemaRegistry, useValue: runtime.schemas },
      { provide: TenantRegistry, useValue: runtime.tenants },
      { provide: AgentRouter, useValue: runtime.router },
      { provide: ReadSource, useValue: runtime.reads ?? null },
      { provide: HealthChecks, useValue: health },
      { provide: SEND_COMMAND, useValue: runtime.sendCommand },
      { provide: SEND_CALL, useValue: runtime.sendCall },
    ];
    return { module: RuntimeModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
