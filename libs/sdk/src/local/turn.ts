import {
  type CommandId,
  type CommandMeta,
  decide,
  type ExistingPacket,
  type Instant,
  type PacketCommand,
  type PacketCommandData,
  type PacketCommandType,
  type PacketDocument,
  type PacketId,
  type PacketLimits,
  type Principal,
  type TenantId,
  toDocument,
  type Verdict,
} from '#libs/packet';
import { type Draft, packetAt, packetOf, type StoredPacket } from './contents.js';
import { notFound, Refusal } from './refusal.js';
import { derivedUuid, randomHex, uuidv7 } from './uuid.js';

/** One task on a store, at one moment. */
export interface Turn {
  draft: Draft;
  now: Instant;
}

export const localTenant = 'local' as TenantId;

/** The one caller there is: like the key of a back end that drives every agent. */
const backEnd: Principal = { tenant_id: localTenant, key_id: 'local', role: 'writer', type: 'agent' };

/** As the server has them when nothing else is set. */
export const localLimits: PacketLimits = { max_bytes: 1_048_576, max_chain_depth: 32, max_path_repeats: 3 };

/** What a call says beside its body. */
export interface CallFacts {
  claimId?: string | undefined;
  ifMatch?: number | undefined;
  /** The idempotency key. */
  key?: string | undefined;
  /** Of the body that came with the key. */
  digest?: string | undefined;
}

/** A command to be carried out. */
export type Order = {
  [T in PacketCommandType]: { type: T; data: PacketCommandData[T] };
}[PacketCommandType] & {
  id: PacketId;
  facts?: CallFacts;
  /** Set for what the rail does by itself. */
  principal?: Principal;
};

const metaOf = ({ id, type, facts = {}, principal = backEnd }: Order, now: Instant): CommandMeta => {
  const { claimId, ifMatch, key, digest } = facts;
  return {
    command_id: (key === undefined ? uuidv7() : derivedUuid(type, id, key)) as CommandId,
    tenant_id: localTenant,
    packet_id: id,
    now,
    event_id: uuidv7(),
    principal,
    traceparent: `00-${randomHex(16)}-${randomHex(8)}-00`,
    ...(key !== undefined && digest !== undefined && { request_digest: digest }),
    ...(ifMatch !== undefined && { expected_revision: ifMatch }),
    ...(claimId !== undefined && { claim_id: claimId }),
  };
};

export const commandOf = (order: Order, now: Instant): PacketCommand =>
  ({ type: order.type, data: order.data, meta: metaOf(order, now) }) as PacketCommand;

/** @throws Refusal `not_found` */
export const storedPacket = ({ draft }: Turn, id: PacketId): StoredPacket => {
  const stored = draft.packet(id);
  if (stored === undefined) throw notFound('packet');
  return stored;
};

const documentAt = (stored: StoredPacket, packet: ExistingPacket): PacketDocument =>
  toDocument(packet, `local-${stored.position.toString(36)}`);

export const documentOf = (stored: StoredPacket): PacketDocument => documentAt(stored, packetOf(stored));

/** What an order came to. */
export interface Done {
  packet: PacketDocument;
  /** It asked for what already was. */
  quiet: boolean;
}

const append = (
  { draft }: Turn,
  order: Order,
  { events, child }: Extract<Verdict, { kind: 'accepted' }>,
): void => {
  if (events.length > 0) draft.append(order.id, events);
  if (child !== undefined && order.type === 'chain') draft.append(order.data.child_id, child);
};

/** The events that a packet was made with. */
const bornWith = ({ events }: StoredPacket): number =>
  events.filter(({ causation_id }) => causation_id === events[0]?.causation_id).length;

/** Decides an order on what is stored, and puts what it comes to into the draft. @throws Refusal */
export const carryOut = (turn: Turn, order: Order): Done => {
  const before = turn.draft.packet(order.id);
  const verdict = decide(
    commandOf(order, turn.now),
    before === undefined ? { status: 'absent' } : packetOf(before),
  );
  if (verdict.kind === 'refused') throw new Refusal(verdict.rejection);
  if (verdict.kind === 'accepted') append(turn, order, verdict);
  const answered = storedPacket(turn, order.type === 'chain' ? order.data.child_id : order.id);
  if (verdict.kind === 'accepted')
    return { packet: documentOf(answered), quiet: verdict.events.length === 0 };
  const revision = order.type === 'chain' ? bornWith(answered) : verdict.revision;
  return { packet: documentAt(answered, packetAt(answered, revision)), quiet: true };
};
