import type { PacketEvent } from './events.js';
import type { Rejection } from './rejections.js';

/**
 * What a command comes to. `events` are this packet's, in order (none: what was asked already is);
 * `child` are the first events of a chained packet, to be appended in the same atomic batch.
 */
export type Verdict =
  | { kind: 'accepted'; events: PacketEvent[]; child?: PacketEvent[] }
  /** The command was answered before (idempotency key): answer with the packet as it was at that revision. */
  | { kind: 'replayed'; revision: number }
  | { kind: 'refused'; rejection: Rejection };
