import type { FeedEvent, HandoffRail, PacketDocument, PacketFeedEvent } from '#libs/sdk';
import { isFinal } from './statuses.js';

interface Followed {
  rail: HandoffRail;
  id: string;
  signal: AbortSignal;
}

/** Where a packet stands. */
type Standing = Pick<PacketDocument, 'id' | 'status' | 'revision'>;

const isAbout = (event: FeedEvent): event is PacketFeedEvent => event.type.startsWith('packet.');

/** A packet as it is, then after each of its events, until none can follow any more. @throws the signal's reason */
export async function* followPacket({
  rail,
  id,
  signal,
}: Followed): AsyncGenerator<Standing, void, undefined> {
  const packet = await rail.getPacket(id, {}, { signal });
  yield packet;
  if (isFinal(packet.status)) return;
  // From its position on: what happens until the feed is open is not missed.
  for await (const event of rail.events({ subscribe: `packet:${id}`, cursor: packet.position, signal })) {
    if (!isAbout(event)) continue;
    const status = event.data.status;
    yield { id, status, revision: event.revision };
    if (isFinal(status)) return;
  }
}
