import { logHeaders } from '#libs/contracts';
import type { PacketEvent } from '#libs/packet';
import { decodeEvent } from './codec.js';
import { countUnknownEvent } from './metrics.js';
import type { StoredMessage } from './stream-reader.js';

/** An event and where it stands in the log. */
export interface RecordedEvent {
  event: PacketEvent;
  /** The stream sequence, from 1 on. */
  sequence: number;
  /** What it took from a quota stands right before it; see `placeBefore`. */
  counted?: true;
}

/** The event of a message of the log; null for what a quota counts, and for what this version cannot read. */
export const recordedEvent = ({ headers, payload, sequence }: StoredMessage): RecordedEvent | null => {
  const event = decodeEvent(headers, payload);
  if (event === null) {
    if (!headers.has(logHeaders.quota)) countUnknownEvent();
    return null;
  }
  return { event, sequence, ...(headers.has(logHeaders.counted) && { counted: true }) };
};

/** The events among messages of the log. */
export const recordedEvents = (messages: readonly StoredMessage[]): RecordedEvent[] =>
  messages.map(recordedEvent).filter((recorded) => recorded !== null);
