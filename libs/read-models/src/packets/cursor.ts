import { epochOf, parsePacketId } from '#libs/packet';
import type { Instant, PacketId } from '#libs/packet';

export const packetSorts = ['created_at', 'updated_at', 'priority', 'deadline'] as const;
export type PacketSort = (typeof packetSorts)[number];
export type SortOrder = 'asc' | 'desc';

/**
 * The place of a packet in a sorted list: its sort value, then (for priority and deadline) when it was
 * created, then its id. Packets that come or go elsewhere do not move it.
 */
export interface PacketCursor {
  sort: PacketSort;
  order: SortOrder;
  /** Null: behind all packets that have a deadline. */
  value: string | number | null;
  created_at: Instant;
  id: PacketId;
}

/** What of a row says where it stands in any of the orders. */
export interface Place {
  id: PacketId;
  created_at: Date;
  updated_at: Date;
  priority_level: number;
  deadline: Date | null;
}

const valueOf = (sort: PacketSort, place: Place): PacketCursor['value'] =>
  sort === 'priority' ? place.priority_level : (place[sort]?.toISOString() ?? null);

/** The cursor that goes on behind this row. */
export const formatCursor = (sort: PacketSort, order: SortOrder, place: Place): string =>
  Buffer.from(
    JSON.stringify([sort, order, valueOf(sort, place), place.created_at.toISOString(), place.id]),
  ).toString('base64url');

const isInstant = (value: unknown): value is Instant =>
  typeof value === 'string' && !Number.isNaN(epochOf(value as Instant));

const isValue = (sort: PacketSort, value: unknown): value is PacketCursor['value'] => {
  if (sort === 'priority') return Number.isInteger(value) && Math.abs(Number(value)) < 100;
  return isInstant(value) || (sort === 'deadline' && value === null);
};

const decode = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
};

/** The cursor in a client's text, or null when it is none of ours or of a list in another order. */
export const parseCursor = (text: string, sort: PacketSort, order: SortOrder): PacketCursor | null => {
  const parts = decode(text);
  if (!Array.isArray(parts) || parts[0] !== sort || parts[1] !== order) return null;
  const [value, created_at, id] = parts.slice(2) as unknown[];
  const packet = typeof id === 'string' ? parsePacketId(id) : null;
  if (packet === null || !isInstant(created_at) || !isValue(sort, value)) return null;
  return { sort, order, value, created_at, id: packet };
};
