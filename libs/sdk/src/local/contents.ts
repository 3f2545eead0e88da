import {
  evolve,
  type ExistingPacket,
  initialState,
  type Instant,
  type Packet,
  type PacketEvent,
  type PacketId,
  timersAfter,
} from '#libs/packet';
import type { AgentDocument } from '../generated/wire.js';

/** A packet as it is kept: what happened to it. */
export interface StoredPacket {
  readonly id: PacketId;
  /** Place of its last event among all of the store. */
  readonly position: number;
  readonly events: readonly PacketEvent[];
  /** Where heartbeats have moved the end of a claim's lease. */
  readonly lease?: { readonly claim_id: string; readonly at: Instant };
}

/** An agent as it is registered; here it is always present. */
export type StoredAgent = Omit<AgentDocument, 'present' | 'seen_at'>;

/** All that a store holds. */
export interface Contents {
  position: number;
  readonly packets: Map<PacketId, StoredPacket>;
  readonly agents: Map<string, StoredAgent>;
}

export const emptyContents = (): Contents => ({ position: 0, packets: new Map(), agents: new Map() });

const folded = new WeakMap<StoredPacket, ExistingPacket>();

const foldedOn = (before: Packet, events: readonly PacketEvent[]): ExistingPacket => {
  const packet = events.reduce(evolve, before);
  // What is read from a file is checked to begin with a create; what is written was decided.
  if (packet.status === 'absent') throw new Error('A stored packet has no events.');
  return packet;
};

/** The packet that its events make. */
export const packetOf = (stored: StoredPacket): ExistingPacket => {
  const known = folded.get(stored);
  if (known !== undefined) return known;
  const packet = foldedOn(initialState, stored.events);
  folded.set(stored, packet);
  return packet;
};

/** The packet as it was at one of its revisions. */
export const packetAt = (stored: StoredPacket, revision: number): ExistingPacket =>
  foldedOn(initialState, stored.events.slice(0, revision));

/** What heartbeats have made of a lease holds until its claim ends or the lease begins anew. */
const leaseAfter = (
  { lease }: StoredPacket,
  before: Packet,
  after: ExistingPacket,
): StoredPacket['lease'] => {
  if (lease === undefined) return undefined;
  const { set, cancel } = timersAfter(before, after);
  return [...set, ...cancel].some(({ kind }) => kind === 'lease') ? undefined : lease;
};

/** Changes on their way into a store: seen by whoever makes them, by others only once they are stored. */
export class Draft {
  readonly packets = new Map<PacketId, StoredPacket>();
  /** Undefined: taken out. */
  readonly agents = new Map<string, StoredAgent | undefined>();
  #position: number;

  constructor(private readonly base: Contents) {
    this.#position = base.position;
  }

  get position(): number {
    return this.#position;
  }

  get isEmpty(): boolean {
    return this.packets.size === 0 && this.agents.size === 0;
  }

  packet(id: PacketId): StoredPacket | undefined {
    return this.packets.get(id) ?? this.base.packets.get(id);
  }

  /** Oldest first. */
  *allPackets(): Generator<StoredPacket> {
    for (const stored of this.base.packets.values()) yield this.packets.get(stored.id) ?? stored;
    for (const stored of this.packets.values()) if (!this.base.packets.has(stored.id)) yield stored;
  }

  agent(id: string): StoredAgent | undefined {
    return this.agents.has(id) ? this.agents.get(id) : this.base.agents.get(id);
  }

  /** By id. */
  allAgents(): StoredAgent[] {
    const ids = new Set([...this.base.agents.keys(), ...this.agents.keys()]);
    return [...ids].sort().flatMap((id) => this.agent(id) ?? []);
  }

  /** Puts events behind those that the packet has. */
  append(id: PacketId, events: readonly PacketEvent[]): void {
    const stored = this.packet(id);
    const before = stored === undefined ? initialState : packetOf(stored);
    const after = foldedOn(before, events);
    this.#position += events.length;
    const lease = stored && leaseAfter(stored, before, after);
    const next: StoredPacket = {
      id,
      events: [...(stored?.events ?? []), ...events],
      position: this.#position,
      ...(lease && { lease }),
    };
    folded.set(next, after);
    this.packets.set(id, next);
  }

  /** Takes a packet over with all that happened to it elsewhere. */
  adopt(id: PacketId, events: readonly PacketEvent[]): void {
    this.#position += events.length;
    this.packets.set(id, { id, events, position: this.#position });
  }

  moveLease(stored: StoredPacket, lease: NonNullable<StoredPacket['lease']>): void {
    const after = { ...stored, lease };
    folded.set(after, packetOf(stored));
    this.packets.set(stored.id, after);
  }

  /** Remembers how things are; the function takes back what has changed since. */
  mark(): () => void {
    const [packets, agents, position] = [[...this.packets], [...this.agents], this.#position];
    return () => {
      this.#position = position;
      this.packets.clear();
      this.agents.clear();
      for (const [id, stored] of packets) this.packets.set(id, stored);
      for (const [id, agent] of agents) this.agents.set(id, agent);
    };
  }

  /** Makes the changes part of what they were made on. */
  commit(): void {
    this.base.position = this.#position;
    for (const [id, stored] of this.packets) this.base.packets.set(id, stored);
    for (const [id, agent] of this.agents) {
      if (agent === undefined) this.base.agents.delete(id);
      else this.base.agents.set(id, agent);
    }
  }
}
