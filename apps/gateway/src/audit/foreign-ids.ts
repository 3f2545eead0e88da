import { IdOwners, type OwnedKind } from '#libs/audit';
import type { TenantId } from '#libs/packet';
import type { ControlData } from '../auth/control-data.js';
import type { ApiRequest } from '../http/call.js';
import type { NatsConnection } from '@nats-io/nats-core';

const route = /^\/api\/v1\/(packets|hooks|schemas|keys)\/:id(?:\/|$)/;
const lookEveryMs = 50;

/** Tells a thing that is not there from another tenant's: to its audit only, never to who asked. */
export class ForeignIds {
  readonly #owners: IdOwners;
  #lookedAt = 0;

  constructor(
    nats: NatsConnection,
    private readonly control: ControlData,
  ) {
    this.#owners = new IdOwners(nats);
  }

  /** Whether the id in the path of a request is another tenant's, as far as that is looked for. */
  async asks(request: ApiRequest, tenant: TenantId): Promise<boolean> {
    const kind = route.exec(request.routeOptions.url ?? '')?.[1] as OwnedKind | 'keys' | undefined;
    // Who asks for many ids in vain is not to make us look for each.
    if (kind === undefined || Date.now() - this.#lookedAt < lookEveryMs) return false;
    this.#lookedAt = Date.now();
    const { id } = request.params as { id: string };
    if (kind !== 'keys') return this.#owners.isForeign(kind, id, tenant);
    return this.control.findKeys((key) => key.id === id.toLowerCase() && key.tenant_id !== tenant).length > 0;
  }

  close(): void {
    this.#owners.close();
  }
}
