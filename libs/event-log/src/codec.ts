import { eventHeaders as names } from '#libs/contracts';
import { upcast } from '#libs/packet';
import type { Actor, CommandId, EventFrame, Instant, PacketEvent, PacketId, TenantId } from '#libs/packet';
import type { HeaderEntry, HeaderMap } from './raw-headers.js';

/** An event as it is published. */
export interface WireEvent {
  headers: HeaderEntry[];
  payload: string;
}

const beyondAscii = /[^\x20-\x7e]/g;

// Header values are ASCII for every client's sake; names of agents need not be.
const asciiJson = (value: object): string =>
  JSON.stringify(value).replace(
    beyondAscii,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** CloudEvents 1.0 in binary mode: the attributes as headers, the data as JSON. */
export const encodeEvent = (event: PacketEvent): WireEvent => ({
  headers: [
    [names.specversion, '1.0'],
    [names.id, event.id],
    [names.source, `/tenants/${event.tenant_id}/packets`],
    [names.type, event.type],
    [names.time, event.occurred_at],
    [names.subject, event.packet_id],
    [names.schema, String(event.schema)],
    [names.tenant, event.tenant_id],
    [names.revision, String(event.revision)],
    [names.actor, asciiJson(event.actor)],
    [names.declared, event.declared && asciiJson(event.declared)],
    [names.causation, event.causation_id],
    [names.correlation, event.correlation_id],
    [names.requestDigest, event.request_digest],
    [names.traceparent, event.traceparent],
  ],
  payload: JSON.stringify(event.data),
});

const parseDeclared = (text: string | undefined): Pick<EventFrame, 'declared'> =>
  text === undefined ? {} : { declared: JSON.parse(text) as NonNullable<EventFrame['declared']> };

const frameOf = (headers: HeaderMap): EventFrame => {
  const text = (name: string): string => headers.get(name) ?? '';
  const digest = headers.get(names.requestDigest);
  return {
    id: text(names.id),
    schema: Number(headers.get(names.schema) ?? 1),
    tenant_id: text(names.tenant) as TenantId,
    packet_id: text(names.subject) as PacketId,
    revision: Number(text(names.revision)),
    occurred_at: text(names.time) as Instant,
    actor: JSON.parse(text(names.actor)) as Actor,
    ...parseDeclared(headers.get(names.declared)),
    causation_id: text(names.causation) as CommandId,
    ...(digest !== undefined && { request_digest: digest }),
    correlation_id: text(names.correlation) as PacketId,
    traceparent: text(names.traceparent),
  };
};

/**
 * The event of a message, or null for one that this version does not know: a type of a newer version, or a
 * message that is no event of ours. Nothing on the log makes this throw.
 */
export const decodeEvent = (headers: HeaderMap, payload: string): PacketEvent | null => {
  const type = headers.get(names.type);
  if (type === undefined) return null;
  try {
    return upcast({ ...frameOf(headers), type, data: JSON.parse(payload) as unknown });
  } catch {
    return null;
  }
};
