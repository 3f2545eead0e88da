import type { SignUpBody } from '#libs/contracts';
import type { TenantId } from '#libs/packet';
import type { TenantRecord } from '#libs/tenants';
import { type Config, CONFIG } from '#libs/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { newCommandId } from '../http/ids.js';
import { ProblemError } from '../http/problem-error.js';
import { Keys, type MadeKey } from './keys.js';
import { Tenants } from './tenants.js';

/** Makes tenants for those who have no key, where the operator allows it. */
@Injectable()
export class SignUps {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Tenants) private readonly tenants: Tenants,
    @Inject(Keys) private readonly keys: Keys,
  ) {}

  /** @throws ProblemError */
  checkOpen(): void {
    if (this.config.signup !== 'open')
      throw new ProblemError('forbidden', 'Ask the operator for a key: signing up is closed.');
  }

  /** @throws ProblemError when the name is taken */
  async make({ team_name, sender_name }: SignUpBody): Promise<{ tenant: TenantRecord; made: MadeKey }> {
    const { tenant } = await this.tenants.create({ name: team_name });
    return { tenant, made: await this.#firstKey(tenant.id, sender_name) };
  }

  async #firstKey(tenant_id: TenantId, name: string): Promise<MadeKey> {
    const facts = { id: newCommandId(), tenant_id, name, role: 'admin', created_by: 'signup' } as const;
    try {
      return await this.keys.makeCounted(facts);
    } catch (error) {
      // Nobody could use the tenant, and its name would be gone.
      await this.tenants.delete(tenant_id).catch(() => undefined);
      throw error;
    }
  }
}
