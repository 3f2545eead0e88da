import { PacketLog } from '#libs/event-log';
import { CONFIG, type Config, HealthChecks, LOGGER, type Logger, NATS, requireUrl } from '#libs/service-kit';
import { TenantRegistry } from '#libs/tenants';
import type { NatsConnection } from '@nats-io/nats-core';
import { Module } from '@nestjs/common';
import { AuditKeeper } from './audit-keeper.js';
import { Projector } from './projector.js';

type Injected = [Config, Logger, NatsConnection, PacketLog, HealthChecks];

/** Projects the log into the read models, and the audit into its own. Needs the runtime module around it, and a database. */
@Module({
  providers: [
    {
      provide: Projector,
      inject: [CONFIG, LOGGER, NATS, PacketLog, HealthChecks],
      useFactory: (...[config, logger, nats, log, health]: Injected) =>
        new Projector({
          databaseUrl: requireUrl(config, 'databaseUrl', 'projector'),
          logger,
          nats,
          log,
          health,
        }),
    },
    {
      provide: AuditKeeper,
      inject: [CONFIG, LOGGER, NATS, TenantRegistry],
      useFactory: (config: Config, ...[logger, nats, tenants]: [Logger, NatsConnection, TenantRegistry]) => {
        const databaseUrl = requireUrl(config, 'databaseUrl', 'projector');
        return new AuditKeeper({ databaseUrl, logger, nats, tenants });
      },
    },
  ],
})
export class ProjectorModule {}
