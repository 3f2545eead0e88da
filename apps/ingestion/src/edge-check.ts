import type { Edges } from '#libs/agents';
import type { CommandRequest } from '#libs/contracts';
import type { NewPacket, TenantId } from '#libs/packet';

const isForbidden = (edges: Edges, tenant: TenantId, { content }: NewPacket): boolean => {
  const { source_agent, target_agent } = content.metadata;
  return target_agent !== undefined && !edges.allows(tenant, source_agent.id, target_agent.id);
};

/**
 * The command with a note if it hands to a target that the tenant does not allow. The domain refuses it then,
 * unless it is repeated and was answered before.
 */
export const withEdge = (edges: Edges, request: CommandRequest): CommandRequest => {
  const { tenant_id } = request.meta;
  if (request.type === 'create' && isForbidden(edges, tenant_id, request.data.packet))
    return { ...request, data: { ...request.data, edge: 'forbidden' } };
  if (request.type === 'chain' && isForbidden(edges, tenant_id, request.data.child))
    return { ...request, data: { ...request.data, edge: 'forbidden' } };
  return request;
};
