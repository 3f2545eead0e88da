import { buckets } from '#libs/contracts';
import { Bucket } from '#libs/event-log';
import { type Instant, instantAt, type TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';

/** `from` may hand to `to`; `*` stands for any agent. */
export interface Edge {
  from: string;
  to: string;
}

export interface TenantEdges {
  /** The only edges that are allowed; null: all are. */
  edges: Edge[] | null;
  updated_at: Instant;
}

type Allowed = ReadonlyMap<string, ReadonlySet<string>>;

const compile = (edges: readonly Edge[]): Allowed => {
  const allowed = new Map<string, Set<string>>();
  for (const { from, to } of edges) allowed.set(from, (allowed.get(from) ?? new Set()).add(to));
  return allowed;
};

const reaches = (targets: ReadonlySet<string> | undefined, to: string): boolean =>
  targets !== undefined && (targets.has(to) || targets.has('*'));

/** Who may hand to whom in each tenant, held in memory: a change made anywhere is here within milliseconds. */
export class Edges {
  readonly #allowed = new Map<string, Allowed>();

  private constructor(private readonly bucket: Bucket<TenantEdges>) {
    for (const [tenant, { value }] of bucket.entries()) this.#take(tenant, value);
    bucket.onChange((tenant, entry) => this.#take(tenant, entry?.value));
  }

  /** Waits until everything is in memory; the buckets must be provisioned. */
  static async open(nats: NatsConnection): Promise<Edges> {
    return new Edges(await Bucket.open<TenantEdges>(nats, buckets.edges));
  }

  /** Whether an agent may hand to another. Without edges every one may. */
  allows(tenant: TenantId, from: string, to: string): boolean {
    const allowed = this.#allowed.get(tenant);
    return allowed === undefined || reaches(allowed.get(from), to) || reaches(allowed.get('*'), to);
  }

  /** What the tenant has set; undefined: nothing yet. */
  get(tenant: TenantId): TenantEdges | undefined {
    return this.bucket.get(tenant)?.value;
  }

  /** Replaces the tenant's edges; null allows all. @throws LogUnavailable */
  async put(tenant: TenantId, edges: Edge[] | null): Promise<TenantEdges> {
    const value = { edges, updated_at: instantAt(Date.now()) };
    await this.bucket.put(tenant, value);
    return value;
  }

  close(): void {
    this.bucket.close();
  }

  #take(tenant: string, value: TenantEdges | undefined): void {
    if (value?.edges) this.#allowed.set(tenant, compile(value.edges));
    else this.#allowed.delete(tenant);
  }
}
