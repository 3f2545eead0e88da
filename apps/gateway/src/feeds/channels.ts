import type { FeedMessage } from '#libs/contracts';
import { packetStatuses } from '#libs/contracts';
import { currentSchema, eventAliases, parsePacketId } from '#libs/packet';

/** Everything. */
export const everything = '*';

/** What happens beside packets and is told on the feed all the same. */
const notices = ['hook.disabled'];
const types: readonly string[] = [...Object.keys(currentSchema), ...eventAliases, ...notices];
const statuses: readonly string[] = packetStatuses;

const oneOf = (known: readonly string[]) => (value: string) => (known.includes(value) ? value : null);

/** The value as events have it, or null when no event can have it. */
const kinds: Readonly<Record<string, (value: string) => string | null>> = {
  status: oneOf(statuses),
  type: oneOf(types),
  packet: parsePacketId,
  root: parsePacketId,
  agent: (value) => (value.length > 0 && value.length <= 256 ? value : null),
};

/** How many channels one reader may name. */
export const mostChannels = 100;

export const channelForm =
  'status:<status>, type:<event type or alias>, packet:<id>, root:<id>, agent:<id>, or * for everything';

/** A channel as `keysOf` names it, or null when there is none such. */
export const parseChannel = (text: string): string | null => {
  if (text === everything) return text;
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(0, colon));
  const value = Object.hasOwn(kinds, kind) ? kinds[kind]?.(text.slice(colon + 1)) : null;
  return value ? `${kind}:${value}` : null;
};

// Ids of agents may hold commas.
const betweenChannels = /,(?=(?:status|type|packet|root|agent):|\*)/;

/** The channels of a query, which names several by itself or separates them by commas. */
export const splitChannels = (given: readonly string[]): string[] => given.join(',').split(betweenChannels);

/** The channels that an event comes on. */
export const keysOf = ({ type, aliases = [], packet_id, agents, data }: FeedMessage): string[] => [
  everything,
  ...[type, ...aliases].map((name) => `type:${name}`),
  `packet:${packet_id}`,
  ...agents.map((id) => `agent:${id}`),
  ...(data.status === undefined ? [] : [`status:${data.status}`]),
  ...(data.root_id === undefined ? [] : [`root:${data.root_id}`]),
];
