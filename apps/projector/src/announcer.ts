import {
  feedHeaders,
  feedMessage,
  feedSubject,
  formatPosition,
  placeBefore,
  type PositionMessage,
  positionSubject,
} from '#libs/contracts';
import { writeHeaders } from '#libs/event-log';
import { instantAt, type TenantId } from '#libs/packet';
import type { Change } from '#libs/read-models';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Committed } from './follower.js';

/** Events that are older than the projector by more than this are no news when the read models begin empty. */
const newsMs = 60_000;

/** What was told of a commit. */
interface Told {
  /** The place after which every event has been. */
  after: number;
  /** Each tenant's last event. */
  last: ReadonlyMap<TenantId, number>;
}

/**
 * Tells the world what the read models hold now: each event on its feed subject, once, and after them the
 * position. Plain NATS: who was not there reads the log from its cursor. So that a listener notices what it
 * missed, each message names the place from which on it tells everything.
 */
export class Announcer {
  private readonly newsSince = instantAt(Date.now() - newsMs);
  private announced = 0;
  private isEmpty = false;

  constructor(private readonly nats: NatsConnection) {}

  /**
   * What the read models hold has been announced by an earlier life, unless that died over it: the position
   * alone is told again. Without any, history is not repeated.
   */
  beginAt(position: number): void {
    this.announced = Math.max(this.announced, position);
    this.isEmpty = this.announced === 0;
    this.tellPosition(position, { after: position, last: new Map() });
  }

  announce(committed: Committed): void {
    const { position } = committed;
    this.tellPosition(position, this.tellChanges(committed));
    this.announced = Math.max(this.announced, position);
  }

  private tellChanges({ position, changes, traceparents }: Committed): Told {
    // What another copy committed before these is not among them.
    let after = changes[0] ? placeBefore(changes[0]) : position;
    const last = new Map<TenantId, number>();
    for (const change of changes) {
      const { event, sequence } = change;
      const previous = Math.max(last.get(event.tenant_id) ?? 0, after);
      if (this.isNews(change)) this.feed(change, previous, traceparents.get(sequence) ?? event.traceparent);
      else after = sequence;
      last.set(event.tenant_id, sequence);
    }
    return { after, last };
  }

  private tellPosition(position: number, { after, last }: Told): void {
    const message: PositionMessage = {
      position: formatPosition(position),
      after: formatPosition(after),
      last: Object.fromEntries([...last].map(([tenant, sequence]) => [tenant, formatPosition(sequence)])),
    };
    this.nats.publish(positionSubject, JSON.stringify(message));
  }

  private isNews({ sequence, event }: Change): boolean {
    return sequence > this.announced && (!this.isEmpty || event.occurred_at >= this.newsSince);
  }

  private feed(change: Change, previous: number, traceparent: string): void {
    const { tenant_id, packet_id, type } = change.event;
    const headers = writeHeaders([
      [feedHeaders.previous, formatPosition(previous)],
      [feedHeaders.traceparent, traceparent],
    ]);
    this.nats.publish(feedSubject(tenant_id, packet_id, type), JSON.stringify(feedMessage(change)), {
      headers,
    });
  }
}
