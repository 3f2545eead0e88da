import type { Offer, PacketId, PacketMetadata, TenantId } from '#libs/packet';
import { epochOf } from '#libs/packet';
import { parsePosition } from '#libs/contracts';
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import type { News } from './lanes.js';

/** After these a packet may be on offer, or on offer in another way. */
const offering = [
  'created',
  'routed',
  'released',
  'claim_expired',
  'failed',
  'rejected',
  'retried',
  'updated',
  'approval_responded',
  'approval_timed_out',
] as const;

/** After these somebody holds one packet less, as after some of those above. */
const ending = ['completed', 'cancelled', 'expired', 'approval_requested'] as const;

/** As the projector tells it (`hr.feed.…`). */
interface FeedMessage {
  packet_id: PacketId;
  position: string;
  data: { metadata?: PacketMetadata; offer?: Offer | null };
}

const read = (message: Msg): News | null => {
  const { packet_id, position, data } = message.json<FeedMessage>();
  const { metadata, offer } = data;
  if (!metadata || !offer) return null;
  return {
    offer,
    tags: metadata.tags,
    packet: {
      id: packet_id,
      level: metadata.priority_level,
      source: metadata.source_agent.id,
      deadline: metadata.deadline === undefined ? null : epochOf(metadata.deadline),
      offered_at: epochOf(offer.offered_at),
      position: parsePosition(position) ?? 0,
      not_for: offer.not_for.length === 0 ? null : offer.not_for,
    },
  };
};

/** Who wants to hear. Messages of other tenants are not even read. */
export interface Listener {
  isOpen(tenant: TenantId): boolean;
  /** A packet is on offer. */
  hear(tenant: TenantId, news: News): void;
  /** An agent holds one packet less than before. */
  makeRoom(tenant: TenantId): void;
}

/** Listens to what the projector tells after each commit; the returned function ends that. */
export const listen = (nats: NatsConnection, listener: Listener): (() => void) => {
  const take = (message: Msg, then: (tenant: TenantId) => void): void => {
    const tenant = message.subject.split('.', 3)[2] as TenantId;
    if (listener.isOpen(tenant)) then(tenant);
  };
  const tell = (tenant: TenantId, message: Msg): void => {
    listener.makeRoom(tenant);
    const news = read(message);
    if (news !== null) listener.hear(tenant, news);
  };
  const subscribe = (event: string, then: (tenant: TenantId, message: Msg) => void): Subscription =>
    nats.subscribe(`hr.feed.*.*.packet.${event}`, {
      callback: (error, message) => {
        if (error === null) take(message, (tenant) => then(tenant, message));
      },
    });
  const subscriptions = [
    ...offering.map((event) => subscribe(event, tell)),
    ...ending.map((event) => subscribe(event, (tenant) => listener.makeRoom(tenant))),
  ];
  return () => subscriptions.forEach((subscription) => subscription.unsubscribe());
};
