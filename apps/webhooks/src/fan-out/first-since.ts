import type { PacketLog } from '#libs/event-log';
import { epochOf, type Instant } from '#libs/packet';

/** Clocks of services differ a little, and times in the log with them. */
const slackMs = 60_000;

/**
 * A sequence from which on the log holds everything that happened since then; a little more may come before it.
 * Found in some twenty reads, however long the log is. @throws LogUnavailable
 */
export const firstSince = async (log: PacketLog, since: Instant): Promise<number> => {
  const from = epochOf(since) - slackMs;
  let low = 1;
  let high = (await log.lastSequence()) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    // Of two messages in a row one is an event: what counts against a quota stands right before it.
    const { events } = await log.read(middle, 2);
    const [found] = events;
    if (found === undefined || epochOf(found.event.occurred_at) >= from) high = middle;
    else low = found.sequence + 1;
  }
  return low;
};
