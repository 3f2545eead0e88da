import { feedSubject, formatPosition, positionSubject } from '#libs/contracts';
import { writeHeaders } from '#libs/event-log';
import { instantAt, offerOf } from '#libs/packet';
import type { Change } from '#libs/read-models';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Committed } from './follower.js';

/** Enough to show what happened, and to fetch the packet if more is wanted. */
const feedMessage = ({ event, sequence, after }: Change) => ({
  type: event.type,
  packet_id: event.packet_id,
  position: formatPosition(sequence),
  revision: event.revision,
  data: after.status === 'absent' ? {} : stateOf(after),
  timestamp: event.occurred_at,
});

const stateOf = (packet: Exclude<Change['after'], { status: 'absent' }>) => ({
  status: packet.status,
  revision: packet.revision,
  metadata: packet.content.metadata,
  root_id: packet.chain.root_id,
  /** To whom it is offered and since when; null while it is not. */
  offer: offerOf(packet),
});

/** Events that are older than the projector by more than this are no news when the read models begin empty. */
const newsMs = 60_000;

/**
 * Tells the world what the read models hold now: the position after each commit, and each event on its feed
 * subject, once. Plain NATS: who was not there reads the log from its cursor.
 */
export class Announcer {
  private readonly newsSince = instantAt(Date.now() - newsMs);
  private announced = 0;
  private isEmpty = false;

  constructor(private readonly nats: NatsConnection) {}

  /** What the read models hold has been announced by an earlier life; without any, history is not repeated. */
  beginAt(position: number): void {
    this.announced = Math.max(this.announced, position);
    this.isEmpty = this.announced === 0;
  }

  announce({ position, changes, traceparents }: Committed): void {
    this.nats.publish(positionSubject, JSON.stringify({ position: formatPosition(position) }));
    for (const change of changes.filter((one) => this.isNews(one))) {
      this.feed(change, traceparents.get(change.sequence) ?? change.event.traceparent);
    }
    this.announced = Math.max(this.announced, position);
  }

  private isNews({ sequence, event }: Change): boolean {
    return sequence > this.announced && (!this.isEmpty || event.occurred_at >= this.newsSince);
  }

  private feed(change: Change, traceparent: string): void {
    const { tenant_id, packet_id, type } = change.event;
    const carrier = writeHeaders([['traceparent', traceparent]]);
    const message = JSON.stringify(feedMessage(change));
    this.nats.publish(feedSubject(tenant_id, packet_id, type), message, { headers: carrier });
  }
}
