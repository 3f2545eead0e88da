import { CreateKeyBody } from '#libs/contracts';
import { instantAt, type Instant, parseTenantId, type Principal, type TenantId } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import { invalidField, notFound, ProblemError, unavailable } from '../http/problem-error.js';
import { derivedUuid, newCommandId } from '../http/ids.js';
import type { Repeatable } from '../http/idempotency.js';
import { ControlData } from './control-data.js';
import { hashKey, isLive, type KeyRecord, newKey, prefixOf } from './key-records.js';

/** A key as it is shown; `key` itself only in the answer that made it. */
export type KeyView = Omit<KeyRecord, 'request_digest'> & { status: 'live' | 'expired' | 'revoked' };

export interface MadeKey {
  view: KeyView;
  /** The key itself; absent when the request was a repeated one: it is shown once. */
  key?: string;
}

const statusOf = (record: KeyRecord): KeyView['status'] => {
  if (record.revoked_at !== undefined) return 'revoked';
  return isLive(record, new Date()) ? 'live' : 'expired';
};

const viewOf = ({ request_digest: _digest, ...record }: KeyRecord): KeyView => ({
  ...record,
  status: statusOf(record),
});

const tries = 5;
const busy = () => unavailable('Many changes to these keys at once: send the request again.');

/** API keys of a tenant. */
@Injectable()
export class Keys {
  constructor(@Inject(ControlData) private readonly data: ControlData) {}

  /** Newest first, without the keys themselves. */
  list(tenant: TenantId): KeyView[] {
    return this.#all(({ tenant_id }) => tenant_id === tenant)
      .map(([, record]) => viewOf(record))
      .sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
  }

  /** @throws ProblemError */
  async create(principal: Principal, body: CreateKeyBody, repeatable?: Repeatable): Promise<MadeKey> {
    const tenant = this.#tenantFor(principal, body);
    const id = repeatable ? derivedUuid(tenant, 'key', repeatable.key) : newCommandId();
    const before = repeatable && this.#all((record) => record.id === id)[0]?.[1];
    if (before) return repeated(before, repeatable);
    const key = newKey();
    const record: KeyRecord = {
      ...recordFrom(body),
      id,
      tenant_id: tenant,
      prefix: prefixOf(key),
      created_at: instantAt(Date.now()),
      created_by: principal.key_id,
      ...(repeatable && { request_digest: repeatable.digest }),
    };
    await this.store(key, record);
    return { view: viewOf(record), key };
  }

  /** Stores the record of a key. @throws ProblemError when the key is stored already */
  async store(key: string, record: KeyRecord): Promise<void> {
    const revision = await this.data.keys.create(hashKey(key), record);
    if (revision === null) throw new ProblemError('already_exists', 'There is such a key already.');
    if (record.role === 'admin') await this.countAdmin(record);
  }

  /** Enters a stored admin key among those of which one always stays. */
  countAdmin({ tenant_id, id }: KeyRecord): Promise<void> {
    return this.#changeAdmins(tenant_id, (ids) => [...ids, id]);
  }

  /** Ends a key at once; ending it twice is quiet. The last live admin key of a tenant stays. @throws ProblemError */
  async revoke(tenant: TenantId, id: string): Promise<void> {
    const [found] = this.#all((record) => record.id === id && record.tenant_id === tenant);
    if (!found) throw notFound('key');
    const [hash, record] = found;
    if (record.revoked_at !== undefined) return;
    if (record.role === 'admin') await this.#changeAdmins(tenant, (ids) => this.#without(ids, record));
    await this.#mark(hash, instantAt(Date.now()));
  }

  async #mark(hash: string, revoked_at: Instant): Promise<void> {
    for (let round = 0; round < tries; round += 1) {
      const entry = this.data.keys.get(hash);
      if (!entry || entry.value.revoked_at !== undefined) return;
      const written = await this.data.keys.update(hash, { ...entry.value, revoked_at }, entry.revision);
      if (written !== null) return;
      await new Promise((resolve) => setTimeout(resolve, 20 * (round + 1)));
    }
    throw busy();
  }

  // The tenant's own record decides, by its revision: two admins who revoke each other cannot both win.
  async #changeAdmins(tenant: TenantId, change: (ids: string[]) => string[]): Promise<void> {
    for (let round = 0; round < tries; round += 1) {
      const entry = this.data.tenant(tenant);
      if (!entry) return;
      const admin_keys = change(entry.value.admin_keys);
      const written = await this.data.tenants.update(tenant, { ...entry.value, admin_keys }, entry.revision);
      if (written !== null) return;
      await new Promise((resolve) => setTimeout(resolve, 20 * (round + 1)));
    }
    throw busy();
  }

  #without(ids: string[], { id, expires_at }: KeyRecord): string[] {
    const now = new Date();
    const live = this.#all((record) => ids.includes(record.id) && record.id !== id && isLive(record, now));
    if (live.length > 0) return ids.filter((other) => other !== id);
    // A key that has expired keeps nobody in.
    if (expires_at !== undefined && expires_at <= now.toISOString()) return ids;
    throw new ProblemError(
      'last_admin_key',
      'Make another admin key first: this is the last one of the tenant.',
    );
  }

  #tenantFor(principal: Principal, { tenant_id }: CreateKeyBody): TenantId {
    const tenant = tenant_id ? parseTenantId(tenant_id) : principal.tenant_id;
    if (tenant === null || !tenant || tenant === principal.tenant_id) return principal.tenant_id;
    if (!principal.platform_admin)
      throw new ProblemError('forbidden', 'Leave tenant_id out: only a platform admin makes keys elsewhere.');
    if (this.data.tenant(tenant)) return tenant;
    throw invalidField('tenant_id', 'not_found', 'There is no such tenant.');
  }

  #all(matches: (record: KeyRecord) => boolean): [string, KeyRecord][] {
    return [...this.data.keys.entries()].flatMap(([hash, { value }]): [string, KeyRecord][] =>
      matches(value) ? [[hash, value]] : [],
    );
  }
}

const recordFrom = (body: CreateKeyBody): Pick<KeyRecord, 'name' | 'role' | 'agent_id' | 'expires_at'> => {
  if (body.expires_at && Date.parse(body.expires_at) <= Date.now())
    throw invalidField('expires_at', 'past', 'Send a time to come.');
  return {
    name: body.name,
    role: body.role ?? 'agent',
    ...(body.agent_id && { agent_id: body.agent_id }),
    ...(body.expires_at && { expires_at: instantAt(Date.parse(body.expires_at)) }),
  };
};

const repeated = (record: KeyRecord, { digest }: Repeatable): MadeKey => {
  if (record.request_digest === digest) return { view: viewOf(record) };
  throw new ProblemError(
    'idempotency_mismatch',
    'This idempotency key was used with another body: use a new key.',
  );
};
