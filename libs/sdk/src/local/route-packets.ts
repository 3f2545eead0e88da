import {
  type CandidateAgent,
  claimOf,
  type ExistingPacket,
  isTerminal,
  railPrincipal,
  type Routable,
  routableAgain,
  route,
  type Route,
  type Unrouted,
} from '#libs/packet';
import { packetOf } from './contents.js';
import { carryOut, localTenant, type Turn } from './turn.js';

/** Who a live packet waits for, or is held by. */
const busyWith = (packet: ExistingPacket): string | undefined => {
  if (isTerminal(packet.status)) return undefined;
  return claimOf(packet)?.agent.id ?? packet.content.metadata.target_agent?.id;
};

const packetsOf = ({ draft }: Turn): ExistingPacket[] => [...draft.allPackets()].map(packetOf);

const latest = (times: string[]): string | undefined => times.sort().at(-1);

const candidatesOf = (turn: Turn): CandidateAgent[] => {
  const packets = packetsOf(turn);
  return turn.draft.allAgents().map(({ id, name, framework, capabilities }) => {
    const done = packets.flatMap((packet) =>
      packet.status === 'completed' && packet.claim.agent.id === id ? (packet.completed_at ?? []) : [],
    );
    const last = latest(done) as CandidateAgent['last_success_at'];
    return {
      id,
      name,
      capabilities,
      // Nobody sends heartbeats to a file: who is registered is there.
      present: true,
      open_packets: packets.filter((packet) => busyWith(packet) === id).length,
      ...(framework && { framework }),
      ...(last !== undefined && { last_success_at: last }),
    };
  });
};

/** Who gets such a packet, by the agents that are registered. There is no model to ask here. */
export const chooseAgent = (turn: Turn, work: Routable): Route | Unrouted => {
  const decision = route({ ...work, agents: candidatesOf(turn) });
  if (work.routing.strategy !== 'llm' || 'unrouted' in decision) return decision;
  return { ...decision, strategy: `fallback_${decision.strategy}` };
};

/** The choice as commands take it: nothing when there is nobody. */
export const routeFor = (turn: Turn, work: Routable): { route?: Route } => {
  const decision = chooseAgent(turn, work);
  return 'unrouted' in decision ? {} : { route: decision };
};

const isUnrouted = (packet: ExistingPacket): boolean =>
  packet.status === 'created' && packet.content.metadata.target_agent === undefined;

/** Routes the packets that nobody was found for, the oldest first, as far as there is somebody now. */
export const routeWaiting = (turn: Turn): void => {
  for (const packet of packetsOf(turn).filter(isUnrouted)) {
    const { route: choice } = routeFor(turn, routableAgain(packet));
    if (choice === undefined) continue;
    carryOut(turn, { id: packet.id, type: 'route', data: choice, principal: railPrincipal(localTenant) });
  }
};
