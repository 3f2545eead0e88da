import { randomFillSync } from 'node:crypto';

/** The ids and the sampling flag of a W3C `traceparent`. */
export interface TraceIds {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
  sampled: boolean;
}

// No id is all zeros, and version ff is forbidden.
const shape = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;
const length = 55;

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
  // Version 00 has no more than these four parts.
  if (header.length > length && header.startsWith('00')) return null;
  const [, traceId, spanId, flags] = shape.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
};
