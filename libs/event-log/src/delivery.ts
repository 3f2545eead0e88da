import type { Msg } from '@nats-io/nats-core';
import { readHeaders } from './raw-headers.js';
import type { StoredMessage } from './stream-reader.js';

/** A stored message as a consumer got it, to be settled by exactly one of `ack`, `retry` and `discard`. */
export interface Delivery extends StoredMessage {
  subject: string;
  /** 1 at the first delivery. */
  attempt: number;
  ack(): void;
  /** Have it delivered again, not before the delay. */
  retry(delayMs: number): void;
  /** Never again; the reason goes into the server's advisory. */
  discard(reason: string): void;
  /** More time, please: the server's patience starts anew. */
  working(): void;
}

const ackPrefix = '$JS.ACK.';
const nanosPerMs = 1_000_000;

/**
 * `$JS.ACK.<stream>.<consumer>.<attempt>.<sequence>.…`, or with the domain and the account's hash before the
 * stream.
 */
const placeIn = (reply: string): { attempt: number; sequence: number } => {
  const tokens = reply.split('.');
  const first = tokens.length > 9 ? 6 : 4;
  return { attempt: Number(tokens[first]), sequence: Number(tokens[first + 1]) };
};

/** The delivery in a message, or null for one that only tells about the pull (a status, a heartbeat). */
export const toDelivery = (message: Msg): Delivery | null => {
  const reply = message.reply ?? '';
  if (!reply.startsWith(ackPrefix)) return null;
  return {
    ...placeIn(reply),
    subject: message.subject,
    headers: readHeaders(message),
    payload: message.string(),
    ack: () => void message.respond('+ACK'),
    retry: (delayMs) =>
      void message.respond(`-NAK ${JSON.stringify({ delay: Math.round(delayMs * nanosPerMs) })}`),
    discard: (reason) => void message.respond(`+TERM ${reason}`),
    working: () => void message.respond('+WPI'),
  };
};
