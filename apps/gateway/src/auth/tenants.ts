import { type ChangeTenantBody, type CreateTenantBody, limitsOf } from '#libs/contracts';
import { instantAt, type TenantId } from '#libs/packet';
import type { TenantRecord } from '#libs/tenants';
import { Inject, Injectable } from '@nestjs/common';
import type { Repeatable } from '../http/idempotency.js';
import { derivedUuid, newCommandId } from '../http/ids.js';
import { notFound, ProblemError } from '../http/problem-error.js';
import { given } from '../packets/simple-commands.js';
import { untilWritten } from './admin-keys.js';
import { ControlData } from './control-data.js';
import { TenantNames } from './tenant-names.js';

/** A tenant as it is shown. */
export const tenantDocument = (record: TenantRecord) => {
  const { id, name, tier = 'unlimited', overrides = {}, created_at } = record;
  const limits = limitsOf(tier, overrides);
  return { id, name, tier, overrides, limits, ...given(record, 'default_ttl_seconds'), created_at };
};

const taken = (name: string): ProblemError =>
  new ProblemError('already_exists', `Choose another name: there is a tenant "${name}".`, { field: 'name' });

const clearable = ['overrides', 'default_ttl_seconds'] as const;

/** The record with what the body names; `value` is the body as it came, for the nulls in it. */
const changed = (record: TenantRecord, body: ChangeTenantBody, value: unknown): TenantRecord => {
  const next = { ...record, ...given(body, 'name', 'tier', 'overrides', 'default_ttl_seconds') };
  for (const field of clearable) if ((value as Record<string, unknown>)[field] === null) delete next[field];
  return next;
};

/** The tenants of the rail. */
@Injectable()
export class Tenants {
  readonly #names: TenantNames;

  constructor(@Inject(ControlData) private readonly data: ControlData) {
    this.#names = new TenantNames(data);
  }

  /** The living, in no order. */
  living(): TenantRecord[] {
    return [...this.data.tenants.entries()].flatMap(([, { value }]) =>
      'name' in value && value.deleted_at === undefined ? [value] : [],
    );
  }

  /** @throws ProblemError when there is none, or it was deleted */
  find(id: string): TenantRecord {
    const entry = this.data.livingTenant(id);
    if (entry) return entry.value;
    throw notFound('tenant');
  }

  /** `replayed`: the same request had made it before. @throws ProblemError when the name is taken */
  async create(
    body: CreateTenantBody,
    repeatable?: Repeatable,
  ): Promise<{ tenant: TenantRecord; replayed: boolean }> {
    const id = `t-${repeatable ? derivedUuid('tenant', repeatable.key) : newCommandId()}` as TenantId;
    const created_at = instantAt(Date.now());
    const digest = repeatable && { request_digest: repeatable.digest };
    const terms = { tier: body.tier ?? 'free', ...given(body, 'overrides', 'default_ttl_seconds') };
    const made = await this.store({ id, name: body.name, ...terms, created_at, admin_keys: [], ...digest });
    if (made) return { tenant: made, replayed: made.created_at !== created_at };
    throw taken(body.name);
  }

  /**
   * Stores a tenant under its name and id. Returns the one that is there then, or null when the name is
   * another tenant's.
   */
  async store(record: TenantRecord): Promise<TenantRecord | null> {
    if (!(await this.#names.take(record.name, record.id))) return null;
    if ((await this.data.tenants.create(record.id, record)) !== null) return record;
    return this.#same(record);
  }

  /** @throws ProblemError */
  async change(id: string, body: ChangeTenantBody, value: unknown): Promise<TenantRecord> {
    const { name: before } = this.find(id);
    const name = body.name ?? before;
    if (!(await this.#names.take(name, id as TenantId))) throw taken(name);
    const written = await untilWritten(async () => {
      const entry = this.data.livingTenant(id);
      if (!entry) throw notFound('tenant');
      const next = changed(entry.value, body, value);
      const revision = await this.data.tenants.update(id, next, entry.revision);
      return revision === null ? null : { next, before: entry.value };
    });
    await this.#names.leave(written.before.name, written.next);
    return written.next;
  }

  /** Ends a tenant: from then on its keys are refused. Deleting it twice is quiet. @throws ProblemError */
  async delete(id: string): Promise<void> {
    const deleted_at = instantAt(Date.now());
    const deleted = await untilWritten(async () => {
      const entry = this.data.tenant(id);
      if (!entry) throw notFound('tenant');
      if (entry.value.deleted_at !== undefined) return entry.value;
      const next = { ...entry.value, deleted_at };
      return (await this.data.tenants.update(id, next, entry.revision)) === null ? null : next;
    });
    await this.#names.leave(deleted.name, deleted);
  }

  // Another gateway may have written it a moment ago: the watch brings it soon.
  async #same(record: TenantRecord): Promise<TenantRecord> {
    await this.data.tenants.caughtUp();
    const known = this.data.tenant(record.id)?.value ?? record;
    if (known.request_digest === record.request_digest) return known;
    throw new ProblemError(
      'idempotency_mismatch',
      'This idempotency key was used with another body: use a new key.',
    );
  }
}
