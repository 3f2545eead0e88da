import { setTimeout as delay } from 'node:timers/promises';
import { AuditFollower, sweepAudit } from '#libs/audit';
import type { Logger } from '#libs/service-kit';
import type { TenantRegistry } from '#libs/tenants';
import type { NatsConnection } from '@nats-io/nats-core';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';

export interface AuditKeeperParts {
  databaseUrl: string;
  logger: Logger;
  nats: NatsConnection;
  tenants: TenantRegistry;
}

const firstSweepMs = 60_000;
const sweepEveryMs = 3_600_000;

/** Keeps the rows of the audit up with its stream, and deletes what its tenants keep no longer. */
export class AuditKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private follower: AuditFollower | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(private readonly parts: AuditKeeperParts) {}

  onApplicationBootstrap(): void {
    this.follower = new AuditFollower(this.parts);
    this.sweeping = this.sweepNowAndThen(this.follower);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.sweeping;
    await this.follower?.stop();
  }

  private async sweepNowAndThen(follower: AuditFollower): Promise<void> {
    const { signal } = this.stopping;
    for (let waitMs = firstSweepMs; ; waitMs = sweepEveryMs) {
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.sweep(follower);
    }
  }

  private async sweep({ database }: AuditFollower): Promise<void> {
    const { nats, logger, tenants } = this.parts;
    const retentionDays = (tenant: string) => tenants.limits(tenant).audit_days;
    try {
      const entries = await sweepAudit(database, { nats, retentionDays });
      if (entries > 0) logger.info({ entries }, 'entries of the audit were deleted for their age or number');
    } catch (error) {
      logger.warn({ err: error }, 'the audit was not swept');
    }
  }
}
