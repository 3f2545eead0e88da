import { randomFillSync } from 'node:crypto';

/** The ids and the sampling flag of a W3C `traceparent`. */
export interface TraceIds {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
  sampled: boolean;
}

const shape =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?$/;
// All zeros mean no id, version ff is forbidden, and version 00 ends with the flags.
const invalid = /^(ff|[0-9a-f]{2}-0{32}|[0-9a-f]{2}-[0-9a-f]{32}-0{16}|00-.{53})/;

// Reading random bytes costs a system call, so they are taken by the page.
const pool = Buffer.alloc(4096);
let used = pool.length;

const randomHex = (bytes: number): string => {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
};

/** A trace id of 16 random bytes, in hex. */
export const newTraceId = (): string => randomHex(16);

/** A span id of 8 random bytes, in hex. */
export const newSpanId = (): string => randomHex(8);

/** The header's text, version 00. */
export const formatTraceparent = (ids: TraceIds): string =>
  `00-${ids.traceId}-${ids.spanId}-${ids.sampled ? '01' : '00'}`;

/** The ids in a `traceparent`, or null when it is not a valid one. Later versions are read as far as they agree. */
export const parseTraceparent = (header: string): TraceIds | null => {
  const parts = invalid.test(header) ? undefined : shape.exec(header)?.groups;
  if (parts?.traceId === undefined || parts.spanId === undefined) return null;
  const sampled = (Number.parseInt(parts.flags ?? '00', 16) & 1) === 1;
  return { traceId: parts.traceId, spanId: parts.spanId, sampled };
};
