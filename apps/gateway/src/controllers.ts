import { AgentsController } from './agents/agents.controller.js';
import { EdgesController } from './agents/edges.controller.js';
import { RouteController } from './agents/route.controller.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { InboxController } from './approvals/inbox.controller.js';
import { auditControllers } from './audit/parts.js';
import { controlControllers } from './auth/parts.js';
import { BatchesController } from './packets/batches.controller.js';
import { ClaimNextController } from './packets/claim-next.controller.js';
import { CommandsController } from './packets/commands.controller.js';
import { PacketsController } from './packets/packets.controller.js';
import { ReadsController } from './reads/reads.controller.js';
import { DocumentsController } from './system/documents.controller.js';
import { SystemController } from './system/system.controller.js';
import { SystemHealthController } from './system/system-health.controller.js';
import { feedControllers } from './feeds/parts.js';
import { UsageController } from './limits/usage.controller.js';
import { linkControllers } from './links/parts.js';
import { SchemasController } from './schemas/schemas.controller.js';
import { hookControllers } from './webhooks/parts.js';
import { type Route, routesOf } from './openapi/routes.js';

/** Every controller of the gateway, in the order of the API reference. */
export const controllers = [
  PacketsController,
  ClaimNextController,
  CommandsController,
  BatchesController,
  ReadsController,
  InboxController,
  ApprovalsController,
  ...linkControllers,
  AgentsController,
  EdgesController,
  RouteController,
  ...hookControllers,
  ...feedControllers,
  SchemasController,
  ...controlControllers,
  ...auditControllers,
  UsageController,
  SystemHealthController,
  SystemController,
  DocumentsController,
];

/** Every route of the API, as the controllers declare it. */
export const apiRoutes = (): Route[] => routesOf(controllers);
