import type { ExistingPacket, Packet } from '#libs/packet';
import type { Change } from '../logged-event.js';
import { sameBody } from '../packets/stored-packet.js';
import { searchText, type SearchText } from './text.js';

export interface SearchRow extends SearchText {
  tenant_id: string;
  packet_id: string;
  /** Not indexed before. */
  fresh: boolean;
  /** Log sequence of the first change: the order in which fresh packets fill the segments. */
  position: number;
}

/** Postgres would take `List<String>` for markup and skip it. */
const withoutMarkup = (text: string): string => text.replace(/[<>&]/g, ' ');

const wordsOf = ({ content }: ExistingPacket): SearchText => {
  const { title, text } = searchText(content);
  return { title: withoutMarkup(title), text: withoutMarkup(text) };
};

const sameWords = (before: Packet, after: Packet): boolean => {
  if (before.status === 'absent' || after.status === 'absent') return false;
  if (sameBody(before, after) && before.content.metadata.tags === after.content.metadata.tags) return true;
  const [a, b] = [searchText(before.content), searchText(after.content)];
  return a.title === b.title && a.text === b.text;
};

/** One row per packet whose words changed. */
export const projectSearch = (changes: readonly Change[]): SearchRow[] => {
  const rows = new Map<string, SearchRow>();
  for (const { event, sequence, before, after } of changes) {
    if (after.status === 'absent' || sameWords(before, after)) continue;
    const key = `${event.tenant_id} ${event.packet_id}`;
    const first = rows.get(key);
    rows.set(key, {
      tenant_id: event.tenant_id,
      packet_id: event.packet_id,
      fresh: first?.fresh ?? before.status === 'absent',
      position: first?.position ?? sequence,
      ...wordsOf(after),
    });
  }
  return [...rows.values()];
};
