import type { AgentRouter } from '#libs/agents';
import type { CommandRequest } from '#libs/contracts';
import { type NewPacket, routableOf } from '#libs/packet';

type Making = Extract<CommandRequest, { type: 'create' | 'chain' }>;

const packetOf = (request: Making): NewPacket =>
  request.type === 'create' ? request.data.packet : request.data.child;

/** Whether the command makes a packet for whoever the router finds. */
export const isUnnamed = (request: CommandRequest): request is Making =>
  (request.type === 'create' || request.type === 'chain') &&
  packetOf(request).content.metadata.target_agent === undefined;

/** The command with the router's choice; as it was when there is nobody now. */
export const withRoute = async (router: AgentRouter, request: Making): Promise<Making> => {
  const { tenant_id, traceparent } = request.meta;
  const route = await router.route(tenant_id, routableOf(packetOf(request)), traceparent);
  if ('unrouted' in route) return request;
  return request.type === 'create'
    ? { ...request, data: { ...request.data, route } }
    : { ...request, data: { ...request.data, route } };
};
