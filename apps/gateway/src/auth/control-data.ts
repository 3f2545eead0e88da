import { buckets } from '#libs/contracts';
import { Bucket } from '#libs/event-log';
import type { NatsConnection } from '@nats-io/nats-core';
import type { KeyRecord, NameRecord, TenantRecord } from './key-records.js';

/** Keys and tenants, held in memory and followed: reading them costs nothing. */
export class ControlData {
  constructor(
    readonly keys: Bucket<KeyRecord>,
    readonly tenants: Bucket<TenantRecord | NameRecord>,
  ) {}

  /** Waits until everything is in memory; the streams must be provisioned. */
  static async open(nats: NatsConnection): Promise<ControlData> {
    const [keys, tenants] = await Promise.all([
      Bucket.open<KeyRecord>(nats, buckets.keys),
      Bucket.open<TenantRecord | NameRecord>(nats, buckets.tenants),
    ]);
    return new ControlData(keys, tenants);
  }

  tenant(id: string): { value: TenantRecord; revision: number } | undefined {
    const entry = this.tenants.get(id);
    return entry && 'name' in entry.value ? { value: entry.value, revision: entry.revision } : undefined;
  }

  /** The tenant, unless it was deleted. */
  livingTenant(id: string): { value: TenantRecord; revision: number } | undefined {
    const entry = this.tenant(id);
    return entry?.value.deleted_at === undefined ? entry : undefined;
  }

  /** The keys that match, under their digests. */
  findKeys(matches: (record: KeyRecord) => boolean): [hash: string, record: KeyRecord][] {
    return [...this.keys.entries()].flatMap(([hash, { value }]): [string, KeyRecord][] =>
      matches(value) ? [[hash, value]] : [],
    );
  }

  close(): void {
    this.keys.close();
    this.tenants.close();
  }
}
