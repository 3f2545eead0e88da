import { formatPosition } from '#libs/contracts';
import { toDocument } from '#libs/packet';
import type { PacketDocument } from '#libs/packet';
import { joinPacket, type PacketBody, type PacketHead } from './stored-packet.js';

/** A packet as the table has it, its halves still text. */
export interface StoredPacket {
  position: string;
  head: string;
  body: string;
}

const empty: PacketBody = {
  context: { summary: '', conversation_state: [], artifacts: [], custom: {} },
  decisions: [],
  actions: { pending: [], completed: [], failed: [] },
  dependencies: [],
};

export const headOfStored = ({ head }: StoredPacket): PacketHead => JSON.parse(head) as PacketHead;

/** The document of a stored packet. */
export const documentOf = (stored: StoredPacket): PacketDocument => {
  const packet = joinPacket(headOfStored(stored), JSON.parse(stored.body) as PacketBody);
  return toDocument(packet, formatPosition(Number(stored.position)));
};

/**
 * The document of a stored packet as JSON text. The body, nearly all of it, is copied as it was stored,
 * neither parsed nor printed: most of what a list would cost.
 */
export const documentText = (stored: StoredPacket, head: PacketHead): string => {
  const position = formatPosition(Number(stored.position));
  const { context, decisions, actions, dependencies, ...rest } = toDocument(
    joinPacket(head, empty),
    position,
  );
  return `${JSON.stringify(rest).slice(0, -1)},${stored.body.slice(1)}`;
};
