import type { PacketMetadata } from '#libs/packet';
import type { Endpoint, HookFilter } from './endpoint.js';

/** What happened, as far as endpoints choose by it. */
export interface Happening {
  /** The event's type first, then its aliases. */
  names: readonly [string, ...string[]];
  /** Of the packet after the event; left out for what is about no packet. */
  metadata?: Pick<PacketMetadata, 'source_agent' | 'target_agent' | 'tags' | 'priority' | 'priority_level'>;
}

const matches = (pattern: string, name: string): boolean =>
  pattern === '*' || pattern === name || (pattern === 'packet.*' && name.startsWith('packet.'));

type Metadata = NonNullable<Happening['metadata']>;

const isAbsentOr = (wanted: string | undefined, given: string | undefined): boolean =>
  wanted === undefined || wanted === given;

const passes = (filter: HookFilter, metadata: Metadata): boolean => {
  const { source_agent, target_agent, tags = [], priority } = filter;
  return (
    isAbsentOr(source_agent, metadata.source_agent.id) &&
    isAbsentOr(target_agent, metadata.target_agent?.id) &&
    tags.every((tag) => metadata.tags.includes(tag)) &&
    (priority === undefined || priority === metadata.priority || priority === metadata.priority_level)
  );
};

/**
 * The name under which the endpoint wants to hear of it: the event's own type if that was asked for, otherwise
 * the alias; null when it is not wanted. Whether the endpoint is active is another question.
 */
export const wants = ({ events, filter }: Endpoint, { names, metadata }: Happening): string | null => {
  const name = names.find((each) => events.some((pattern) => matches(pattern, each)));
  if (name === undefined) return null;
  return filter && metadata && !passes(filter, metadata) ? null : name;
};
