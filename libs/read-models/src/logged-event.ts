import type { Packet, PacketEvent } from '#libs/packet';

/** An event and its place in the log. */
export interface LoggedEvent {
  event: PacketEvent;
  /** Stream sequence, from 1 on. */
  sequence: number;
  /** What it took from a quota stands right before it; see `placeBefore`. */
  counted?: true;
}

/** One event with the packet as it was before and as it is after it: all that a projection may look at. */
export interface Change extends LoggedEvent {
  before: Packet;
  after: Packet;
}
