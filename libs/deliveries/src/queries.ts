import { type Instant, instantAt, type PacketId, type TenantId } from '#libs/packet';
import { queryPrepared } from '#libs/read-models';
import { type DeliveryDatabase, deliverySchema } from './data-source.js';
import type { Attempt, Delivery, DeliveryStatus } from './delivery.js';

export interface DeliveryFilter {
  hook_id?: string;
  status?: DeliveryStatus;
}

export interface DeliveryRequest {
  filter: DeliveryFilter;
  /** At most 100. */
  limit: number;
  /** `next_cursor` of the page before. */
  cursor?: string;
}

/** Newest first. */
export interface DeliveryPage {
  deliveries: Delivery[];
  next_cursor: string | null;
}

interface Row {
  id: string;
  seq: string;
  hook_id: string;
  event_id: string;
  event_type: string;
  packet_id: PacketId | null;
  status: DeliveryStatus;
  attempts: Attempt[];
  due_at: Date | null;
  delivered_at: Date | null;
  created_at: Date;
}

const columns =
  'id, seq, hook_id, event_id, event_type, packet_id, status, attempts, due_at, delivered_at, created_at';

const instant = (date: Date | null): Instant | null => date && instantAt(date.getTime());

const toDelivery = ({ seq: _, due_at, delivered_at, created_at, ...row }: Row): Delivery => ({
  ...row,
  next_retry_at: row.status === 'failed' ? instant(due_at) : null,
  delivered_at: instant(delivered_at),
  created_at: instantAt(created_at.getTime()),
});

/** The place that a cursor names, or null for one that is none of ours. */
export const parseDeliveryCursor = (cursor: string): number | null => {
  const place = Number.parseInt(cursor, 36);
  return Number.isSafeInteger(place) && place > 0 && place.toString(36) === cursor ? place : null;
};

/** The deliveries of a tenant's endpoints, newest first. A cursor that is none of ours begins at the newest. */
export const listDeliveries = async (
  source: DeliveryDatabase,
  tenant: TenantId,
  { filter, limit, cursor }: DeliveryRequest,
): Promise<DeliveryPage> => {
  const values: unknown[] = [tenant];
  const where = (condition: string, value: unknown): string =>
    value === undefined || value === null ? '' : `and ${condition} $${values.push(value)}`;
  const conditions = [
    where('hook_id =', filter.hook_id),
    // The text itself, so that the index of dead letters is seen to hold it.
    filter.status === 'dead_letter' ? `and status = 'dead_letter'` : where('status =', filter.status),
    where('seq <', cursor === undefined ? undefined : parseDeliveryCursor(cursor)),
  ];
  const text = `select ${columns} from ${deliverySchema}.deliveries
    where tenant_id = $1 ${conditions.join(' ')} order by seq desc limit ${Math.floor(limit) + 1}`;
  const rows = await queryPrepared<Row>(source, { text, values });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    deliveries: page.map(toDelivery),
    next_cursor: last === undefined ? null : Number(last.seq).toString(36),
  };
};

/** One delivery of a tenant; null: there is none of this id. */
export const findDelivery = async (
  source: DeliveryDatabase,
  tenant: TenantId,
  id: string,
): Promise<Delivery | null> => {
  const text = `select ${columns} from ${deliverySchema}.deliveries where tenant_id = $1 and id = $2`;
  const [row] = await queryPrepared<Row>(source, { text, values: [tenant, id] });
  return row === undefined ? null : toDelivery(row);
};
