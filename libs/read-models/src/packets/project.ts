import { type Claim, type ExistingPacket, type Instant, offerOf, type PacketStatus } from '#libs/packet';
import type { Change } from '../logged-event.js';
import { bodyOf, headOf, sameBody, type PacketBody, type PacketHead } from './stored-packet.js';

/** A row of `packets` as it is written. Without `body` the stored one stays. */
export interface PacketRow {
  tenant_id: string;
  id: string;
  status: PacketStatus;
  source_agent: string;
  target_agent: string | null;
  claimed_by: string | null;
  priority_level: number;
  tags: string[];
  deadline: Instant | null;
  hitl_required: boolean;
  dead_letter: boolean;
  parent_packet_id: string | null;
  root_id: string;
  depth: number;
  summary: string;
  created_at: Instant;
  updated_at: Instant;
  available_at: Instant | null;
  pool: string | null;
  offered_at: Instant | null;
  not_for: string[] | null;
  schema_id: string | null;
  expires_at: Instant | null;
  claimed_at: Instant | null;
  completed_at: Instant | null;
  revision: number;
  position: number;
  head: PacketHead;
  body?: PacketBody;
}

const summaryLength = 500;

/** Failed with every attempt used up: it waits for a person to look at it, or for a retry. */
export const isDeadLetter = (packet: ExistingPacket): boolean =>
  packet.status === 'failed' && packet.failure.code === 'max_attempts';

const claimOf = (packet: ExistingPacket): Claim | undefined => {
  if ('claim' in packet) return packet.claim;
  return packet.status === 'awaiting_human' ? packet.resume?.claim : undefined;
};

const whoAndWhat = ({ content, ...packet }: ExistingPacket) => ({
  source_agent: content.metadata.source_agent.id,
  target_agent: content.metadata.target_agent?.id ?? null,
  priority_level: content.metadata.priority_level,
  tags: content.metadata.tags,
  deadline: content.metadata.deadline ?? null,
  hitl_required: packet.approval?.policy.required ?? false,
  parent_packet_id: packet.terms.parent_packet_id,
  root_id: packet.chain.root_id,
  depth: packet.chain.depth,
  schema_id: packet.terms.schema_id ?? null,
  summary: content.context.summary.slice(0, summaryLength),
});

const times = (packet: ExistingPacket) => ({
  created_at: packet.created_at,
  updated_at: packet.updated_at,
  available_at: packet.status === 'created' ? (packet.available_at ?? null) : null,
  expires_at: packet.terms.expires_at ?? null,
  claimed_at: packet.first_claimed_at ?? null,
  completed_at: packet.completed_at ?? null,
});

const offered = (packet: ExistingPacket) => {
  const { pool = null, offered_at = null, not_for = [] } = offerOf(packet) ?? {};
  return { pool, offered_at, not_for: not_for.length === 0 ? null : not_for };
};

/** The row of a packet; `withBody` when its large content has to be written too. */
export const toRow = (packet: ExistingPacket, position: number, withBody = true): PacketRow => ({
  tenant_id: packet.tenant_id,
  id: packet.id,
  status: packet.status,
  claimed_by: claimOf(packet)?.agent.id ?? null,
  dead_letter: isDeadLetter(packet),
  ...whoAndWhat(packet),
  ...times(packet),
  ...offered(packet),
  revision: packet.revision,
  position,
  head: headOf(packet),
  ...(withBody ? { body: bodyOf(packet) } : {}),
});

/** One row per packet: its state after the last of the changes. */
export const projectPackets = (changes: readonly Change[]): PacketRow[] => {
  const spans = new Map<string, { first: Change; last: Change }>();
  for (const change of changes) {
    const key = `${change.event.tenant_id} ${change.event.packet_id}`;
    spans.set(key, { first: spans.get(key)?.first ?? change, last: change });
  }
  return [...spans.values()].flatMap(({ first, last }) => {
    const { before } = first;
    const { after, sequence } = last;
    if (after.status === 'absent') return [];
    return [toRow(after, sequence, before.status === 'absent' || !sameBody(before, after))];
  });
};
