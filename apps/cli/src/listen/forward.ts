import { randomUUID } from 'node:crypto';
import type { HandoffRail, HookMessageDocument, PacketFeedEvent } from '#libs/sdk';
import { signatureHeaders } from './signing.js';

/** What became of one event. */
export interface Forwarded {
  event_id: string;
  type: string;
  packet_id: string;
  revision: number;
  /** Null when there was no answer. */
  status_code: number | null;
  duration_ms: number;
  error: string | null;
}

/** Where events go to, and how they are signed. */
export interface Receiver {
  address: string;
  secret: string;
  payload: 'full' | 'thin';
  signal: AbortSignal;
}

// As long as the rail waits for an answer.
const patienceMs = 15_000;

/** As long as nobody interrupts: the feed waits for a rail that is away, too. */
const patiently = (signal: AbortSignal) => ({ maxRetries: Infinity, signal });

const eventIdOf = async (
  rail: HandoffRail,
  { packet_id, revision }: PacketFeedEvent,
  signal: AbortSignal,
): Promise<string> => {
  for await (const event of rail.getPacketHistory(packet_id, { limit: 200 }, patiently(signal)))
    if (event.revision === revision) return event.id;
  return `${packet_id}.${revision}`;
};

const messageOf = async (
  rail: HandoffRail,
  event: PacketFeedEvent,
  { type, payload, signal }: { type: string } & Pick<Receiver, 'payload' | 'signal'>,
): Promise<HookMessageDocument> => {
  const { packet_id, revision, position, timestamp } = event;
  const [packet, id] = await Promise.all([
    rail.getPacket(packet_id, {}, patiently(signal)),
    eventIdOf(rail, event, signal),
  ]);
  const data = payload === 'thin' ? { packet_id } : { packet };
  return { id, type, timestamp, tenant_id: packet.tenant_id, packet_id, revision, position, data };
};

const whyOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
};

const post = async (message: HookMessageDocument, { address, secret, signal }: Receiver) => {
  const body = JSON.stringify(message);
  const headers = {
    'content-type': 'application/json',
    'x-hr-event': message.type,
    'x-hr-delivery': randomUUID(),
    ...signatureHeaders(secret, message.id, body),
  };
  try {
    const ending = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const answer = await fetch(address, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: ending,
    });
    await answer.body?.cancel();
    return { status_code: answer.status, error: answer.ok ? null : answer.statusText };
  } catch (error) {
    signal.throwIfAborted();
    return { status_code: null, error: whyOf(error) };
  }
};

/** Sends an event as the rail would, once. */
export const forward = async (
  rail: HandoffRail,
  { event, type }: { event: PacketFeedEvent; type: string },
  receiver: Receiver,
): Promise<Forwarded> => {
  const message = await messageOf(rail, event, { type, ...receiver });
  const begun = performance.now();
  const answer = await post(message, receiver);
  const duration_ms = Math.round(performance.now() - begun);
  return {
    event_id: message.id,
    type,
    packet_id: event.packet_id,
    revision: event.revision,
    duration_ms,
    ...answer,
  };
};
