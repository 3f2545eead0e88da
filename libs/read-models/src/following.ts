import { placeBefore } from '#libs/contracts';
import type { LoggedEvent } from './logged-event.js';

/** A page of the log: all that it holds from the first number up to, not including, the second. */
export interface LogRange {
  from: number;
  next: number;
}

/** What of a batch can be applied on top of a checkpoint. */
export interface Following {
  events: readonly LoggedEvent[];
  /** The checkpoint when they are applied. */
  position: number;
  /** The log has events between these two that were not handed over. */
  gap?: { after: number; found: number };
}

const contiguous = (events: readonly LoggedEvent[], checkpoint: number): Following => {
  const jump = events.findIndex(
    (event, index) => placeBefore(event) > (events[index - 1]?.sequence ?? checkpoint),
  );
  const applicable = jump === -1 ? events : events.slice(0, jump);
  const position = applicable.at(-1)?.sequence ?? checkpoint;
  const found = events[applicable.length]?.sequence;
  return { events: applicable, position, ...(found !== undefined && { gap: { after: position, found } }) };
};

/**
 * The events that are new, as far as nothing is missing before them. In a page that begins at the checkpoint
 * or before it nothing is missing: its absent numbers are deleted messages or events that nobody here knows.
 */
export const eventsFollowing = (
  checkpoint: number,
  events: readonly LoggedEvent[],
  page?: LogRange,
): Following => {
  const fresh = events.filter(({ sequence }) => sequence > checkpoint);
  if (page === undefined || page.from > checkpoint + 1) return contiguous(fresh, checkpoint);
  return { events: fresh, position: Math.max(page.next - 1, checkpoint) };
};
