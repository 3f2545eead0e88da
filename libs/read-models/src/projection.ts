import type { DataSource } from 'typeorm';
import { checkpoint } from './checkpoint/queries.js';
import { schemaOf } from './data-source.js';
import { FoldedPackets, type Folded } from './folded-packets.js';
import { eventsFollowing, type Following, type LogRange } from './following.js';
import type { LoggedEvent } from './logged-event.js';
import type { Statement } from './read-model.js';
import { isOfTheData, writeOneByOne, type Written } from './one-by-one.js';
import { CheckpointMoved, statementsFor, writeBatch, type BatchRange } from './write-batch.js';

export interface Applied extends Written {
  /** The checkpoint after the batch. */
  position: number;
  /** Nothing after `after` was applied, because events before `found` are missing: read them from the log. */
  gap?: NonNullable<Following['gap']>;
}

interface Prepared {
  generation: number;
  after: number;
  following: Following;
  folded?: Folded;
  /** Undefined: making them failed. */
  statements?: Statement[] | undefined;
}

/** What was folded on top of a batch that failed is worth nothing. */
class NotWritten extends Error {
  override readonly message = 'A batch before this one was not written';
}

/** How often a batch is prepared again because another projector was faster. */
const attempts = 10;
const defaultCacheBytes = 16 * 1024 * 1024;

/**
 * Writes the log's events into all read models, each batch with the checkpoint in one transaction. Calls may
 * overlap: the next batch is folded while one is written; they are committed in the order of the calls.
 * When a call is rejected, those already begun are rejected too; go on from the checkpoint.
 */
export class Projection {
  private readonly packets: FoldedPackets;
  /** The checkpoint when every batch under way will be in; undefined: Postgres has to be asked. */
  private head: number | undefined;
  /** Grows with every failure: what was folded before it is not written after it. */
  private generation = 0;
  private folding: Promise<unknown> = Promise.resolve();
  private writing: Promise<unknown> = Promise.resolve();
  /** While a batch is written event by event, nothing is folded: the checkpoint stands inside the batch. */
  private settling: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    { cacheBytes = defaultCacheBytes }: { cacheBytes?: number } = {},
  ) {
    this.packets = new FoldedPackets(dataSource, cacheBytes);
  }

  /**
   * Applies what is new of these events, which come in log order. Applying twice is applying once.
   * @param page set when the events are a page read from the log, in which no number is missing by accident
   */
  async apply(events: readonly LoggedEvent[], page?: LogRange): Promise<Applied> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(events, page);
      } catch (error) {
        const isOvertaken = error instanceof CheckpointMoved || error instanceof NotWritten;
        if (!isOvertaken || attempt === attempts) throw error;
      }
    }
  }

  private async attempt(events: readonly LoggedEvent[], page?: LogRange): Promise<Applied> {
    const folding = this.folding.then(() => this.fold(events, page));
    const writing = Promise.all([folding, this.writing]).then(([prepared]) => this.write(prepared));
    this.folding = folding.catch(() => undefined);
    this.writing = writing.catch(() => undefined);
    return writing;
  }

  private async fold(events: readonly LoggedEvent[], page: LogRange | undefined): Promise<Prepared> {
    await this.settling;
    const { generation } = this;
    const after = this.head ?? (await checkpoint(this.dataSource));
    const following = eventsFollowing(after, events, page);
    const states = await this.packets.load(following.events);
    if (generation !== this.generation) throw new NotWritten();
    this.head = following.position;
    const prepared = { generation, after, following };
    if (following.position === after) return prepared;
    const folded = this.packets.fold(following.events, states);
    return { ...prepared, folded, statements: this.statements(folded) };
  }

  private statements({ changes }: Folded): Statement[] | undefined {
    try {
      return statementsFor(schemaOf(this.dataSource), changes);
    } catch {
      return undefined;
    }
  }

  private async write(prepared: Prepared): Promise<Applied> {
    if (prepared.generation !== this.generation) throw new NotWritten();
    const { position, gap } = prepared.following;
    const written =
      prepared.folded === undefined ? { changes: [] } : await this.commit(prepared, prepared.folded);
    return { position, ...written, ...(gap && { gap }) };
  }

  private async commit(prepared: Prepared, folded: Folded): Promise<Written> {
    const { after, following, statements } = prepared;
    const range = { after, position: following.position };
    try {
      if (statements === undefined) return await this.commitOneByOne(following.events, range);
      await writeBatch(this.dataSource, { ...range, statements });
      this.packets.release(folded);
      return { changes: folded.changes };
    } catch (error) {
      if (statements !== undefined && isOfTheData(error)) return this.commitOneByOne(following.events, range);
      this.forget();
      throw error;
    }
  }

  private commitOneByOne(events: readonly LoggedEvent[], range: BatchRange): Promise<Written> {
    // Whatever was folded behind this batch rests on packets that may not come into the tables.
    this.forget();
    const writing = writeOneByOne(this.dataSource, events, range);
    this.settling = writing.catch(() => undefined);
    return writing;
  }

  private forget(): void {
    this.generation += 1;
    this.head = undefined;
    this.packets.forget();
  }
}

/** Applies a batch once, without memory of the ones before. The projector keeps a `Projection` instead. */
export const applyBatch = (dataSource: DataSource, events: readonly LoggedEvent[]): Promise<Applied> =>
  new Projection(dataSource).apply(events);
