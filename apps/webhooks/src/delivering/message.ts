import { formatPosition } from '#libs/contracts';
import type { TakenDelivery } from '#libs/deliveries';
import type { Endpoint } from '#libs/hooks';
import type { PacketsAsOf } from '../packets-as-of.js';

const dataOf = async (
  { payload }: Endpoint,
  delivery: TakenDelivery,
  packets: PacketsAsOf,
): Promise<string> => {
  const { tenant_id, packet_id, revision, position } = delivery;
  if (packet_id === null || revision === null || position === null)
    return JSON.stringify(delivery.payload ?? {});
  if (payload === 'thin') return JSON.stringify({ packet_id });
  return `{"packet":${await packets.document(tenant_id, packet_id, { revision, position })}}`;
};

/**
 * The body of a delivery: of a packet's event with the packet as it was right after it (`full`), or with its id
 * (`thin`). Made from the log it is the same at each attempt. @throws LogUnavailable
 */
export const messageOf = async (
  endpoint: Endpoint,
  delivery: TakenDelivery,
  packets: PacketsAsOf,
): Promise<string> => {
  const { event_id, event_type, occurred_at, tenant_id, packet_id, revision, position } = delivery;
  const frame = {
    id: event_id,
    type: event_type,
    timestamp: occurred_at.toISOString(),
    tenant_id,
    packet_id,
    revision,
    position: position === null ? null : formatPosition(position),
  };
  // The document is JSON already, and most of the body.
  return `${JSON.stringify(frame).slice(0, -1)},"data":${await dataOf(endpoint, delivery, packets)}}`;
};
