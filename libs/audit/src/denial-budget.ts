import type { TenantId } from '#libs/packet';
import { LRUCache } from 'lru-cache';

/** So many at once, and so many a minute in the long run. */
export interface Allowance {
  burst: number;
  perMinute: number;
}

export interface DenialLimits {
  /** Each for one process. */
  all: Allowance;
  tenant: Allowance;
  key: Allowance;
}

/** A process that is under attack all day writes some 86,000 entries, of about half a kibibyte. */
const defaults: DenialLimits = {
  all: { burst: 300, perMinute: 60 },
  tenant: { burst: 60, perMinute: 20 },
  key: { burst: 20, perMinute: 10 },
};

const remembered = 10_000;
const minuteMs = 60_000;

/** A token bucket; times are epoch milliseconds. */
class Bucket {
  #tokens: number;
  #at: number;

  constructor(
    private readonly allowance: Allowance,
    now: number,
  ) {
    this.#tokens = allowance.burst;
    this.#at = now;
  }

  has(now: number): boolean {
    const { burst, perMinute } = this.allowance;
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#at) * perMinute) / minuteMs);
    this.#at = now;
    return this.#tokens >= 1;
  }

  spend(): void {
    this.#tokens -= 1;
  }
}

/** Decides which denials are kept, so that whoever is refused as fast as the line allows fills no disk. */
export class DenialBudget {
  readonly #all: Bucket;
  readonly #tenants = new LRUCache<string, Bucket>({ max: remembered });
  readonly #keys = new LRUCache<string, Bucket>({ max: remembered });
  readonly #dropped = new LRUCache<string, number>({ max: remembered });

  constructor(
    private readonly limits: DenialLimits = defaults,
    now = Date.now(),
  ) {
    this.#all = new Bucket(limits.all, now);
  }

  /** Null: this one is not kept. Otherwise how many of its tenant were not since the last that was. */
  take(tenant: TenantId, key: string, now: number): number | null {
    const buckets = [
      this.#all,
      this.#of(this.#tenants, tenant, now),
      this.#of(this.#keys, `${tenant} ${key}`, now),
    ];
    const dropped = this.#dropped.get(tenant) ?? 0;
    if (!buckets.every((bucket) => bucket.has(now))) {
      this.#dropped.set(tenant, dropped + 1);
      return null;
    }
    for (const bucket of buckets) bucket.spend();
    this.#dropped.delete(tenant);
    return dropped;
  }

  #of(held: LRUCache<string, Bucket>, name: string, now: number): Bucket {
    const known = held.get(name);
    if (known !== undefined) return known;
    const made = new Bucket(held === this.#keys ? this.limits.key : this.limits.tenant, now);
    held.set(name, made);
    return made;
  }
}
