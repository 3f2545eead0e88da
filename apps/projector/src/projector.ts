import { setTimeout as delay } from 'node:timers/promises';
import { consumers, formatPosition } from '#libs/contracts';
import { consumePinned, type PacketLog, type PinnedConsumption } from '#libs/event-log';
import { backlogOfAll, createDataSource, refreshStatistics } from '#libs/read-models';
import type { CheckResult, HealthChecks, Logger } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Announcer } from './announcer.js';
import { type Committed, Follower } from './follower.js';
import { observeStanding } from './metrics.js';
import { observeBacklog } from './work-metrics.js';

export interface ProjectorParts {
  databaseUrl: string;
  logger: Logger;
  nats: NatsConnection;
  log: PacketLog;
  health: HealthChecks;
}

/** One for the batch that is written, one to read what it needs, and two for a migration. */
const poolSize = 4;
const lookEveryMs = 1_000;
/** So few do not make a bad plan slow. */
const fewEvents = 5_000;

/** Runs the projection. One copy of this service works; the others stand by and take over within seconds. */
export class Projector implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly dataSource: ReturnType<typeof createDataSource>;
  private readonly follower: Follower;
  private readonly announcer: Announcer;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private consumption: PinnedConsumption | undefined;
  /** The checkpoint at the last look. */
  private seen = -1;
  /** The checkpoint when Postgres was last told to look at its tables. */
  private analyzed = 0;

  constructor(private readonly parts: ProjectorParts) {
    const { databaseUrl, log, logger, nats, health } = parts;
    this.dataSource = createDataSource(databaseUrl, { poolSize, applicationName: 'handoffrail-projector' });
    this.announcer = new Announcer(nats);
    const onCommitted = (committed: Committed) => {
      this.announcer.announce(committed);
      this.refreshStatistics(committed.position);
    };
    this.follower = new Follower({ dataSource: this.dataSource, log, nats, logger, onCommitted });
    health.add('projection', () => this.standing());
    observeBacklog(() => backlogOfAll(this.dataSource));
    observeStanding(async () => {
      const lag = (await log.lastSequence()) - this.follower.position;
      return { isActive: this.isActive, lag: Math.max(0, lag) };
    });
  }

  onApplicationBootstrap(): void {
    // In the background: without Postgres the service starts all the same, and waits for it.
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    const stopped = this.follower.stop();
    await this.running;
    await this.consumption?.stop();
    await stopped;
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await (this.consumption === undefined ? this.start() : this.look());
      } catch (error) {
        if (!signal.aborted)
          this.parts.logger.warn({ err: error }, 'the projector cannot see where it stands');
      }
      await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async start(): Promise<void> {
    const { nats, logger } = this.parts;
    await this.follower.catchUp((position) => this.announcer.beginAt(position));
    this.consumption = consumePinned({
      nats,
      logger,
      consumer: consumers.projector,
      fromSequence: this.follower.position + 1,
      handler: (events) => this.follower.take(events),
    });
  }

  /**
   * What the live consumer cannot notice: tables that were lost while nothing happened, or a place that
   * nothing moves from although the log goes on.
   */
  private async look(): Promise<void> {
    const lag = await this.follower.lag().catch(() => Infinity);
    const isStuck = lag > 0 && this.follower.position <= this.seen;
    this.seen = this.follower.position;
    if (isStuck) await this.follower.catchUp();
  }

  /** Each time when a fifth of the log is new. */
  private refreshStatistics(position: number): void {
    if (position - this.analyzed < Math.max(fewEvents, this.analyzed / 5)) return;
    this.analyzed = position;
    refreshStatistics(this.dataSource).catch((error: unknown) =>
      this.parts.logger.warn({ err: error }, 'the statistics of the read models are not refreshed'),
    );
  }

  private get isActive(): boolean {
    return this.consumption?.isActive ?? false;
  }

  private async standing(): Promise<CheckResult> {
    const lag_events = await this.follower.lag();
    const { position } = this.follower;
    return { ok: true, active: this.isActive, position: formatPosition(position), lag_events };
  }
}
