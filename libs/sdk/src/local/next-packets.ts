import {
  epochOf,
  foldCapability,
  type ExistingPacket,
  offerOf,
  type PacketDocument,
  suits,
  type Taker,
} from '#libs/packet';
import type { ClaimNextBody } from '../generated/wire.js';
import { packetOf } from './contents.js';
import { claimData } from './orders.js';
import { carryOut, type Turn } from './turn.js';

/** A packet that waits gains a level in this time, so that none waits for ever. */
const ageingMs = 600_000;

interface Candidate {
  packet: ExistingPacket;
  level: number;
  deadline: string;
  offeredAt: string;
}

const candidateOf = (packet: ExistingPacket, now: Turn['now']): Candidate[] => {
  const offer = offerOf(packet);
  if (offer === null || offer.offered_at > now) return [];
  const waited = epochOf(now) - epochOf(offer.offered_at);
  const { priority_level, deadline } = packet.content.metadata;
  const level = priority_level + Math.floor(waited / ageingMs);
  return [{ packet, level, deadline: deadline ?? '~', offeredAt: offer.offered_at }];
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The most urgent level first, then what is due soonest, then what has waited longest. */
const inOrder = (a: Candidate, b: Candidate): number =>
  b.level - a.level || compare(a.deadline, b.deadline) || compare(a.offeredAt, b.offeredAt);

const packetsOf = ({ draft }: Turn): ExistingPacket[] => [...draft.allPackets()].map(packetOf);

const isHeldBy = (packet: ExistingPacket, agent: string): boolean =>
  (packet.status === 'claimed' || packet.status === 'in_progress') && packet.claim.agent.id === agent;

/** How many more packets the agent may hold. */
const roomFor = (turn: Turn, packets: ExistingPacket[], agent: string): number => {
  const most = turn.draft.agent(agent)?.max_concurrency;
  return typeof most === 'number'
    ? most - packets.filter((packet) => isHeldBy(packet, agent)).length
    : Infinity;
};

const takerOf = ({ draft }: Turn, { agent_id: id, capabilities }: ClaimNextBody): Taker => {
  const able = [...(draft.agent(id)?.capabilities ?? []), ...(capabilities ?? [])];
  return { id, capabilities: new Set(able.map(foldCapability)) };
};

/** Claims for an agent what it should do next, as much as it asks for and may hold. Empty: there is nothing. */
export const claimNow = (turn: Turn, body: ClaimNextBody): PacketDocument[] => {
  const packets = packetsOf(turn);
  const taker = takerOf(turn, body);
  const tags = body.tags ?? [];
  const most = Math.max(0, Math.min(body.max ?? 1, roomFor(turn, packets, body.agent_id)));
  return packets
    .filter((packet) => suits(packet, taker))
    .filter(({ content }) => tags.every((tag) => content.metadata.tags.includes(tag)))
    .flatMap((packet) => candidateOf(packet, turn.now))
    .sort(inOrder)
    .slice(0, most)
    .map(({ packet: { id } }) => carryOut(turn, { id, type: 'claim', data: claimData(body) }).packet);
};
