import type { MetadataDocument, PacketDocument } from '../generated/wire.js';

/** The packet after an event: enough to show what happened, and to fetch the packet if more is wanted. */
export interface FeedPacket {
  status: PacketDocument['status'];
  /** Number of events of the packet. */
  revision: number;
  /** Source, target, priority and the like. */
  metadata: Partial<MetadataDocument>;
  /** The packet that its chain began with. */
  root_id: string;
  /** Id of the agent that holds it. */
  claimed_by: string | null;
  /** To whom it is offered and since when; null while it is not. */
  offer: Record<string, unknown> | null;
}

/** One event of a packet. */
export interface PacketFeedEvent {
  /** `packet.created`, `packet.claimed` and so on: docs/lifecycle.md has them all. */
  type: `packet.${string}`;
  /** Further names of the event. */
  aliases?: string[];
  packet_id: string;
  /** The cursor behind which a feed goes on after this event. */
  position: string;
  /** Its place among the events of the packet, from 1. */
  revision: number;
  /** Source, target and claimant, before the event and after it. */
  agents: string[];
  data: FeedPacket;
  timestamp: string;
}

/** The cursor could not be used: fetch what you show anew. The feed goes on by itself. */
export interface GapEvent {
  type: 'gap';
  /** The cursor is none of this rail, or what comes behind it is no longer kept. */
  reason: 'unknown_cursor' | 'older_than_log';
  /** The cursor behind which the feed goes on. */
  resumed_from: string;
}

/** A webhook was given up. */
export interface HookDisabledEvent {
  type: 'hook.disabled';
  hook_id: string;
  /** `url`, `reason` and `disabled_at`. */
  data: Record<string, unknown>;
  timestamp: string;
}

/** What a feed tells of. */
export type FeedEvent = PacketFeedEvent | GapEvent | HookDisabledEvent;

/** Whether it is for the one who follows, not for the connection. */
export const isTold = (type: string): boolean =>
  type.startsWith('packet.') || type === 'gap' || type === 'hook.disabled';

/** Where to follow a feed, and as whom. */
export interface FeedSource {
  /** Of the API, without a slash at its end. */
  url: string;
  apiKey: string;
}

/** What to follow, and from where. */
export interface FeedOptions {
  /** Channels such as `status:completed`, `agent:billing-01`, `packet:<id>`; everything when left out. */
  subscribe?: string | readonly string[] | undefined;
  /** Of the last event that was seen. `0-0` is the beginning of everything; from now on when left out. */
  cursor?: string | undefined;
}

export const feedQuery = (channels: readonly string[], cursor: string | undefined): [string, string][] => [
  ...channels.map((channel): [string, string] => ['subscribe', channel]),
  ...(cursor === undefined ? [] : [['last_event_id', cursor] as [string, string]]),
];

export const channelsOf = (subscribe: FeedOptions['subscribe']): string[] =>
  typeof subscribe === 'string' ? [subscribe] : [...(subscribe ?? [])];

const firstPauseMs = 200;
const longestPauseMs = 10_000;

/** Milliseconds before a feed is opened again, after so many failures. */
export const pauseAfter = (failures: number): number => {
  const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
  return ms / 2 + (Math.random() * ms) / 2;
};
