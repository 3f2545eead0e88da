import type { CommandReply, RequestMeta } from '#libs/contracts';
import { type Consumption, handleCommand, PacketLog, Poison, uuidv7 } from '#libs/event-log';
import { readApprovalTimer } from '#libs/packet';
import { TenantRegistry } from '#libs/tenants';
import { consumePacketTimers, type DueTimer, Timers } from '#libs/timers';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

/** Sends what a checkpoint's clock says: take the next step of the ladder, remind, time out. */
@Injectable()
export class ApprovalTimers implements OnApplicationBootstrap, OnModuleDestroy {
  #consumption: Consumption | undefined;

  constructor(
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(Timers) private readonly timers: Timers,
    @Inject(TenantRegistry) private readonly tenants: Pick<TenantRegistry, 'isEnded'>,
  ) {}

  onApplicationBootstrap(): void {
    const carryOut = (meta: RequestMeta, timer: DueTimer) => this.#send(meta, timer);
    this.#consumption = consumePacketTimers(this.timers, {
      kind: 'approval',
      tenants: this.tenants,
      carryOut,
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#consumption?.stop();
  }

  /** @throws Poison for a key that is none of ours */
  #send(meta: RequestMeta, { key }: DueTimer): Promise<CommandReply> {
    const timer = readApprovalTimer(key);
    if (timer === null) throw new Poison('The timer names no clock of a checkpoint.');
    const { approval_id, what, step } = timer;
    if (what === 'step')
      return handleCommand(this.log, {
        type: 'escalate_approval',
        meta,
        data: { approval_id, step: step + 1 },
      });
    if (what === 'remind')
      return handleCommand(this.log, { type: 'remind_approval', meta, data: { approval_id } });
    const data = { approval_id, next_claim_id: uuidv7() };
    return handleCommand(this.log, { type: 'time_out_approval', meta, data });
  }
}
