import type { Actor, EventFrame, Instant, JsonObject, PacketEvent, PacketEventType } from '#libs/packet';
import type { Change } from '../logged-event.js';

/** A row of the audit trail, as `GET /packets/{id}/history` shows it. */
export interface HistoryRow {
  tenant_id: string;
  packet_id: string;
  revision: number;
  id: string;
  event_type: PacketEventType;
  actor: Actor & NonNullable<EventFrame['declared']>;
  details: JsonObject;
  timestamp: Instant;
  trace_id: string;
}

/** The trace id in a W3C `traceparent`; empty when there is none. */
const traceIdOf = (traceparent: string): string => traceparent.split('-')[1] ?? '';

/** The event's data; a create is told without its content, which the packet itself has. */
const detailsOf = (event: PacketEvent): object => {
  if (event.type !== 'packet.created') return event.data;
  const { content, terms, chain, approval } = event.data;
  return { metadata: content.metadata, terms, chain, ...(approval === undefined ? {} : { approval }) };
};

/** One row per event. */
export const projectHistory = (changes: readonly Change[]): HistoryRow[] =>
  changes.map(({ event }) => ({
    tenant_id: event.tenant_id,
    packet_id: event.packet_id,
    revision: event.revision,
    id: event.id,
    event_type: event.type,
    actor: { ...event.actor, ...event.declared },
    details: detailsOf(event) as JsonObject,
    timestamp: event.occurred_at,
    trace_id: traceIdOf(event.traceparent),
  }));
