import { setTimeout as delay } from 'node:timers/promises';
import { buckets } from '#libs/contracts';
import { Bucket, LogUnavailable } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import { type Endpoint, isActive } from './endpoint.js';

const tries = 5;

const keyOf = (tenant: TenantId, id: string): string => `${tenant}.${id}`;

const placeOf = ({ created_at, id }: Endpoint): string => `${created_at} ${id}`;

/** Told after a change is in memory; `endpoint` is undefined when it is gone, `before` when it is new. */
export type HookListener = (endpoint: Endpoint | undefined, before: Endpoint | undefined) => void;

/** The webhook endpoints of all tenants, held in memory: reading costs nothing. */
export class HookRegistry {
  readonly #tenants = new Map<TenantId, Map<string, Endpoint>>();
  readonly #listeners = new Set<HookListener>();

  private constructor(private readonly records: Bucket<Endpoint>) {
    for (const [, { value }] of records.entries()) this.#take(value, undefined);
    records.onChange((_key, entry, before) => {
      this.#take(entry?.value, before?.value);
      for (const listener of this.#listeners) listener(entry?.value, before?.value);
    });
  }

  /** Waits until everything is in memory; the bucket must be provisioned. */
  static async open(nats: NatsConnection): Promise<HookRegistry> {
    return new HookRegistry(await Bucket.open<Endpoint>(nats, buckets.hooks));
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

  *all(): IterableIterator<Endpoint> {
    for (const endpoints of this.#tenants.values()) yield* endpoints.values();
  }

  /** Stores a new endpoint. False: there is one of this id. @throws LogUnavailable */
  async create(endpoint: Endpoint): Promise<boolean> {
    return (await this.records.create(keyOf(endpoint.tenant_id, endpoint.id), endpoint)) !== null;
  }

  /**
   * Replaces an endpoint by what `change` makes of it, which is called again when somebody else was faster; what
   * it returns unchanged is not written. Null when there is no such endpoint. @throws LogUnavailable
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
      if ((await this.records.update(key, next, held.revision)) !== null) return next;
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

  #take(endpoint: Endpoint | undefined, before: Endpoint | undefined): void {
    const { tenant_id, id } = endpoint ?? before ?? {};
    if (tenant_id === undefined || id === undefined) return;
    const endpoints = this.#tenants.get(tenant_id) ?? new Map<string, Endpoint>();
    if (endpoint) this.#tenants.set(tenant_id, endpoints.set(id, endpoint));
    else endpoints.delete(id);
    if (endpoints.size === 0) this.#tenants.delete(tenant_id);
  }
}
