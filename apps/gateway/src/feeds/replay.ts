import { setTimeout as delay } from 'node:timers/promises';
import { feedMessage } from '#libs/contracts';
import type { PacketLog, RecordedEvent } from '#libs/event-log';
import { evolve, fold, initialState, type Packet, type PacketId, type TenantId } from '#libs/packet';
import { LRUCache } from 'lru-cache';
import { FeedFrame } from './feed-frame.js';

/** A part of a tenant's feed, made from the log. */
export interface ReplayPage {
  frames: FeedFrame[];
  /** The place up to which nothing is missing. */
  at: number;
}

export interface ReplayRange {
  /** The place after which it begins. */
  after: number;
  /** Up to where the read models hold the log now: nothing beyond it is told. */
  until: () => number;
}

/** Small enough for the buffers of one reader. */
const eventsPerPage = 100;
const packetsKept = 500;
const loadsAtOnce = 16;
/** A replica of the log that lags is asked again after this long. */
const lagMs = 5;

/** The states of packets as they were before each event of a page. */
class Refold {
  readonly #known = new LRUCache<PacketId, Packet>({ max: packetsKept });

  constructor(
    private readonly log: PacketLog,
    private readonly tenant: TenantId,
  ) {}

  async frames(events: readonly RecordedEvent[]): Promise<FeedFrame[]> {
    const states = await this.#statesBefore(events);
    return events.map(({ event, sequence }) => {
      const before = states.get(event.packet_id) ?? initialState;
      const after = evolve(before, event);
      states.set(event.packet_id, after);
      this.#known.set(event.packet_id, after);
      return FeedFrame.of(feedMessage({ event, sequence, before, after }));
    });
  }

  async #statesBefore(events: readonly RecordedEvent[]): Promise<Map<PacketId, Packet>> {
    const states = new Map<PacketId, Packet>();
    const missing: { id: PacketId; events: number }[] = [];
    for (const { event } of events) {
      const { packet_id: id, revision } = event;
      if (states.has(id)) continue;
      states.set(id, this.#known.get(id) ?? initialState);
      if (revision > 1 && !this.#known.has(id)) missing.push({ id, events: revision - 1 });
    }
    for (let from = 0; from < missing.length; from += loadsAtOnce) {
      const some = missing.slice(from, from + loadsAtOnce);
      await Promise.all(some.map(async (one) => states.set(one.id, await this.#load(one))));
    }
    return states;
  }

  async #load({ id, events }: { id: PacketId; events: number }): Promise<Packet> {
    const recorded = await this.log.events(this.tenant, id, { limit: events });
    return fold(recorded.map(({ event }) => event));
  }
}

/** What the feed told, or would have told, in this range; ends when it has caught up. @throws LogUnavailable */
export async function* replayFeed(
  log: PacketLog,
  tenant: TenantId,
  { after, until }: ReplayRange,
): AsyncGenerator<ReplayPage> {
  const refold = new Refold(log, tenant);
  for (let at = after; at < until();) {
    // What is known to be there before the log is read is in what it answers.
    const target = until();
    const next = at + 1;
    const page = await log.read(next, eventsPerPage, tenant);
    const events = page.events.filter(({ sequence }) => sequence <= target);
    const isWhole = page.end || events.length < page.events.length;
    at = isWhole ? target : page.next - 1;
    if (page.next === next && !isWhole) await delay(lagMs);
    yield { frames: await refold.frames(events), at };
  }
}
