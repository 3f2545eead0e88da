import { rateSubject, type RateWindowName, streams, type Tier } from '#libs/contracts';
import { Counters } from '#libs/event-log';
import type { Principal, TenantId } from '#libs/packet';
import type { Runtime } from '#libs/service-kit';
import type { ControlData } from '../auth/control-data.js';
import { countRefused } from './metrics.js';
import { type RateWindow, RateWindows } from './rate-window.js';
import { SharedCounts } from './shared-counts.js';

/** How a caller stands in one window. */
export interface Standing {
  window: RateWindowName;
  /** How long the window is. */
  seconds: number;
  limit: number;
  /** This request included, unless it is refused; never more than the limit. */
  used: number;
  /** Epoch milliseconds. */
  resetsAt: number;
}

/** What became of a request at the limits of its tenant. */
export interface Rated {
  tier: Tier;
  /** Of each limit that there is; none when the tenant has none. */
  standings: readonly Standing[];
  /** The limit that it is refused by. */
  refusedBy?: Standing;
}

interface Gate {
  window: RateWindow;
  id: string;
  limit: number;
}

/** A count waits for its server no longer. */
const timeoutMs = 1_000;

const standingOf = ({ window, id, limit }: Gate, used = window.used(id)): Standing => ({
  window: window.name,
  seconds: window.seconds,
  limit,
  used: Math.min(used, limit),
  resetsAt: window.resetsAt,
});

const refusal = (tier: Tier, gates: readonly Gate[], full: Gate): Rated => {
  countRefused(full.window.name);
  return { tier, standings: gates.map((gate) => standingOf(gate)), refusedBy: standingOf(full) };
};

/** Counts requests against the limits of their tenant, exactly, over all gateways. */
export class RequestRates {
  readonly #minutes: RateWindows;
  readonly #hours: RateWindows;

  constructor(
    private readonly control: Pick<ControlData, 'tenant' | 'limits'>,
    private readonly counters: Counters,
    shared: Pick<SharedCounts, 'add'>,
  ) {
    this.#minutes = new RateWindows('minute', shared);
    this.#hours = new RateWindows('hour', shared);
  }

  static open({ nats, logger }: Pick<Runtime, 'nats' | 'logger'>, control: ControlData): RequestRates {
    const counters = new Counters(nats, timeoutMs);
    return new RequestRates(control, counters, new SharedCounts(counters, logger));
  }

  /**
   * Counts a request of this caller, unless it is one too many. What needs no question to the server, because there
   * is no limit or it is known to be reached, is told at once.
   */
  take({ tenant_id, key_id }: Pick<Principal, 'tenant_id' | 'key_id'>): Rated | Promise<Rated> {
    const tier = this.control.tenant(tenant_id)?.value.tier ?? 'unlimited';
    const gates = this.#gates(tenant_id, key_id);
    if (gates.length === 0) return { tier, standings: [] };
    const full = gates.find(({ window, id, limit }) => window.used(id) >= limit);
    return full ? refusal(tier, gates, full) : this.#count(tier, gates);
  }

  /** How many requests all keys of a tenant have made in this hour. @throws LogUnavailable */
  usedThisHour(tenant: TenantId): Promise<number> {
    const { index } = this.#hours.at(Date.now());
    return this.counters.read(streams.rateHours, rateSubject('hour', tenant, index));
  }

  close(): void {
    this.counters.close();
  }

  #gates(tenant: TenantId, key: string): Gate[] {
    const { requests_per_minute: perMinute, requests_per_hour: perHour } = this.control.limits(tenant);
    if (perMinute === null && perHour === null) return [];
    const now = Date.now();
    const minute = { window: this.#minutes.at(now), id: `${tenant}.${key}`, limit: perMinute ?? Infinity };
    const hour = { window: this.#hours.at(now), id: tenant, limit: perHour ?? Infinity };
    return [minute, hour].filter(({ limit }) => limit !== Infinity);
  }

  // One after the other: what the minute refuses must not take anything of the hour. What the hour refuses has
  // taken from the minute, where nobody misses it: when the hour is over the minute is, too.
  async #count(tier: Tier, gates: readonly Gate[]): Promise<Rated> {
    const standings: Standing[] = [];
    for (const gate of gates) {
      const used = await gate.window.count(gate.id);
      if (used > gate.limit) return refusal(tier, gates, gate);
      standings.push(standingOf(gate, used));
    }
    return { tier, standings };
  }
}
