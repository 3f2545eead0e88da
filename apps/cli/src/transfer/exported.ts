import type { HandoffRail, HistoryEventDocument, PacketDocument } from '#libs/sdk';

/** A line of an export: a packet as it was, and everything that happened to it, oldest first. */
export interface PacketLine {
  packet: PacketDocument;
  events: HistoryEventDocument[];
}

export interface ExportOptions {
  status?: PacketDocument['status'][] | undefined;
  tag?: string[] | undefined;
  since?: string | undefined;
  /** Hears how many packets were told. */
  onProgress: (count: number) => void;
}

const atOnce = 10;

const lineOf = async (rail: HandoffRail, listed: PacketDocument): Promise<PacketLine> => {
  const packet = await rail.getPacket(listed.id);
  const events: HistoryEventDocument[] = [];
  for await (const event of rail.getPacketHistory(packet.id, { limit: 200 }))
    // What happened since is not in the packet.
    if (event.revision <= packet.revision) events.push(event);
  return { packet, events };
};

/** Packets with their events as JSON Lines, oldest first: parents come before their children. */
export async function* exportedLines(rail: HandoffRail, options: ExportOptions): AsyncGenerator<string> {
  const { status, tag, since, onProgress } = options;
  const filter = {
    status,
    tags: tag,
    created_after: since,
    sort: 'created_at',
    order: 'asc',
    limit: 200,
  } as const;
  let count = 0;
  for await (const { packets } of rail.listPackets(filter).pages())
    for (let at = 0; at < packets.length; at += atOnce) {
      const some = packets.slice(at, at + atOnce);
      const lines = await Promise.all(some.map((packet) => lineOf(rail, packet)));
      yield lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      onProgress((count += some.length));
    }
}
