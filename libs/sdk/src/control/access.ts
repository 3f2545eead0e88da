import type { Caller, RequestOptions } from '../caller.js';
import type {
  ChangeKeyBody,
  ChangeTenantBody,
  CreateKeyBody,
  CreateTenantBody,
  KeyDocument,
  KeyListDocument,
  MadeKeyDocument,
  RotateKeyBody,
  TenantDocument,
  TenantListDocument,
} from '../generated/wire.js';
import type { Listing } from '../listing.js';
import type { PageOptions } from '../packet-reads.js';
import { asWire, type Given } from '../spelling.js';

/** API keys; for admins. */
export class Keys {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Makes a key. The key itself is in this answer only.
   *
   * @example
   * ```ts
   * const { key } = await rail.keys.create({ name: 'billing', role: 'agent', agentId: 'billing-01' });
   * ```
   */
  create(body: Given<CreateKeyBody>, options?: RequestOptions): Promise<MadeKeyDocument> {
    return this.#caller.call('control_createKey', { body: asWire<CreateKeyBody>(body) }, options);
  }

  /**
   * Keys, newest first, by their prefixes.
   *
   * @example
   * ```ts
   * for await (const key of rail.keys.list()) console.log(key.id, key.role, key.last_used_at);
   * ```
   */
  list(page: PageOptions = {}, options?: RequestOptions): Listing<KeyListDocument, KeyDocument> {
    return this.#caller.list('control_listKeys', { query: page, items: ({ keys }) => keys }, options);
  }

  /**
   * Changes the name, role, channels or end of a key, and leaves the rest.
   *
   * @example
   * ```ts
   * await rail.keys.update(keyId, { role: 'reader' });
   * ```
   */
  update(id: string, body: Given<ChangeKeyBody>, options?: RequestOptions): Promise<KeyDocument> {
    return this.#caller.call(
      'control_changeKey',
      { params: { id }, body: asWire<ChangeKeyBody>(body) },
      options,
    );
  }

  /**
   * Ends a key, everywhere, at once.
   *
   * @example
   * ```ts
   * await rail.keys.revoke(keyId);
   * ```
   */
  async revoke(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.call('control_revokeKey', { params: { id } }, options);
  }

  /**
   * Makes a key in place of another, which goes on for a time of grace.
   *
   * @example
   * ```ts
   * const { key } = await rail.keys.rotate(keyId, { graceSeconds: 3600 });
   * ```
   */
  rotate(id: string, body: Given<RotateKeyBody> = {}, options?: RequestOptions): Promise<MadeKeyDocument> {
    return this.#caller.call(
      'control_rotateKey',
      { params: { id }, body: asWire<RotateKeyBody>(body) },
      options,
    );
  }
}

/** Tenants; for platform admins. */
export class Tenants {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Makes a tenant.
   *
   * @example
   * ```ts
   * const { id } = await rail.tenants.create({ name: 'Acme' });
   * ```
   */
  create(body: Given<CreateTenantBody>, options?: RequestOptions): Promise<TenantDocument> {
    return this.#caller.call('control_createTenant', { body: asWire<CreateTenantBody>(body) }, options);
  }

  /**
   * Tenants, oldest first.
   *
   * @example
   * ```ts
   * for await (const tenant of rail.tenants.list()) console.log(tenant.id, tenant.tier);
   * ```
   */
  list(page: PageOptions = {}, options?: RequestOptions): Listing<TenantListDocument, TenantDocument> {
    return this.#caller.list(
      'control_listTenants',
      { query: page, items: ({ tenants }) => tenants },
      options,
    );
  }

  /**
   * One tenant.
   *
   * @example
   * ```ts
   * const { tier } = await rail.tenants.get('acme');
   * ```
   */
  get(id: string, options?: RequestOptions): Promise<TenantDocument> {
    return this.#caller.call('control_getTenant', { params: { id } }, options);
  }

  /**
   * Changes what is given and leaves the rest.
   *
   * @example
   * ```ts
   * await rail.tenants.update('acme', { tier: 'pro' });
   * ```
   */
  update(id: string, body: Given<ChangeTenantBody>, options?: RequestOptions): Promise<TenantDocument> {
    const input = { params: { id }, body: asWire<ChangeTenantBody>(body) };
    return this.#caller.call('control_changeTenant', input, options);
  }

  /**
   * Closes a tenant: its keys end at once.
   *
   * @example
   * ```ts
   * await rail.tenants.remove('acme');
   * ```
   */
  async remove(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.call('control_deleteTenant', { params: { id } }, options);
  }

  /**
   * The keys of a tenant.
   *
   * @example
   * ```ts
   * const { keys } = await rail.tenants.keys('acme');
   * ```
   */
  keys(id: string, page: PageOptions = {}, options?: RequestOptions): Listing<KeyListDocument, KeyDocument> {
    const input = { params: { id }, query: page, items: ({ keys }: KeyListDocument) => keys };
    return this.#caller.list('control_listTenantKeys', input, options);
  }
}
