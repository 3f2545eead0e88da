import type { Packet } from '#libs/packet';
import type { Change } from '../logged-event.js';
import { sameBody } from '../packets/stored-packet.js';
import { searchText, type SearchText } from './text.js';

export interface SearchRow extends SearchText {
  tenant_id: string;
  packet_id: string;
  /** Not indexed before. */
  fresh: boolean;
}

const sameWords = (before: Packet, after: Packet): boolean => {
  if (before.status === 'absent' || after.status === 'absent') return false;
  if (sameBody(before, after) && before.content.metadata.tags === after.content.metadata.tags) return true;
  const [a, b] = [searchText(before.content), searchText(after.content)];
  return a.title === b.title && a.text === b.text;
};

/** One row per packet whose words changed; new packets in the order of the log. */
export const projectSearch = (changes: readonly Change[]): SearchRow[] => {
  const rows = new Map<string, SearchRow>();
  for (const { event, before, after } of changes) {
    if (after.status === 'absent' || sameWords(before, after)) continue;
    const key = `${event.tenant_id} ${event.packet_id}`;
    const first = rows.get(key);
    rows.set(key, {
      tenant_id: event.tenant_id,
      packet_id: event.packet_id,
      fresh: first?.fresh ?? before.status === 'absent',
      ...searchText(after.content),
    });
  }
  return [...rows.values()];
};
