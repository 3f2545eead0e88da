import type { AgentRouter, Edges } from '#libs/agents';
import type { CommandReply, CommandRequest, SendCommand } from '#libs/contracts';
import { handleCommand, LogUnavailable, type PacketLog } from '#libs/event-log';
import { warmUp } from '#libs/json-schema';
import { childChain, type PacketId, type PacketLimits } from '#libs/packet';
import type { SchemaRegistry } from '#libs/schemas';
import type { TenantRegistry } from '#libs/tenants';
import { type Making, makeWithSchema } from './context-check.js';
import { withDailyLimit } from './daily-limit.js';
import { withEdge } from './edge-check.js';
import { isUnnamed, withRoute } from './route-new.js';

type CreateRequest = Extract<CommandRequest, { type: 'create' }>;

const field = 'parent_packet_id';

const noParent = (id: PacketId): CommandReply => {
  const message = `There is no packet ${id}.`;
  const errors = [{ field, code: 'not_found', message }];
  return { outcome: 'refused', rejection: { code: 'validation_failed', detail: message, field, errors } };
};

/** The create with its place in the parent's chain, or the answer when it has none. */
const underParent = async (
  log: PacketLog,
  { meta, data, type }: CreateRequest,
  { parentId, limits }: { parentId: PacketId; limits: PacketLimits },
): Promise<CreateRequest | CommandReply> => {
  const { packet: parent } = await log.load(meta.tenant_id, parentId);
  if (parent.status === 'absent') return noParent(parentId);
  const place = childChain(parent, data.packet.content.metadata.source_agent.id, limits);
  if ('rejection' in place) return { outcome: 'refused', rejection: place.rejection };
  return { type, meta, data: { ...data, chain: place.chain, limits } };
};

const create = async (parts: IngestionParts, request: CreateRequest): Promise<CommandReply> => {
  const { log, limits } = parts;
  const parentId = request.data.packet.terms.parent_packet_id;
  if (parentId === null) return make(parts, request);
  const placed = await underParent(log, request, { parentId, limits });
  return 'outcome' in placed ? placed : make(parts, placed);
};

const schemaOf = (request: Making): string | undefined =>
  (request.type === 'create' ? request.data.packet : request.data.child).terms.schema_id;

const make = async (parts: IngestionParts, asked: Making): Promise<CommandReply> => {
  const request = await withDailyLimit(parts.tenants, asked);
  return schemaOf(request) === undefined ? handleCommand(parts.log, request) : makeWithSchema(parts, request);
};

const carryOut = (parts: IngestionParts, request: CommandRequest): Promise<CommandReply> => {
  if (request.type === 'create') return create(parts, request);
  return request.type === 'chain' ? make(parts, request) : handleCommand(parts.log, request);
};

export interface IngestionParts {
  log: PacketLog;
  edges: Edges;
  router: AgentRouter;
  schemas: SchemaRegistry;
  tenants: TenantRegistry;
  limits: PacketLimits;
}

/**
 * Create, chain, update, cancel, expire, route. A create that names a parent takes its place in that chain; one
 * that names a target asks the tenant's edges first, one that names none the router; one that names a schema is
 * made only if its context satisfies it. A tenant that may make only so many packets a day makes no more.
 */
export const ingestionHandler = (parts: IngestionParts): SendCommand => {
  const { router, edges } = parts;
  warmUp();
  return async (asked) => {
    const request = isUnnamed(asked) ? await withRoute(router, asked) : withEdge(edges, asked);
    try {
      return await carryOut(parts, request);
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
      return { outcome: 'fault', code: 'unavailable', detail: error.message };
    }
  };
};
