import {
  aliasesOf,
  claimOf,
  type ExistingPacket,
  type Instant,
  type Offer,
  offerOf,
  type Packet,
  type PacketEvent,
  type PacketEventAlias,
  type PacketEventType,
  type PacketId,
  type PacketMetadata,
  type TenantId,
} from '#libs/packet';
import { formatPosition } from './position.js';

/** The packet after an event: enough to show what happened, and to fetch the packet if more is wanted. */
export interface FeedState {
  status: ExistingPacket['status'];
  revision: number;
  metadata: PacketMetadata;
  root_id: PacketId;
  /** Who holds it; null while nobody does. */
  claimed_by: string | null;
  /** To whom it is offered and since when; null while it is not. */
  offer: Offer | null;
}

/** One event as feeds tell of it: the same text on NATS, over SSE and over WebSocket. */
export interface FeedMessage {
  type: PacketEventType;
  /** Further names of the event, if it has any. */
  aliases?: PacketEventAlias[];
  packet_id: PacketId;
  /** Where the event stands in the log; a feed can be resumed from here. */
  position: string;
  revision: number;
  /** Everybody whom it concerns: source, target and claimant, before and after it. */
  agents: string[];
  data: Partial<FeedState>;
  timestamp: Instant;
}

/** What the projector says after each commit, and after the feed messages of it. */
export interface PositionMessage {
  /** How far the read models hold the log. */
  position: string;
  /** Every event behind this place, up to the position, has been told on the feed. */
  after: string;
  /** The last event of each tenant among these: who has not heard it has missed something. */
  last: Record<TenantId, string>;
}

/** An event and what it made of its packet. */
export interface FedEvent {
  event: PacketEvent;
  /** Stream sequence. */
  sequence: number;
  before: Packet;
  after: Packet;
}

const stateOf = (packet: ExistingPacket): FeedState => ({
  status: packet.status,
  revision: packet.revision,
  metadata: packet.content.metadata,
  root_id: packet.chain.root_id,
  claimed_by: claimOf(packet)?.agent.id ?? null,
  offer: offerOf(packet),
});

const agentsOf = (packet: Packet): (string | undefined)[] => {
  if (packet.status === 'absent') return [];
  const { source_agent, target_agent } = packet.content.metadata;
  return [source_agent.id, target_agent?.id, claimOf(packet)?.agent.id];
};

/** Pure: made from the log it is the same, whoever makes it and whenever. */
export const feedMessage = ({ event, sequence, before, after }: FedEvent): FeedMessage => {
  const aliases = aliasesOf(event, before, after);
  const agents = [...agentsOf(before), ...agentsOf(after)].filter((id) => id !== undefined);
  return {
    type: event.type,
    ...(aliases.length > 0 && { aliases }),
    packet_id: event.packet_id,
    position: formatPosition(sequence),
    revision: event.revision,
    agents: [...new Set(agents)],
    data: after.status === 'absent' ? {} : stateOf(after),
    timestamp: event.occurred_at,
  };
};
