import { formatPosition } from '#libs/contracts';
import { LogUnavailable, type PacketLog } from '#libs/event-log';
import {
  evolve,
  type ExistingPacket,
  initialState,
  type Packet,
  type PacketEvent,
  type PacketId,
  type TenantId,
  toDocument,
} from '#libs/packet';
import { LRUCache } from 'lru-cache';

/** An event, and the packet before and after it. */
export interface PacketChange {
  event: PacketEvent;
  /** Log sequence of the event. */
  sequence: number;
  before: Packet;
  after: ExistingPacket;
}

interface Held {
  packet: Packet;
  /** Bytes of the events that made it. */
  bytes: number;
}

const heldBytes = 16 * 1024 * 1024;
const documentBytes = 16 * 1024 * 1024;

const absent: Held = { packet: initialState, bytes: 0 };
const revisionOf = (packet: Packet): number => (packet.status === 'absent' ? 0 : packet.revision);

const next = ({ packet, bytes }: Held, event: PacketEvent): Held => ({
  packet: event.revision > revisionOf(packet) ? evolve(packet, event) : packet,
  bytes: bytes + JSON.stringify(event.data).length + 200,
});

/** Packets as they were at an event: those of late from memory, others from the log. */
export class PacketsAsOf {
  readonly #states = new LRUCache<string, Held>({
    maxSize: heldBytes,
    sizeCalculation: ({ bytes }) => bytes,
  });
  readonly #documents = new LRUCache<string, string>({
    maxSize: documentBytes,
    sizeCalculation: (text) => text.length + 100,
  });

  constructor(private readonly log: PacketLog) {}

  /** What an event of the log changed. @throws LogUnavailable */
  async change(event: PacketEvent, sequence: number): Promise<PacketChange> {
    const { tenant_id, packet_id, revision } = event;
    const key = `${tenant_id} ${packet_id}`;
    const known = this.#states.get(key);
    const held = revisionOf(known?.packet ?? initialState) === revision - 1 ? (known ?? absent) : undefined;
    const before = held ?? (await this.#fold(tenant_id, packet_id, revision - 1));
    const after = next(before, event);
    this.#states.set(key, after);
    return { event, sequence, before: before.packet, after: after.packet as ExistingPacket };
  }

  /** The packet's document right after an event, as JSON. @throws LogUnavailable */
  async document(
    tenant: TenantId,
    id: PacketId,
    { revision, position }: { revision: number; position: number },
  ): Promise<string> {
    const known = this.#documents.get(`${tenant} ${id} ${revision}`);
    if (known !== undefined) return known;
    const { packet } = await this.#fold(tenant, id, revision);
    if (revisionOf(packet) !== revision) throw new LogUnavailable('The log does not hold this event now.');
    return this.#render(packet as ExistingPacket, position);
  }

  /** The document will be asked for soon. */
  foresee({ after, sequence }: PacketChange): void {
    this.#render(after, sequence);
  }

  #render(packet: ExistingPacket, position: number): string {
    const text = JSON.stringify(toDocument(packet, formatPosition(position)));
    this.#documents.set(`${packet.tenant_id} ${packet.id} ${packet.revision}`, text);
    return text;
  }

  async #fold(tenant: TenantId, id: PacketId, revision: number): Promise<Held> {
    if (revision === 0) return absent;
    const events = await this.log.events(tenant, id, { limit: revision });
    return events.reduce((held, { event }) => next(held, event), absent);
  }
}
