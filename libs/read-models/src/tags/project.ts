import type { Packet } from '#libs/packet';
import type { Change } from '../logged-event.js';

/** The tags that a packet got and lost. */
export interface PacketTagsRow {
  tenant_id: string;
  packet_id: string;
  created_at: string;
  added: string[];
  removed: string[];
}

const tagsOf = (packet: Packet): ReadonlySet<string> =>
  new Set(packet.status === 'absent' ? [] : packet.content.metadata.tags);

const without = (tags: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...tags].filter((tag) => !others.has(tag));

/** One row per packet whose tags changed. */
export const projectTags = (changes: readonly Change[]): PacketTagsRow[] => {
  const spans = new Map<string, Pick<Change, 'before' | 'after'>>();
  for (const { event, before, after } of changes) {
    const key = `${event.tenant_id} ${event.packet_id}`;
    spans.set(key, { before: spans.get(key)?.before ?? before, after });
  }
  return [...spans.values()].flatMap(({ before, after }) => {
    if (after.status === 'absent') return [];
    const [old, now] = [tagsOf(before), tagsOf(after)];
    const row = { added: without(now, old), removed: without(old, now) };
    const { tenant_id, id: packet_id, created_at } = after;
    return row.added.length + row.removed.length === 0 ? [] : [{ tenant_id, packet_id, created_at, ...row }];
  });
};
