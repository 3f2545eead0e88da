import type { Actor, JsonObject } from './document.js';
import type { EventFrame, PacketEvent, PacketEventType } from './events.js';
import type { Instant, PacketId } from './ids.js';

/** An entry of the audit trail, as `GET /packets/{id}/history` shows it. */
export interface HistoryEvent {
  id: string;
  packet_id: PacketId;
  event_type: PacketEventType;
  revision: number;
  /** Who did it as authenticated, and what was declared beside it. */
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

/** The entry that tells of an event. */
export const historyEventOf = (event: PacketEvent): HistoryEvent => ({
  id: event.id,
  packet_id: event.packet_id,
  event_type: event.type,
  revision: event.revision,
  actor: { ...event.actor, ...event.declared },
  details: detailsOf(event) as JsonObject,
  timestamp: event.occurred_at,
  trace_id: traceIdOf(event.traceparent),
});
