import type { AgentRouter } from '#libs/agents';
import type { CommandReply, CommandRequest } from '#libs/contracts';
import { handleCommand, LogUnavailable, type PacketLog } from '#libs/event-log';
import { type ExistingPacket, routableAgain, type Route } from '#libs/packet';

type Rejection = Extract<CommandRequest, { type: 'reject' }>;

/** Who rejects it, by whatever name it may do so: none of them gets it again. */
const rejecting = ({ meta, data }: Rejection, packet: ExistingPacket): string[] => {
  const holder =
    packet.status === 'claimed' ? packet.claim.agent.id : packet.content.metadata.target_agent?.id;
  return [meta.principal.agent_id, data.agent_id, holder].filter((id) => id !== undefined);
};

/** The router's next choice for a routed packet; undefined: it is not routed, cannot be rejected, or waits. */
const nextRoute = async (
  log: PacketLog,
  router: AgentRouter,
  request: Rejection,
): Promise<Route | undefined> => {
  const { tenant_id, packet_id, traceparent } = request.meta;
  const { packet } = await log.load(tenant_id, packet_id);
  if (packet.status !== 'created' && packet.status !== 'claimed') return undefined;
  if (packet.terms.routing === undefined) return undefined;
  const work = routableAgain(packet, rejecting(request, packet));
  const route = await router.route(tenant_id, work, traceparent);
  return 'unrouted' in route ? undefined : route;
};

/** Rejects a packet; one that is routed goes on to the next candidate, or waits for one. */
export const reject = async (
  log: PacketLog,
  router: AgentRouter,
  request: Rejection,
): Promise<CommandReply> => {
  try {
    const route = await nextRoute(log, router, request);
    const routed = route === undefined ? request : { ...request, data: { ...request.data, route } };
    return await handleCommand(log, routed);
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    return { outcome: 'fault', code: 'unavailable', detail: error.message };
  }
};
