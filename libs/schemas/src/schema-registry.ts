import { buckets } from '#libs/contracts';
import { Records } from '#libs/event-log';
import type { Instant, JsonObject, TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';

/** A registered schema. It is never changed: another text is another version. */
export interface StoredSchema {
  tenant_id: TenantId;
  /** Derived from tenant, name and version, so that there is one of each. */
  id: string;
  name: string;
  version: number;
  json_schema: JsonObject;
  created_at: Instant;
  /** Id of the key that registered it. */
  created_by: string;
  /** The request that registered it, when it may come again. */
  request?: { id: string; digest: string };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const keyOf = (tenant: TenantId, id: string): string => `${tenant}.${id}`;

const isOlder = (a: StoredSchema, b: StoredSchema): number => {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.version - b.version;
};

/**
 * The schemas of all tenants. They are large and few are asked for, so none is held in memory: each is read
 * where it is kept, and whoever reads sees what was written before. Every call @throws LogUnavailable
 */
export class SchemaRegistry {
  private constructor(private readonly records: Records<StoredSchema>) {}

  /** The bucket must be provisioned. */
  static async open(nats: NatsConnection): Promise<SchemaRegistry> {
    return new SchemaRegistry(await Records.open<StoredSchema>(nats, buckets.schemas));
  }

  /** The schema; undefined when there is none of this id, which may be any text. */
  async get(tenant: TenantId, id: string): Promise<StoredSchema | undefined> {
    return uuid.test(id) ? (await this.records.get(keyOf(tenant, id)))?.value : undefined;
  }

  /** All schemas of the tenant by name, each name's versions in order. */
  async list(tenant: TenantId): Promise<StoredSchema[]> {
    return (await this.records.list(`${tenant}.*`)).sort(isOlder);
  }

  /**
   * Stores the schema that `choose` makes of those that the tenant has; it is asked again if another came between,
   * so that it has seen them all. Null from it: nothing is stored.
   */
  add(
    tenant: TenantId,
    choose: (known: readonly StoredSchema[]) => StoredSchema | null,
  ): Promise<StoredSchema | null> {
    return this.records.writeGuarded(tenant, async () => {
      const schema = choose(await this.list(tenant));
      return schema && { key: keyOf(tenant, schema.id), value: schema };
    });
  }

  /** Removes a schema. False: there is none. */
  async delete(tenant: TenantId, id: string): Promise<boolean> {
    const held = await this.records.get(keyOf(tenant, id));
    return held !== undefined && this.records.delete(keyOf(tenant, id), held.revision);
  }
}
