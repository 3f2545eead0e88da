import { LRUCache } from 'lru-cache';
import type { ExistingPacket, Packet, PacketEvent } from '#libs/packet';
import { evolve, initialState, isTerminal, parsePacketId } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { schemaOf } from './data-source.js';
import type { Change, LoggedEvent } from './logged-event.js';
import { queryPrepared } from './prepared.js';
import { joinPacket, type PacketBody, type PacketHead } from './packets/stored-packet.js';

/** A batch folded: what changed, and the last state of each packet in it. */
export interface Folded {
  changes: Change[];
  states: Map<string, Packet>;
}

const keyOf = (event: PacketEvent): string => `${event.tenant_id} ${event.packet_id}`;

const revisionOf = (packet: Packet): number => (packet.status === 'absent' ? 0 : packet.revision);

/** A first event has nothing before it, and no row has an id that is none. */
const mayBeStored = ({ revision, packet_id }: PacketEvent): boolean =>
  revision > 1 && parsePacketId(packet_id) !== null;

/** Roughly what a value weighs in memory, in bytes. */
const weigh = (value: unknown): number => {
  if (typeof value === 'string') return 24 + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, item) => sum + 8 + weigh(item), 32);
};

const contextWeights = new WeakMap<object, number>();

/** The context, most of a packet, is the same object until an update changes it. */
const weighPacket = ({ content, ...rest }: ExistingPacket): number => {
  const { context, ...others } = content;
  const known = contextWeights.get(context) ?? weigh(context);
  contextWeights.set(context, known);
  return known + weigh(others) + weigh(rest);
};

/**
 * The folded packets that the projection works on, the latest in memory. It may run ahead of Postgres by the
 * batches that are being written: those are held until `release`, because what Postgres has of their packets
 * is old. After a failed write, `forget`.
 */
export class FoldedPackets {
  private readonly recent: LRUCache<string, ExistingPacket>;
  private readonly underWay = new Set<Folded>();

  constructor(
    private readonly dataSource: DataSource,
    cacheBytes: number,
  ) {
    this.recent = new LRUCache<string, ExistingPacket>({ maxSize: cacheBytes, sizeCalculation: weighPacket });
  }

  /** The packets of these events as they are before them; those not in memory are read with one query. */
  async load(events: readonly LoggedEvent[]): Promise<Map<string, Packet>> {
    const states = new Map<string, Packet>();
    const missing = new Map<string, PacketEvent>();
    for (const { event } of events) {
      const key = keyOf(event);
      if (states.has(key) || missing.has(key)) continue;
      const known = this.inBatches(key) ?? this.recent.get(key);
      if (known !== undefined) states.set(key, known);
      else if (mayBeStored(event)) missing.set(key, event);
    }
    for (const packet of await this.read([...missing.values()])) {
      states.set(`${packet.tenant_id} ${packet.id}`, packet);
    }
    return states;
  }

  /** What each event changed, in order, from the `states` that `load` gave for the same events. */
  fold(events: readonly LoggedEvent[], states: Map<string, Packet>): Folded {
    const changes = events.map((logged) => {
      const { event } = logged;
      const key = keyOf(event);
      const before = states.get(key) ?? initialState;
      // A recorded fact is never refused; one that the state already holds changes nothing.
      const after = event.revision <= revisionOf(before) ? before : evolve(before, event);
      states.set(key, after);
      return { ...logged, before, after };
    });
    const folded = { changes, states };
    this.underWay.add(folded);
    return folded;
  }

  /** The batch is in Postgres: its packets may be dropped from memory and read back. */
  release(folded: Folded): void {
    this.underWay.delete(folded);
    for (const [key, packet] of folded.states) {
      if (packet.status === 'absent' || this.inBatches(key) !== undefined) continue;
      // Hardly anything follows an end; should it, the row is read.
      if (isTerminal(packet.status)) this.recent.delete(key);
      else this.recent.set(key, packet);
    }
  }

  /** Drops everything: Postgres did not take what was folded, or somebody else wrote to it. */
  forget(): void {
    this.recent.clear();
    this.underWay.clear();
  }

  private inBatches(key: string): Packet | undefined {
    let last: Packet | undefined;
    for (const { states } of this.underWay) last = states.get(key) ?? last;
    return last;
  }

  private async read(wanted: readonly PacketEvent[]): Promise<ExistingPacket[]> {
    if (wanted.length === 0) return [];
    const rows = await queryPrepared<{ head: PacketHead; body: PacketBody }>(this.dataSource, {
      text: `select head, body from ${schemaOf(this.dataSource)}.packets
        where (tenant_id, id) in (select * from unnest($1::text[], $2::uuid[]))`,
      values: [wanted.map((event) => event.tenant_id), wanted.map((event) => event.packet_id)],
    });
    return rows.map(({ head, body }) => joinPacket(head, body));
  }
}
