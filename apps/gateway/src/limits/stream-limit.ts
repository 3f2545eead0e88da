import { type Slot, StreamSlots } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import { ControlData } from '../auth/control-data.js';
import { ProblemError } from '../http/problem-error.js';
import { countStreamRefused } from './metrics.js';

/** Lets live streams in, up to their tenant's limit, which holds for all gateways together. */
@Injectable()
export class StreamLimit {
  constructor(
    @Inject(ControlData) private readonly control: ControlData,
    @Inject(StreamSlots) private readonly slots: StreamSlots,
  ) {}

  /**
   * Takes a slot for a stream. Where there is no limit it is taken beside, for the count: the stream does not wait.
   * @throws ProblemError when the tenant has as many as it may; LogUnavailable when that cannot be known
   */
  async enter(tenant: TenantId, onLost: () => void): Promise<Slot> {
    const limit = this.control.limits(tenant).streams;
    if (limit === null) return this.#enterFreely(tenant, onLost);
    const slot = await this.slots.take({ tenant, limit, onLost });
    if (slot !== null) return slot;
    countStreamRefused();
    const used = Math.max(limit, await this.slots.count(tenant));
    const detail = `Close a live stream first: this tenant has the ${limit} open that it may have.`;
    throw new ProblemError('too_many_streams', detail, { limit, used });
  }

  #enterFreely(tenant: TenantId, onLost: () => void): Slot {
    const taken = this.slots.take({ tenant, limit: null, onLost }).catch(() => null);
    return { release: () => void taken.then((slot) => slot?.release()) };
  }
}
