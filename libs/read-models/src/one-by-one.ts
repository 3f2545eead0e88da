import type { DataSource } from 'typeorm';
import { schemaOf } from './data-source.js';
import { FoldedPackets } from './folded-packets.js';
import type { Change, LoggedEvent } from './logged-event.js';
import { statementsFor, writeBatch, type BatchRange } from './write-batch.js';

/** An event that no row could be made of; it counts as done. */
export interface PassedOver extends LoggedEvent {
  reason: string;
}

/** What of a batch came into the tables. */
export interface Written {
  /** What was new, and what it changed. */
  changes: readonly Change[];
  /** Events that no row could be made of. */
  passedOver?: readonly PassedOver[];
}

/** Classes of Postgres' errors that lie in the data: they come again however often the batch is tried. */
const dataError = /^(22|23|54)/;

/** Whether an event is to blame, and not Postgres or the way there. */
export const isOfTheData = (error: unknown): boolean => {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof Error && 'code' in error && dataError.test(String(error.code));
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One event on top of what the tables hold, so that it comes out the same whatever it was batched with. */
const writeOne = async (dataSource: DataSource, event: LoggedEvent, range: BatchRange): Promise<Change[]> => {
  const packets = new FoldedPackets(dataSource, 1);
  const { changes } = packets.fold([event], await packets.load([event]));
  await writeBatch(dataSource, { ...range, statements: statementsFor(schemaOf(dataSource), changes) });
  return changes;
};

/**
 * Writes a batch that failed as a whole event by event. A recorded event is never refused: one that cannot be
 * written is passed over, so that it does not hold up those behind it.
 */
export const writeOneByOne = async (
  dataSource: DataSource,
  events: readonly LoggedEvent[],
  { after, position }: BatchRange,
): Promise<Written> => {
  const changes: Change[] = [];
  const passedOver: PassedOver[] = [];
  let done = after;
  for (const { event, sequence } of events) {
    const range = { after: done, position: sequence };
    try {
      changes.push(...(await writeOne(dataSource, { event, sequence }, range)));
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      passedOver.push({ event, sequence, reason: messageOf(error) });
      await writeBatch(dataSource, { ...range, statements: [] });
    }
    done = sequence;
  }
  if (done < position) await writeBatch(dataSource, { after: done, position, statements: [] });
  return { changes, passedOver };
};
