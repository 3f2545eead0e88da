import type { NewDelivery } from '#libs/deliveries';
import type { RecordedEvent } from '#libs/event-log';
import { type Endpoint, type Happening, wants } from '#libs/hooks';
import { aliasesOf } from '#libs/packet';
import type { PacketChange, PacketsAsOf } from '../packets-as-of.js';

const happeningOf = ({ event, before, after }: PacketChange): Happening => ({
  names: [event.type, ...aliasesOf(event, before, after)],
  metadata: after.content.metadata,
});

const toDelivery = (
  { id: hook_id, ordered }: Endpoint,
  { event, sequence }: PacketChange,
  name: string,
): NewDelivery => ({
  tenant_id: event.tenant_id,
  hook_id,
  event_id: event.id,
  event_type: name,
  packet: { id: event.packet_id, revision: event.revision, position: sequence },
  occurred_at: event.occurred_at,
  traceparent: event.traceparent,
  ordered,
});

/** What these endpoints, of the event's tenant, are owed for an event of the log. @throws LogUnavailable */
export const owedFor = async (
  { event, sequence }: RecordedEvent,
  endpoints: readonly Endpoint[],
  packets: PacketsAsOf,
): Promise<NewDelivery[]> => {
  if (endpoints.length === 0) return [];
  const change = await packets.change(event, sequence);
  const happening = happeningOf(change);
  const wanted = endpoints.flatMap((endpoint) => {
    const name = wants(endpoint, happening);
    return name === null ? [] : [{ endpoint, name }];
  });
  if (wanted.some(({ endpoint }) => endpoint.payload === 'full')) packets.foresee(change);
  return wanted.map(({ endpoint, name }) => toDelivery(endpoint, change, name));
};
