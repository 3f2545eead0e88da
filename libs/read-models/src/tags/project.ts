import type { Packet } from '#libs/packet';
import type { Change } from '../logged-event.js';

/** All tags that a packet has now. */
export interface PacketTagsRow {
  tenant_id: string;
  packet_id: string;
  created_at: string;
  tags: string[];
}

const tagsOf = (packet: Packet): string[] => (packet.status === 'absent' ? [] : packet.content.metadata.tags);

/** One row per packet whose tags changed. */
export const projectTags = (changes: readonly Change[]): PacketTagsRow[] => {
  const rows = new Map<string, PacketTagsRow>();
  for (const { before, after } of changes) {
    if (after.status === 'absent' || tagsOf(before).join('\n') === tagsOf(after).join('\n')) continue;
    const { tenant_id, id: packet_id, created_at } = after;
    rows.set(`${tenant_id} ${packet_id}`, { tenant_id, packet_id, created_at, tags: tagsOf(after) });
  }
  return [...rows.values()];
};
