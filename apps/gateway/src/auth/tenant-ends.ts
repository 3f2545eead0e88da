import { Inject, Injectable } from '@nestjs/common';
import { ProblemError } from '../http/problem-error.js';
import { ControlData } from './control-data.js';
import { defaultTenant } from './key-records.js';
import { Keys } from './keys.js';
import { Tenants } from './tenants.js';

/** Ends tenants with all their keys. */
@Injectable()
export class TenantEnds {
  constructor(
    @Inject(ControlData) private readonly data: ControlData,
    @Inject(Tenants) private readonly tenants: Tenants,
    @Inject(Keys) private readonly keys: Keys,
  ) {}

  /** @throws ProblemError */
  async delete(id: string): Promise<void> {
    if (id === defaultTenant)
      throw new ProblemError('forbidden', 'Keep this tenant: it holds the platform admins.');
    await this.tenants.delete(id);
    // The record of the tenant has ended all requests with its keys; what hangs on a key, as open streams do, ends
    // with the key's own.
    const live = this.data.findKeys(({ tenant_id, revoked_at }) => tenant_id === id && !revoked_at);
    for (const [hash] of live) await this.keys.end(hash);
  }
}
