import type { DataSource } from 'typeorm';
import { checkpoint } from './checkpoint/queries.js';
import { schemaOf } from './data-source.js';
import { FoldedPackets, type Folded } from './folded-packets.js';
import { eventsFollowing, type Following, type LogRange } from './following.js';
import { jsonRows } from './json-rows.js';
import type { Change, LoggedEvent } from './logged-event.js';
import { readModels } from './read-models.js';
import { CheckpointMoved, writeBatch, type BatchWrite, type Statement } from './write-batch.js';

export interface Applied {
  /** The checkpoint after the batch. */
  position: number;
  /** What was new, and what it changed. */
  changes: readonly Change[];
  /** Nothing after `after` was applied, because events before `found` are missing: read them from the log. */
  gap?: NonNullable<Following['gap']>;
}

interface Prepared {
  generation: number;
  checkpoint: number;
  following: Following;
  work?: { folded: Folded; statements: Statement[] };
}

class NotWritten extends Error {
  override readonly message = 'A batch before this one was not written';
}

const defaultCacheBytes = 32 * 1024 * 1024;

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
    try {
      return await this.attempt(events, page);
    } catch (error) {
      if (!(error instanceof CheckpointMoved)) throw error;
      // Another projector was faster: what it has done is skipped now.
      return this.attempt(events, page);
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
    const { generation } = this;
    const from = this.head ?? (await checkpoint(this.dataSource));
    const following = eventsFollowing(from, events, page);
    const states = await this.packets.load(following.events);
    if (generation !== this.generation) throw new NotWritten();
    this.head = following.position;
    const prepared = { generation, checkpoint: from, following };
    if (following.position === from) return prepared;
    const folded = this.packets.fold(following.events, states);
    return { ...prepared, work: { folded, statements: this.statements(folded) } };
  }

  private async write({ generation, checkpoint: from, following, work }: Prepared): Promise<Applied> {
    if (generation !== this.generation) throw new NotWritten();
    const { position, gap } = following;
    if (work !== undefined) {
      await this.commit({ after: from, position, statements: work.statements });
      this.packets.release(work.folded);
    }
    return { position, changes: work?.folded.changes ?? [], ...(gap && { gap }) };
  }

  private async commit(batch: BatchWrite): Promise<void> {
    try {
      await writeBatch(this.dataSource, batch);
    } catch (error) {
      this.generation += 1;
      this.head = undefined;
      this.packets.forget();
      throw error;
    }
  }

  private statements({ changes }: Folded): Statement[] {
    const schema = schemaOf(this.dataSource);
    return readModels.flatMap(({ name, project, upsert }) => {
      const rows = project(changes);
      return rows.length === 0 ? [] : [{ name, text: upsert(schema), values: [jsonRows(rows)] }];
    });
  }
}

/** Applies a batch once, without memory of the ones before. The projector keeps a `Projection` instead. */
export const applyBatch = (dataSource: DataSource, events: readonly LoggedEvent[]): Promise<Applied> =>
  new Projection(dataSource).apply(events);
