import type { PacketEvent } from './events.js';
import type { Packet } from './state.js';

/** Names by which subscribers may ask for what one event, or one of several, comes to. */
export const eventAliases = ['packet.in_progress', 'packet.awaiting_human', 'hitl.response_ready'] as const;

export type PacketEventAlias = (typeof eventAliases)[number];

const entered = (status: Packet['status'], before: Packet, after: Packet): boolean =>
  before.status !== status && after.status === status;

/** Work began: said so, or shown by the first progress. To come back from a checkpoint is no beginning. */
const started = ({ type }: PacketEvent, before: Packet, after: Packet): boolean =>
  (type === 'packet.started' || type === 'packet.progressed') && entered('in_progress', before, after);

const ended = (event: PacketEvent): boolean =>
  event.type === 'packet.approval_responded' && event.data.outcome !== undefined;

/** The further names of an event, which made `after` of `before`. */
export const aliasesOf = (event: PacketEvent, before: Packet, after: Packet): PacketEventAlias[] => {
  const applies: Record<PacketEventAlias, boolean> = {
    'packet.in_progress': started(event, before, after),
    'packet.awaiting_human': entered('awaiting_human', before, after),
    'hitl.response_ready': ended(event),
  };
  return eventAliases.filter((alias) => applies[alias]);
};
