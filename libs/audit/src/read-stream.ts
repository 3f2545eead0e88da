import type { StreamReader } from '#libs/event-log';
import type { AuditMessage } from './message.js';
import type { PlacedMessage } from './write.js';

const limit = 500;
const maxBytes = 4 * 1024 * 1024;

/** What the stream holds from a place on. */
export interface AuditPage {
  messages: PlacedMessage[];
  /** The last place that was read; undefined: there is nothing more. */
  last: number | undefined;
}

const parse = (text: string): AuditMessage | null => {
  try {
    return JSON.parse(text) as AuditMessage;
  } catch {
    return null;
  }
};

/** One page of the stream. What cannot be read is passed over. @throws LogUnavailable */
export const readAudit = async (stream: StreamReader, from: number): Promise<AuditPage> => {
  const { messages } = await stream.page({ from, limit, maxBytes });
  const placed = messages.flatMap(({ sequence, payload }) => {
    const message = parse(payload);
    return message === null ? [] : [{ sequence, message }];
  });
  return { messages: placed, last: messages.at(-1)?.sequence };
};
