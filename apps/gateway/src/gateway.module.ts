import { buckets } from '#libs/contracts';
import { FirstWrites, type StreamSlots } from '#libs/event-log';
import type { HookRegistry } from '#libs/hooks';
import { NATS } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import { type DynamicModule, Module } from '@nestjs/common';
import { ApprovalAnswers } from './approvals/approval-answers.js';
import { ApprovalLookup } from './approvals/approval-lookup.js';
import { apiRoutes, controllers } from './controllers.js';
import { type Audit, auditProviders } from './audit/parts.js';
import { ControlData } from './auth/control-data.js';
import type { KeyUses } from './auth/key-uses.js';
import { controlProviders } from './auth/parts.js';
import { RunningRequests } from './http/idempotency.js';
import { ROUTES } from './openapi/routes.js';
import { feedProviders } from './feeds/parts.js';
import { limitProviders } from './limits/parts.js';
import type { RequestRates } from './limits/request-rates.js';
import { linkProviders } from './links/parts.js';
import { ClaimNextRequests } from './packets/claim-next.js';
import { CommandSender } from './packets/command-sender.js';
import { Heartbeats } from './packets/heartbeats.js';
import { FilteredBatches } from './packets/filtered-batches.js';
import { GivenPackets, KEPT_GIFTS } from './packets/given-packets.js';
import { KeyWaits } from './packets/key-waits.js';
import { NextLooks } from './packets/next-looks.js';
import { NewPackets } from './packets/new-packets.js';
import { PacketBatches } from './packets/packet-batches.js';
import { KEPT_CHOICES, PacketChoices } from './packets/packet-choices.js';
import { PacketCommands } from './packets/packet-commands.js';
import { Freshness } from './reads/freshness.js';
import { PacketReads } from './reads/packet-reads.js';
import { ProjectedPosition } from './reads/projected-position.js';
import { ReadDatabase } from './reads/read-database.js';
import { TenantStats } from './reads/tenant-stats.js';
import { WrittenPositions } from './reads/written-positions.js';
import { RegisteredSchemas } from './schemas/registered-schemas.js';
import { SchemaUses } from './schemas/schema-uses.js';
import { SystemHealth } from './system/system-health.js';
import { hookProviders } from './webhooks/parts.js';

const keptFor24Hours = (provide: symbol) => ({
  provide,
  inject: [NATS],
  useFactory: (nats: NatsConnection) => FirstWrites.open(nats, buckets.chosen),
});

/** What the gateway holds open beside the runtime. */
export interface GatewayParts {
  control: ControlData;
  audit: Audit;
  uses: KeyUses;
  rates: RequestRates;
  slots: StreamSlots;
  database: ReadDatabase;
  projected: ProjectedPosition;
  hooks: HookRegistry;
}

/** The HTTP door. It needs the runtime's module beside it. */
@Module({})
export class GatewayModule {
  static with(parts: GatewayParts): DynamicModule {
    const { control, uses, database, projected, hooks } = parts;
    return {
      module: GatewayModule,
      controllers,
      providers: [
        { provide: ControlData, useValue: control },
        { provide: ReadDatabase, useValue: database },
        { provide: ProjectedPosition, useValue: projected },
        { provide: ROUTES, useFactory: apiRoutes },
        ...[KEPT_CHOICES, KEPT_GIFTS].map(keptFor24Hours),
        ...controlProviders(uses),
        ...auditProviders(parts.audit),
        ...[RunningRequests, WrittenPositions, Freshness],
        ...[CommandSender, NewPackets, PacketCommands, Heartbeats, PacketBatches],
        ...[FilteredBatches, PacketChoices, GivenPackets, ClaimNextRequests],
        ...[PacketReads, TenantStats, SystemHealth],
        ...limitProviders(parts),
        ...linkProviders,
        ...feedProviders,
        ...hookProviders(hooks),
        ...[KeyWaits, NextLooks, ApprovalLookup, ApprovalAnswers, SchemaUses, RegisteredSchemas],
      ],
    };
  }
}
