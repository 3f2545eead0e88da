import { setTimeout as delay } from 'node:timers/promises';
import { type PacketLog, parseTraceparent, type RecordedEvent } from '#libs/event-log';
import {
  type Applied,
  type Change,
  checkpoint,
  type createDataSource,
  type LogRange,
  migrate,
  type PassedOver,
  Projection,
  replay,
} from '#libs/read-models';
import type { Logger } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import { observeApprovals } from './approval-metrics.js';
import { type BatchSpans, startBatchSpans } from './batch-spans.js';
import { observeBatch, timeBatch } from './metrics.js';
import { park } from './park.js';
import { observeWork } from './work-metrics.js';

type DataSource = ReturnType<typeof createDataSource>;

/** What is in Postgres now. */
export interface Committed {
  position: number;
  changes: readonly Change[];
  /** By sequence: what follows from a change belongs to this step of its trace. */
  traceparents: ReadonlyMap<number, string>;
}

export interface FollowerParts {
  dataSource: DataSource;
  log: PacketLog;
  nats: NatsConnection;
  logger: Logger;
  onCommitted: (committed: Committed) => void;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;
const aheadOfLog = 'the read models are ahead of this log: run `npm run projector -- rebuild`';

/**
 * Keeps the read models up with the log. The checkpoint in Postgres is the truth: whatever was lost, here or
 * there, it goes on from it, and an outage only makes it wait.
 */
export class Follower {
  /** The checkpoint as this process has seen it last. */
  position = 0;
  private projection: Projection;
  private readonly stopping = new AbortController();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: FollowerParts) {
    this.projection = new Projection(parts.dataSource);
  }

  /** Applies what was delivered. Where something is missing, or not written, the log itself is read. */
  take(events: readonly RecordedEvent[]): Promise<void> {
    return this.inTurn(async () => {
      if (!(await this.isApplied(events))) await this.catchUpAtLast();
    });
  }

  /**
   * Makes the tables if need be, and applies what the log holds after the checkpoint. Tries until it can.
   * @param onBegin is told the checkpoint before anything is applied
   */
  catchUp(onBegin?: (position: number) => void): Promise<void> {
    return this.inTurn(() => this.catchUpAtLast(onBegin));
  }

  /** Events of the log that the read models do not hold. @throws when Postgres or the log does not answer */
  async lag(): Promise<number> {
    this.position = await checkpoint(this.parts.dataSource);
    return Math.max(0, (await this.parts.log.lastSequence()) - this.position);
  }

  /** Gives up what is being tried; what is being written is finished. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('The projector stops'));
    await this.turn;
  }

  /** Applies a batch or a page and, when it is committed, tells so. */
  async apply(events: readonly RecordedEvent[], page?: LogRange): Promise<Applied> {
    const spans = startBatchSpans(events);
    const stopTimer = timeBatch();
    try {
      const applied = await this.projection.apply(events, page);
      stopTimer();
      this.committed(applied, spans);
      return applied;
    } catch (error) {
      spans.end(error);
      throw error;
    }
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.turn.then(task);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async isApplied(events: readonly RecordedEvent[]): Promise<boolean> {
    const { logger } = this.parts;
    try {
      const { gap } = await this.apply(events);
      if (gap !== undefined) logger.info(gap, 'events are missing in what was delivered');
      return gap === undefined;
    } catch (error) {
      logger.warn({ err: error }, 'a batch was not written');
      return false;
    }
  }

  private async catchUpAtLast(onBegin?: (position: number) => void): Promise<void> {
    const { signal } = this.stopping;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      signal.throwIfAborted();
      try {
        return await this.catchUpOnce(onBegin);
      } catch (error) {
        this.parts.logger.warn({ err: error, retry_in_ms: pauseMs }, 'the read models cannot catch up');
      }
      await delay(pauseMs, undefined, { signal });
    }
  }

  private async catchUpOnce(onBegin?: (position: number) => void): Promise<void> {
    const { dataSource, log, logger } = this.parts;
    await migrate(dataSource);
    this.position = await checkpoint(dataSource);
    onBegin?.(this.position);
    const last = await log.lastSequence();
    const from = this.position + 1;
    if (from > last + 1) logger.error({ position: this.position, last }, aheadOfLog);
    if (from > last) return;
    // What the old one remembers may be of tables that are gone.
    this.projection = new Projection(dataSource);
    const began = performance.now();
    await replay(this, log, { from, signal: this.stopping.signal });
    const seconds = Math.round(performance.now() - began) / 1_000;
    logger.info({ from, to: this.position, seconds }, 'caught up with the log');
  }

  private committed({ position, changes, passedOver = [] }: Applied, spans: BatchSpans): void {
    this.position = position;
    observeBatch(changes);
    observeWork(changes);
    observeApprovals(changes);
    spans.end();
    this.parts.onCommitted({ position, changes, traceparents: spans.traceparents });
    for (const one of passedOver) this.passOver(one);
    if (this.parts.logger.isLevelEnabled('debug')) changes.forEach((change) => this.tell(change));
  }

  private passOver(one: PassedOver): void {
    const { event, sequence, reason } = one;
    const facts = { packet_id: event.packet_id, type: event.type, sequence, reason };
    this.parts.logger.error(
      facts,
      'an event cannot be projected; it is passed over and parked as a dead letter',
    );
    park(this.parts.nats, one);
  }

  private tell({ event, sequence }: Change): void {
    const { packet_id, type, traceparent } = event;
    const trace_id = parseTraceparent(traceparent)?.traceId;
    this.parts.logger.debug({ packet_id, type, sequence, trace_id }, 'projected');
  }
}
