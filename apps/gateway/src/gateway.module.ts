import { buckets } from '#libs/contracts';
import { FirstWrites } from '#libs/event-log';
import { NATS } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import { type DynamicModule, Module } from '@nestjs/common';
import { AgentsController } from './agents/agents.controller.js';
import { EdgesController } from './agents/edges.controller.js';
import { RouteController } from './agents/route.controller.js';
import { ApprovalAnswers } from './approvals/approval-answers.js';
import { ApprovalLookup } from './approvals/approval-lookup.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { InboxController } from './approvals/inbox.controller.js';
import { ControlController } from './auth/control.controller.js';
import { ControlData } from './auth/control-data.js';
import { Keys } from './auth/keys.js';
import { Tenants } from './auth/tenants.js';
import { RunningRequests } from './http/idempotency.js';
import { type Route, ROUTES, routesOf } from './openapi/routes.js';
import { BatchesController } from './packets/batches.controller.js';
import { ClaimNextController } from './packets/claim-next.controller.js';
import { ClaimNextRequests } from './packets/claim-next.js';
import { CommandSender } from './packets/command-sender.js';
import { CommandsController } from './packets/commands.controller.js';
import { Heartbeats } from './packets/heartbeats.js';
import { FilteredBatches } from './packets/filtered-batches.js';
import { GivenPackets, KEPT_GIFTS } from './packets/given-packets.js';
import { NextLooks } from './packets/next-looks.js';
import { NewPackets } from './packets/new-packets.js';
import { PacketBatches } from './packets/packet-batches.js';
import { KEPT_CHOICES, PacketChoices } from './packets/packet-choices.js';
import { PacketCommands } from './packets/packet-commands.js';
import { PacketsController } from './packets/packets.controller.js';
import { Freshness } from './reads/freshness.js';
import { PacketReads } from './reads/packet-reads.js';
import { ProjectedPosition } from './reads/projected-position.js';
import { ReadDatabase } from './reads/read-database.js';
import { ReadsController } from './reads/reads.controller.js';
import { WrittenPositions } from './reads/written-positions.js';
import { DocumentsController } from './system/documents.controller.js';
import { SystemController } from './system/system.controller.js';

const controllers = [
  PacketsController,
  ClaimNextController,
  CommandsController,
  BatchesController,
  ReadsController,
  InboxController,
  ApprovalsController,
  AgentsController,
  EdgesController,
  RouteController,
  ControlController,
  SystemController,
  DocumentsController,
];

/** Every route of the API, as the controllers declare it. */
export const apiRoutes = (): Route[] => routesOf(controllers);

const keptFor24Hours = (provide: symbol) => ({
  provide,
  inject: [NATS],
  useFactory: (nats: NatsConnection) => FirstWrites.open(nats, buckets.chosen),
});

/** What the gateway holds open beside the runtime. */
export interface GatewayParts {
  control: ControlData;
  database: ReadDatabase;
  projected: ProjectedPosition;
}

/** The HTTP door. It needs the runtime's module beside it. */
@Module({})
export class GatewayModule {
  static with({ control, database, projected }: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers,
      providers: [
        { provide: ControlData, useValue: control },
        { provide: ReadDatabase, useValue: database },
        { provide: ProjectedPosition, useValue: projected },
        { provide: ROUTES, useFactory: apiRoutes },
        ...[KEPT_CHOICES, KEPT_GIFTS].map(keptFor24Hours),
        ...[Keys, Tenants, RunningRequests, WrittenPositions, Freshness],
        ...[CommandSender, NewPackets, PacketCommands, Heartbeats, PacketBatches],
        ...[FilteredBatches, PacketChoices, PacketReads, GivenPackets, ClaimNextRequests],
        ...[NextLooks, ApprovalLookup, ApprovalAnswers],
      ],
    };
  }
}
