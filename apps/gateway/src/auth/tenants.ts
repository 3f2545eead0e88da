import { hash } from 'node:crypto';
import type { CreateTenantBody } from '#libs/contracts';
import { instantAt, type TenantId } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import { derivedUuid, newCommandId } from '../http/ids.js';
import type { Repeatable } from '../http/idempotency.js';
import { ProblemError } from '../http/problem-error.js';
import { ControlData } from './control-data.js';
import type { TenantRecord } from './key-records.js';

/** A tenant as it is shown. */
export type TenantView = Pick<TenantRecord, 'id' | 'name' | 'default_ttl_seconds' | 'created_at'>;

const viewOf = ({ id, name, default_ttl_seconds: ttl, created_at }: TenantRecord): TenantView => ({
  id,
  name,
  ...(ttl !== undefined && { default_ttl_seconds: ttl }),
  created_at,
});

// Names differ by more than case and spaces around them.
const nameKey = (name: string): string => `name.${hash('sha256', name.trim().toLowerCase(), 'hex')}`;

const taken = (name: string): ProblemError =>
  new ProblemError('already_exists', `Choose another name: there is a tenant "${name}".`, { field: 'name' });

/** The tenants of the rail. */
@Injectable()
export class Tenants {
  constructor(@Inject(ControlData) private readonly data: ControlData) {}

  /** Oldest first. */
  list(): TenantView[] {
    const records = [...this.data.tenants.entries()].flatMap(([, { value }]) =>
      'name' in value ? [viewOf(value)] : [],
    );
    return records.sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  }

  /** `replayed`: the same request had made it before. @throws ProblemError when the name is taken */
  async create(
    { name, default_ttl_seconds: ttl }: CreateTenantBody,
    repeatable?: Repeatable,
  ): Promise<{ tenant: TenantView; replayed: boolean }> {
    const id = `t-${repeatable ? derivedUuid('tenant', repeatable.key) : newCommandId()}` as TenantId;
    const created_at = instantAt(Date.now());
    const digest = repeatable && { request_digest: repeatable.digest };
    const terms = ttl ? { default_ttl_seconds: ttl } : {};
    const made = await this.store({ id, name, ...terms, created_at, admin_keys: [], ...digest });
    if (made) return { tenant: viewOf(made), replayed: made.created_at !== created_at };
    throw taken(name);
  }

  /**
   * Stores a tenant under its name and id. Returns the one that is there then, or null when the name is
   * another tenant's.
   */
  async store(record: TenantRecord): Promise<TenantRecord | null> {
    const key = nameKey(record.name);
    const reserved = await this.data.tenants.create(key, { tenant_id: record.id });
    if (reserved === null && !(await this.#isOurs(key, record.id))) return null;
    if ((await this.data.tenants.create(record.id, record)) !== null) return record;
    return this.#same(record);
  }

  // Another gateway may have written it a moment ago: the watch brings it soon.
  async #isOurs(key: string, id: TenantId): Promise<boolean> {
    const entry = await this.#soon(() => this.data.tenants.get(key));
    return entry !== undefined && 'tenant_id' in entry.value && entry.value.tenant_id === id;
  }

  async #same(record: TenantRecord): Promise<TenantRecord> {
    const known = (await this.#soon(() => this.data.tenant(record.id)))?.value ?? record;
    if (known.request_digest === record.request_digest) return known;
    throw new ProblemError(
      'idempotency_mismatch',
      'This idempotency key was used with another body: use a new key.',
    );
  }

  async #soon<T>(look: () => T | undefined): Promise<T | undefined> {
    for (let round = 0; round < 50 && look() === undefined; round += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return look();
  }
}
