import { disable, type Endpoint, isActive } from '#libs/hooks';
import { instantAt } from '#libs/packet';
import type { TenantRegistry } from '#libs/tenants';
import type { WebhookParts } from './parts.js';

type EndedTenantsParts = Pick<WebhookParts, 'hooks' | 'logger'> & {
  tenants: Pick<TenantRegistry, 'isEnded' | 'onEnd'>;
};

const againMs = 1_000;

/**
 * Disables the webhooks of a tenant that is deleted: now, while no copy of the service ran, or in the moment in which
 * one was made. Every copy does it; once is enough.
 */
export class EndedTenants {
  readonly #forget: (() => void)[];
  #isStopped = false;

  constructor(private readonly parts: EndedTenantsParts) {
    const { hooks, tenants } = parts;
    this.#forget = [
      tenants.onEnd((tenant) => hooks.active(tenant).forEach((endpoint) => void this.#check(endpoint))),
      hooks.onChange((endpoint) => void this.#check(endpoint)),
    ];
    for (const endpoint of hooks.all()) void this.#check(endpoint);
  }

  stop(): void {
    this.#isStopped = true;
    this.#forget.forEach((forget) => forget());
  }

  async #check(endpoint: Endpoint | undefined): Promise<void> {
    const { hooks, tenants, logger } = this.parts;
    if (this.#isStopped || endpoint === undefined) return;
    const { tenant_id, id } = endpoint;
    if (!isActive(endpoint) || !tenants.isEnded(tenant_id)) return;
    try {
      await hooks.change(tenant_id, id, (held) => disable(held, 'deleted', instantAt(Date.now())));
    } catch (error) {
      logger.warn({ err: error, tenant_id, hook_id: id }, 'a webhook of a deleted tenant is still there');
      setTimeout(() => void this.#check(hooks.get(tenant_id, id)), againMs).unref();
    }
  }
}
