import type { FeedEvent, HookDocument, HookFilterBody, PacketFeedEvent } from '#libs/sdk';

/** What a webhook asks for. */
export type Asked = Pick<HookDocument, 'filter' | 'payload'> & { events: string[] };

const matches = (pattern: string, name: string): boolean =>
  pattern === '*' || pattern === name || (pattern === 'packet.*' && name.startsWith('packet.'));

const passes = (
  { source_agent, target_agent, tags, priority }: HookFilterBody,
  event: PacketFeedEvent,
): boolean => {
  const { metadata } = event.data;
  const levels = [metadata.priority, metadata.priority_level, null, undefined];
  return (
    [metadata.source_agent?.id, null, undefined].includes(source_agent) &&
    [metadata.target_agent?.id, null, undefined].includes(target_agent) &&
    (tags ?? []).every((tag) => metadata.tags?.includes(tag)) &&
    (levels as unknown[]).includes(priority)
  );
};

/** Whether it is told of a packet, and so may be wanted. */
export const isOfPacket = (event: FeedEvent): event is PacketFeedEvent => event.type.startsWith('packet.');

/** The name under which the event is asked for: its own, or an alias; null when it is not. */
export const wantedName = ({ events, filter }: Asked, event: PacketFeedEvent): string | null => {
  const names = [event.type, ...(event.aliases ?? [])];
  const name = names.find((each) => events.some((pattern) => matches(pattern, each)));
  if (name === undefined) return null;
  return filter && !passes(filter, event) ? null : name;
};

/** Channels of the feed that hold all of it; none: everything. */
export const channelsFor = ({ events }: Asked): string[] =>
  events.some((pattern) => pattern.includes('*')) ? [] : events.map((type) => `type:${type}`);
