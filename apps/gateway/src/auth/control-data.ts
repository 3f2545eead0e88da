import { buckets, type Limits } from '#libs/contracts';
import { Bucket, type BucketEntry } from '#libs/event-log';
import { type NameRecord, type TenantRecord, TenantRegistry } from '#libs/tenants';
import type { NatsConnection } from '@nats-io/nats-core';
import type { KeyRecord } from './key-records.js';

/** Keys and tenants, held in memory and followed: reading them costs nothing. */
export class ControlData {
  private constructor(
    readonly keys: Bucket<KeyRecord>,
    private readonly registry: TenantRegistry,
    private readonly isOwner: boolean,
  ) {}

  /** Waits until everything is in memory; the streams must be provisioned. With a registry of its own unless given one. */
  static async open(nats: NatsConnection, shared?: TenantRegistry): Promise<ControlData> {
    const [keys, registry] = await Promise.all([
      Bucket.open<KeyRecord>(nats, buckets.keys),
      shared ?? TenantRegistry.open(nats),
    ]);
    return new ControlData(keys, registry, shared === undefined);
  }

  get tenants(): Bucket<TenantRecord | NameRecord> {
    return this.registry.records;
  }

  tenant(id: string): BucketEntry<TenantRecord> | undefined {
    return this.registry.entry(id);
  }

  /** The tenant, unless it was deleted. */
  livingTenant(id: string): BucketEntry<TenantRecord> | undefined {
    const entry = this.tenant(id);
    return entry?.value.deleted_at === undefined ? entry : undefined;
  }

  /** What holds for a tenant; null: no limit. */
  limits(tenant: string): Limits {
    return this.registry.limits(tenant);
  }

  /** The keys that match, under their digests. */
  findKeys(matches: (record: KeyRecord) => boolean): [hash: string, record: KeyRecord][] {
    return [...this.keys.entries()].flatMap(([hash, { value }]): [string, KeyRecord][] =>
      matches(value) ? [[hash, value]] : [],
    );
  }

  close(): void {
    this.keys.close();
    if (this.isOwner) this.registry.close();
  }
}
