import { defined } from './defined.js';
import type { Instant } from './ids.js';
import { isTerminal } from './lifecycle.js';
import { claimOf } from './standing.js';
import type { ExistingPacket } from './state.js';

/** What a claimant that reports itself is told. */
export interface Directive {
  directive: 'continue' | 'stop';
  /** A sentence: why to stop, or what the packet waits for. */
  reason?: string;
}

const stop = (reason: string): Directive => ({ directive: 'stop', reason });

const endOf = (packet: ExistingPacket): string => {
  const why = 'reason' in packet && packet.reason !== undefined ? `: ${packet.reason}` : '.';
  if (packet.status === 'cancelled') return `The packet was cancelled${why}`;
  if (packet.status === 'expired') return 'The packet has expired.';
  return `The packet is ${packet.status} already.`;
};

const lostTo = (packet: ExistingPacket): string => {
  const holder = claimOf(packet)?.agent.id;
  return holder === undefined
    ? 'This claim is over; the packet is offered again.'
    : `This claim is over; the packet is held under another one by "${holder}".`;
};

/** Whether the holder of a claim should go on with the work, as things stand. */
export const directiveFor = (packet: ExistingPacket, claim_id: string, now: Instant): Directive => {
  if (isTerminal(packet.status)) return stop(endOf(packet));
  if (claimOf(packet)?.claim_id !== claim_id) return stop(lostTo(packet));
  const { expires_at } = packet.terms;
  if (expires_at !== undefined && expires_at <= now) return stop('The packet has expired.');
  const waits = packet.status === 'awaiting_human';
  return {
    directive: 'continue',
    ...defined({ reason: waits ? 'The packet waits for a person; its lease waits too.' : undefined }),
  };
};
