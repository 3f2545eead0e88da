import { type Consumption, handleCommand, PacketLog } from '#libs/event-log';
import { TenantRegistry } from '#libs/tenants';
import { consumePacketTimers, Timers } from '#libs/timers';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

/** Takes a claim back when no heartbeat came in time: what is left of it is a timer that was not moved. */
@Injectable()
export class LeaseTimers implements OnApplicationBootstrap, OnModuleDestroy {
  #consumption: Consumption | undefined;

  constructor(
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(Timers) private readonly timers: Timers,
    @Inject(TenantRegistry) private readonly tenants: Pick<TenantRegistry, 'isEnded'>,
  ) {}

  onApplicationBootstrap(): void {
    this.#consumption = consumePacketTimers(this.timers, {
      kind: 'lease',
      tenants: this.tenants,
      carryOut: (meta, { key: [, , lost_claim_id = ''], due }) =>
        handleCommand(this.log, {
          type: 'lose_claim',
          meta,
          // The domain has no dice: it is given its spread of the wait.
          data: { lost_claim_id, ended_at: due, jitter: Math.random() },
        }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#consumption?.stop();
  }
}
