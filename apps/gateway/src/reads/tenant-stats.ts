import { deliveryStanding, type DeliveryStanding } from '#libs/deliveries';
import { LogUnavailable, StreamSlots } from '#libs/event-log';
import { HookRegistry } from '#libs/hooks';
import type { TenantId } from '#libs/packet';
import { type Stats, stats } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { ReadDatabase } from './read-database.js';

interface TenantFigures extends Stats {
  deliveries: DeliveryStanding;
  /** Open on all gateways; null while NATS does not tell. */
  live_streams: number | null;
}

/** The figures of one tenant: from counters and indexes, whatever the number of packets. */
@Injectable()
export class TenantStats {
  constructor(
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(HookRegistry) private readonly hooks: HookRegistry,
    @Inject(StreamSlots) private readonly slots: StreamSlots,
  ) {}

  /** @throws ProblemError `unavailable` when the database is */
  async of(tenant: TenantId): Promise<TenantFigures> {
    const hookIds = this.hooks.list(tenant).map(({ id }) => id);
    const [counted, deliveries, live_streams] = await Promise.all([
      this.database.use((source) => stats(source, tenant)),
      this.database.use((source) => deliveryStanding(source, tenant, hookIds)),
      this.#liveStreams(tenant),
    ]);
    return { ...counted, deliveries, live_streams };
  }

  async #liveStreams(tenant: TenantId): Promise<number | null> {
    try {
      return await this.slots.count(tenant);
    } catch (error) {
      // The read models answer without NATS, too.
      if (error instanceof LogUnavailable) return null;
      throw error;
    }
  }
}
