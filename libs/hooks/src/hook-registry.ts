import { setTimeout as delay } from 'node:timers/promises';
import { buckets } from '#libs/contracts';
import { Bucket, type BucketEntry, checkRoom, LogUnavailable } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import { type Endpoint, isActive, isDeleted } from './endpoint.js';

const tries = 5;

const keyOf = (tenant: TenantId, id: string): string => `${tenant}.${id}`;

const placeOf = ({ created_at, id }: Endpoint): string => `${created_at} ${id}`;

/** Told after a change is in memory; `endpoint` is undefined when it is gone, `before` when it is new. */
export type HookListener = (endpoint: Endpoint | undefined, before: Endpoint | undefined) => void;

export interface HookRegistryOptions {
  /** How many webhooks a tenant may have that are not deleted; null: as many as it likes. */
  limitOf: (tenant: TenantId) => number | null;
}

const unlimited: HookRegistryOptions = { limitOf: () => null };

/** The webhook endpoints of all tenants, held in memory: reading costs nothing. */
export class HookRegistry {
  readonly #tenants = new Map<TenantId, Map<string, Endpoint>>();
  readonly #listeners = new Set<HookListener>();

  private constructor(
    private readonly records: Bucket<Endpoint>,
    private readonly options: HookRegistryOptions,
  ) {
    for (const [, { value }] of records.entries()) this.#take(value, undefined);
    records.onChange((_key, entry, before) => {
      this.#take(entry?.value, before?.value);
      for (const listener of this.#listeners) listener(entry?.value, before?.value);
    });
  }

  /** Waits until everything is in memory; the bucket must be provisioned. */
  static async open(nats: NatsConnection, options = unlimited): Promise<HookRegistry> {
    return new HookRegistry(await Bucket.open<Endpoint>(nats, buckets.hooks), options);
  }

  /** The endpoint, be it active, disabled or deleted. */
  get(tenant: TenantId, id: string): Endpoint | undefined {
    return this.#tenants.get(tenant)?.get(id);
  }

  /** All endpoints of the tenant in the order they were made in. */
  list(tenant: TenantId): Endpoint[] {
    const endpoints = [...(this.#tenants.get(tenant)?.values() ?? [])];
    return endpoints.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  }

  /** The endpoints that get events. */
  active(tenant: TenantId): Endpoint[] {
    return [...(this.#tenants.get(tenant)?.values() ?? [])].filter(isActive);
  }

  /** How many the tenant has; the deleted do not count. */
  count(tenant: TenantId): number {
    return [...(this.#tenants.get(tenant)?.values() ?? [])].filter((one) => !isDeleted(one)).length;
  }

  *all(): IterableIterator<Endpoint> {
    for (const endpoints of this.#tenants.values()) yield* endpoints.values();
  }

  /** Stores a new endpoint. False: there is one of this id. @throws LimitReached, LogUnavailable */
  async create(endpoint: Endpoint): Promise<boolean> {
    return (await this.#add(endpoint)) !== null;
  }

  /**
   * Replaces an endpoint by what `change` makes of it, which is called again when somebody else was faster; what
   * it returns unchanged is not written. Null when there is no such endpoint.
   * @throws LimitReached for a deleted one that would come back; LogUnavailable
   */
  async change(
    tenant: TenantId,
    id: string,
    change: (endpoint: Endpoint) => Endpoint,
  ): Promise<Endpoint | null> {
    const key = keyOf(tenant, id);
    for (let round = 0; round < tries; round += 1) {
      const held = this.records.get(key);
      if (held === undefined) return null;
      const next = change(held.value);
      if (next === held.value) return next;
      if ((await this.#replace(held, next)) !== null) return next;
      // The watch brings what another process has written.
      await delay(10 * (round + 1) * (1 + Math.random()));
    }
    throw new LogUnavailable('Many changes to this webhook at once. Send the request again.');
  }

  /** Removes the record of an endpoint. @throws LogUnavailable */
  async forget({ tenant_id, id }: Endpoint): Promise<void> {
    const key = keyOf(tenant_id, id);
    const held = this.records.get(key);
    if (held) await this.records.delete(key, held.revision);
  }

  /** Waits until all that was stored before this call, by whomever, is in memory. @throws LogUnavailable */
  caughtUp(): Promise<void> {
    return this.records.caughtUp();
  }

  /** Calls back after each change from now on; the returned function ends that. */
  onChange(listener: HookListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
    this.records.close();
  }

  #replace({ value, revision }: BucketEntry<Endpoint>, next: Endpoint): Promise<number | null> {
    if (isDeleted(value) && !isDeleted(next)) return this.#add(next, revision);
    return this.records.update(keyOf(next.tenant_id, next.id), next, revision);
  }

  /** Stores what is counted from then on. */
  async #add(endpoint: Endpoint, revision?: number): Promise<number | null> {
    const { tenant_id, id } = endpoint;
    const key = keyOf(tenant_id, id);
    const limit = this.options.limitOf(tenant_id);
    if (limit === null)
      return revision === undefined
        ? this.records.create(key, endpoint)
        : this.records.update(key, endpoint, revision);
    const stored = await this.records.writeGuarded(tenant_id, () => {
      if (this.records.get(key)?.revision !== revision) return null;
      checkRoom('webhooks', limit, this.count(tenant_id));
      return { key, value: endpoint, ...(revision !== undefined && { revision }) };
    });
    return stored?.revision ?? null;
  }

  #take(endpoint: Endpoint | undefined, before: Endpoint | undefined): void {
    const { tenant_id, id } = endpoint ?? before ?? {};
    if (tenant_id === undefined || id === undefined) return;
    const endpoints = this.#tenants.get(tenant_id) ?? new Map<string, Endpoint>();
    if (endpoint) this.#tenants.set(tenant_id, endpoints.set(id, endpoint));
    else endpoints.delete(id);
    if (endpoints.size === 0) this.#tenants.delete(tenant_id);
  }
}
