import { buckets, type Limits } from '#libs/contracts';
import { Bucket, type BucketEntry } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import { limitsFor, type NameRecord, type TenantRecord } from './tenant.js';

const isTenant = (entry: BucketEntry<TenantRecord | NameRecord>): entry is BucketEntry<TenantRecord> =>
  'name' in entry.value;

const endOf = (entry: BucketEntry<TenantRecord | NameRecord> | undefined): TenantRecord | undefined =>
  entry && isTenant(entry) && entry.value.deleted_at !== undefined ? entry.value : undefined;

/** The tenants of the rail, held in memory: reading costs nothing, and the end of one is here in milliseconds. */
export class TenantRegistry {
  private constructor(readonly records: Bucket<TenantRecord | NameRecord>) {}

  /** Waits until everything is in memory; the bucket must be provisioned. */
  static async open(nats: NatsConnection): Promise<TenantRegistry> {
    return new TenantRegistry(await Bucket.open<TenantRecord | NameRecord>(nats, buckets.tenants));
  }

  /** The tenant's record, deleted or not, with the revision that a change must name. */
  entry(id: string): BucketEntry<TenantRecord> | undefined {
    const entry = this.records.get(id);
    return entry && isTenant(entry) ? entry : undefined;
  }

  /** Whether it was deleted. One that is not known (yet) was not. */
  isEnded(id: string): boolean {
    return this.entry(id)?.value.deleted_at !== undefined;
  }

  /** What its tier and its overrides come to; null: no limit. */
  limits(id: string): Limits {
    return limitsFor(this.entry(id)?.value);
  }

  /** The tenants that were deleted, in no order. */
  ended(): TenantId[] {
    return [...this.records.entries()].flatMap(([, entry]) => endOf(entry)?.id ?? []);
  }

  /** Calls back when a tenant is deleted, from now on; the returned function ends that. */
  onEnd(listener: (id: TenantId) => void): () => void {
    return this.records.onChange((_key, entry, before) => {
      const ended = endOf(entry);
      if (ended && !endOf(before)) listener(ended.id);
    });
  }

  close(): void {
    this.records.close();
  }
}
