import { setTimeout as delay } from 'node:timers/promises';
import type { Instant, TenantId } from '#libs/packet';

/** What an agent has to do and has done. */
export interface LoadFigures {
  id: string;
  open_packets: number;
  last_success_at?: Instant;
}

/** Reads the figures of a tenant's agents; it may fail while there is no database. */
export type ReadLoads = (tenant: TenantId, ids: readonly string[]) => Promise<LoadFigures[]>;

interface Known {
  figures: Map<string, LoadFigures>;
  goodUntil: number;
  reading: Promise<void> | undefined;
}

const goodForMs = 3_000;
/** At most this share of the time is spent on reading: figures that took 500 ms hold for ten seconds. */
const shareOfTime = 0.05;
/** A packet's create waits this long for the first figures; without any, all agents are alike. */
const patienceMs = 250;
const mostTenants = 1_000;

const none: ReadonlyMap<string, LoadFigures> = new Map();

/** The figures of each tenant's agents, some seconds old, with what was given to them since. */
export class KnownLoads {
  readonly #tenants = new Map<TenantId, Known>();

  constructor(private readonly read: ReadLoads | undefined) {}

  /** By agent id; without a database only what was given here. */
  async of(tenant: TenantId, ids: readonly string[]): Promise<ReadonlyMap<string, LoadFigures>> {
    if (ids.length === 0) return none;
    const known = this.#known(tenant);
    if (Date.now() < known.goodUntil) return known.figures;
    known.reading ??= this.#refresh(tenant, known, ids).finally(() => (known.reading = undefined));
    if (known.goodUntil === 0)
      await Promise.race([known.reading, delay(patienceMs, undefined, { ref: false })]);
    return known.figures;
  }

  /** Counts a packet that has just been given to an agent: the next one should see it. */
  given(tenant: TenantId, id: string): void {
    const { figures } = this.#known(tenant);
    const before = figures.get(id) ?? { id, open_packets: 0 };
    figures.set(id, { ...before, open_packets: before.open_packets + 1 });
  }

  #known(tenant: TenantId): Known {
    const held = this.#tenants.get(tenant);
    if (held) return held;
    if (this.#tenants.size >= mostTenants) this.#tenants.clear();
    const known: Known = { figures: new Map(), goodUntil: 0, reading: undefined };
    this.#tenants.set(tenant, known);
    return known;
  }

  async #refresh(tenant: TenantId, known: Known, ids: readonly string[]): Promise<void> {
    const startedAt = Date.now();
    const figures = await this.read?.(tenant, ids).catch(() => undefined);
    if (figures) known.figures = new Map(figures.map((load) => [load.id, load]));
    const now = Date.now();
    known.goodUntil = now + Math.max(goodForMs, (now - startedAt) / shareOfTime);
  }
}
