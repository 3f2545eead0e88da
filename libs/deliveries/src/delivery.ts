import { createHash } from 'node:crypto';
import type { Instant, PacketId, TenantId } from '#libs/packet';

/**
 * `pending`: not tried yet. `delivering`: with a process now. `failed`: tried, and to be tried again at
 * `next_retry_at`. `delivered` and `dead_letter` are ends.
 */
export const deliveryStatuses = ['pending', 'delivering', 'delivered', 'failed', 'dead_letter'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** One try to deliver. */
export interface Attempt {
  at: Instant;
  /** What the endpoint answered; null when it gave no answer. */
  status_code: number | null;
  duration_ms: number;
  /** Why it failed, in a sentence; null when it did not. */
  error: string | null;
  /** The beginning of the answer's body, at most 1 KiB. */
  response_excerpt: string | null;
}

/** What an endpoint gets, did get, or did not get, as readers see it. */
export interface Delivery {
  id: string;
  hook_id: string;
  event_id: string;
  event_type: string;
  /** Null for what is about no packet: test events, disabled endpoints. */
  packet_id: PacketId | null;
  status: DeliveryStatus;
  attempts: Attempt[];
  next_retry_at: Instant | null;
  delivered_at: Instant | null;
  created_at: Instant;
}

/** A delivery to be stored. */
export interface NewDelivery {
  tenant_id: TenantId;
  hook_id: string;
  event_id: string;
  /** The name that the endpoint knows it by. */
  event_type: string;
  /** Where the packet's event stands: its body is made from the log. Absent: `payload` is the body's `data`. */
  packet?: { id: PacketId; revision: number; position: number };
  payload?: object;
  occurred_at: Instant;
  traceparent: string;
  /** Waits for those before it of the same packet. */
  ordered: boolean;
}

/** The id of what an endpoint gets of an event: always the same, in the form of a UUID (version 8). */
export const deliveryId = (hookId: string, eventId: string): string => {
  const hash = createHash('sha256').update(`${hookId}\n${eventId}`).digest();
  hash.writeUInt8(((hash[6] ?? 0) & 0x0f) | 0x80, 6);
  hash.writeUInt8(((hash[8] ?? 0) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
