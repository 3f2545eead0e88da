import {
  type ExistingPacket,
  historyEventOf,
  type LineageNode,
  lineageOf,
  mergeAncestors,
  type PacketId,
} from '#libs/packet';
import { type LocalCall, packetIdOf } from './call.js';
import { packetOf } from './contents.js';
import { pageOf } from './page.js';
import { notFound } from './refusal.js';
import { documentOf, storedPacket, type Turn } from './turn.js';

/** The packets from the root of the chain down to this one. */
const lineTo = ({ draft }: Turn, packet: ExistingPacket): ExistingPacket[] => {
  const line = [packet];
  for (let next = packet.terms.parent_packet_id; next !== null;) {
    const stored = draft.packet(next);
    if (stored === undefined) break;
    const parent = packetOf(stored);
    line.unshift(parent);
    next = parent.terms.parent_packet_id;
  }
  return line;
};

export const getPacket = (turn: Turn, call: LocalCall) => {
  const stored = storedPacket(turn, packetIdOf(call));
  const document = documentOf(stored);
  if (call.query.get('expand') !== 'ancestors') return document;
  const line = lineTo(turn, packetOf(stored));
  const packet_ids = line.slice(0, -1).map(({ id }) => id);
  return { ...document, ancestors: { packet_ids, ...mergeAncestors(line) } };
};

export const getHistory = (turn: Turn, call: LocalCall) => {
  const { id, events } = storedPacket(turn, packetIdOf(call));
  const { items, next_cursor } = pageOf(events, call.query);
  return { packet_id: id, events: items.map(historyEventOf), next_cursor };
};

const nodeOf = ({ id, status, content, terms, chain, created_at }: ExistingPacket): LineageNode => ({
  id,
  parent_packet_id: terms.parent_packet_id,
  status,
  summary: content.context.summary.slice(0, 500),
  depth: chain.depth,
  source_agent: content.metadata.source_agent.id,
  target_agent: content.metadata.target_agent?.id ?? null,
  created_at,
});

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : Number(a > b));

const chainOf = ({ draft }: Turn, root: PacketId): LineageNode[] =>
  [...draft.allPackets()]
    .map(packetOf)
    .filter(({ chain }) => chain.root_id === root)
    .map(nodeOf)
    .sort((a, b) => a.depth - b.depth || compare(a.created_at, b.created_at) || compare(a.id, b.id));

export const getLineage = (turn: Turn, call: LocalCall) => {
  const packet = packetOf(storedPacket(turn, packetIdOf(call)));
  const lineage = lineageOf(packet.id, chainOf(turn, packet.chain.root_id));
  if (lineage === null) throw notFound('packet');
  return lineage;
};
