import { type Consumption, handleCommand, PacketLog } from '#libs/event-log';
import { TenantRegistry } from '#libs/tenants';
import { consumePacketTimers, Timers } from '#libs/timers';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

/** Ends packets whose time is over. */
@Injectable()
export class ExpiryTimers implements OnApplicationBootstrap, OnModuleDestroy {
  #consumption: Consumption | undefined;

  constructor(
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(Timers) private readonly timers: Timers,
    @Inject(TenantRegistry) private readonly tenants: Pick<TenantRegistry, 'isEnded'>,
  ) {}

  onApplicationBootstrap(): void {
    this.#consumption = consumePacketTimers(this.timers, {
      kind: 'expiry',
      tenants: this.tenants,
      carryOut: (meta) =>
        handleCommand(this.log, { type: 'expire', meta, data: { reason: 'Its time to live is over.' } }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#consumption?.stop();
  }
}
