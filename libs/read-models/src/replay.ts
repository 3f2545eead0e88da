import type { LoggedEvent } from './logged-event.js';
import type { Applied, Projection } from './projection.js';

/** Events in order; `next` is where the page after this one begins, `end` says that there was none yet. */
export interface LogPage {
  events: readonly LoggedEvent[];
  next: number;
  end: boolean;
}

/** The log, as a replay reads it. */
export interface LogSource {
  read(from: number, limit: number): Promise<LogPage>;
  lastSequence(): Promise<number>;
}

export interface ReplayOptions {
  /** First sequence to read. */
  from: number;
  /** Last sequence to apply; default: to the end of the log. */
  until?: number;
  /** Events per page and transaction. */
  pageSize?: number;
  /** Called after each commit, in order. */
  onApplied?: (applied: Applied) => void | Promise<void>;
  /** Stops between two pages. */
  signal?: AbortSignal;
}

const cut = (page: LogPage, until: number): LogPage =>
  page.next <= until + 1
    ? page
    : { events: page.events.filter(({ sequence }) => sequence <= until), next: until + 1, end: true };

/**
 * Applies the log from a place on, page by page: one page is read and the one before folded while a third is
 * written. Returns the first sequence that was not applied.
 */
export const replay = async (
  projection: Pick<Projection, 'apply'>,
  log: LogSource,
  options: ReplayOptions,
): Promise<number> => {
  const { until = Number.MAX_SAFE_INTEGER, pageSize = 1_000, onApplied, signal } = options;
  let { from } = options;
  let writing: Promise<unknown> = Promise.resolve();
  let reading = log.read(from, pageSize);
  for (let atEnd = false; !atEnd && from <= until && !signal?.aborted;) {
    const page = cut(await reading, until);
    atEnd = page.end;
    reading = atEnd ? Promise.resolve(page) : log.read(page.next, pageSize);
    const before = writing;
    writing = projection.apply(page.events, { from, next: page.next }).then(async (applied) => {
      await before;
      if (applied.gap)
        throw new Error(`The read models went back to ${applied.position} while the log was replayed`);
      await onApplied?.(applied);
    });
    // Awaited one page later; until then a failure must not count as unhandled.
    void Promise.allSettled([writing, reading]);
    await before;
    from = page.next;
  }
  await writing;
  return from;
};
