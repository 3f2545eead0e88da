import type { HistoryEvent, PacketId, TenantId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { MoreThan } from 'typeorm';
import { HistoryEntity } from './history.entity.js';

export interface HistoryPage {
  packet_id: PacketId;
  /** Oldest first. */
  events: HistoryEvent[];
  /** Give it as `after` for the next page; null at the end. */
  next_after: number | null;
}

const toEvent = (row: HistoryEntity): HistoryEvent =>
  ({
    id: row.id,
    packet_id: row.packet_id,
    event_type: row.event_type,
    revision: row.revision,
    actor: row.actor,
    details: row.details,
    timestamp: row.timestamp.toISOString(),
    trace_id: row.trace_id,
  }) as HistoryEvent;

/**
 * The audit trail of one packet after the revision `after` (0: from the start). A packet that is not there,
 * or is another tenant's, has no events.
 */
export const packetHistory = async (
  dataSource: DataSource,
  tenant: TenantId,
  { packet, after = 0, limit = 50 }: { packet: PacketId; after?: number; limit?: number },
): Promise<HistoryPage> => {
  const rows = await dataSource.getRepository(HistoryEntity).find({
    where: { tenant_id: tenant, packet_id: packet, revision: MoreThan(after) },
    order: { revision: 'ASC' },
    take: limit + 1,
  });
  const events = rows.slice(0, limit).map(toEvent);
  return {
    packet_id: packet,
    events,
    next_after: rows.length > limit ? (events.at(-1)?.revision ?? null) : null,
  };
};
