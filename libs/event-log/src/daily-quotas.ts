import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { quotaSubject } from '#libs/contracts';
import { type Instant, instantAt, type TenantId } from '#libs/packet';
import type { AppendOutcome } from './appender.js';
import { KeyedQueue } from './keyed-queue.js';
import { countTaking } from './metrics.js';
import { type QuotaUse, readUse, type Toll } from './quota-message.js';
import type { StoredMessage } from './stream-reader.js';
import { LogUnavailable } from './unavailable.js';

/** The packets that a tenant may make on a day. */
export interface DailyLimit {
  tenant: TenantId;
  /** When the packet is made. */
  now: Instant;
  limit: number;
}

/** Nothing was stored: the day's packets are made. */
export interface Exhausted {
  kind: 'exhausted';
  limit: number;
  used: number;
  resets_at: Instant;
}

interface Held extends QuotaUse {
  sequence: number;
}

interface QuotaParts {
  /** The last message of a subject, as the log has it now. */
  last: (subject: string) => Promise<StoredMessage | null>;
  /** How long a taking may wait for those before it, and for other processes. */
  timeoutMs: number;
}

const mostTenants = 10_000;
const dayMs = 24 * 60 * 60 * 1_000;
/** How long other processes that have counted for a tenant are reckoned with. */
const rivalryMs = 1_000;
const longestPauseMs = 8;

const dayOf = (instant: Instant): string => instant.slice(0, 10);
const dayAfter = (day: string): string => dayOf(instantAt(Date.parse(day) + dayMs));

/** Midnight in UTC, when the day is over. */
const endOf = (day: string): Instant => instantAt(Date.parse(day) + dayMs);

/** Where to go on counting. A clock that lags goes with one that has the next day already. */
const countedOn = (held: QuotaUse, today: string): QuotaUse =>
  held.day === today || held.day === dayAfter(today) ? held : { day: today, used: 0 };

const nothing: QuotaUse = { day: '', used: 0 };

const pause = (): Promise<void> => sleep(Math.random() * longestPauseMs);

/**
 * The packets that tenants make in a day, counted on the log itself, in the batch that makes them: so none is
 * counted that is not there, and none is there that is not counted, whoever dies when. Takings of one tenant run
 * one after the other here; between processes the expected sequence decides.
 */
export class DailyQuotas {
  readonly #held = new LRUCache<TenantId, Held>({ max: mostTenants });
  /** Tenants for whom another process counts as well. */
  readonly #rivals = new LRUCache<TenantId, true>({ max: mostTenants, ttl: rivalryMs });
  readonly #queue = new KeyedQueue();

  constructor(private readonly parts: QuotaParts) {}

  /** What the tenant has used on the day of `now`; counted only while it has a limit. @throws LogUnavailable */
  async use(tenant: TenantId, now: Instant): Promise<{ used: number; resets_at: Instant }> {
    const message = await this.parts.last(quotaSubject(tenant));
    const { day, used } = countedOn(message === null ? nothing : readUse(message), dayOf(now));
    return { used, resets_at: endOf(day) };
  }

  /**
   * Writes what makes one packet, with what it takes, unless the day's are used up.
   * @throws LogUnavailable when it is not known what came of it, or others came first for too long
   */
  take(daily: DailyLimit, write: (toll: Toll) => Promise<AppendOutcome>): Promise<AppendOutcome | Exhausted> {
    const deadline = Date.now() + this.parts.timeoutMs;
    return this.#queue.run(daily.tenant, async () => {
      while (Date.now() < deadline) {
        const outcome = await this.#attempt(daily, write);
        if (outcome !== null) return outcome;
      }
      throw new LogUnavailable('Too many packets of this tenant are made at once.');
    });
  }

  /** Forgets what it has read: the server may have come back without its last moments. */
  forget(): void {
    this.#held.clear();
  }

  /** Null: another process has counted meanwhile. */
  async #attempt(
    { tenant, now, limit }: DailyLimit,
    write: (toll: Toll) => Promise<AppendOutcome>,
  ): Promise<AppendOutcome | Exhausted | null> {
    const held = await this.#current(tenant);
    const { day, used } = countedOn(held, dayOf(now));
    if (used >= limit) return this.#refuse({ limit, used, resets_at: endOf(day) });
    const outcome = await write({ tenant, day, used: used + 1, expected: held.sequence });
    if (outcome.kind !== 'appended') return this.#explain(tenant, held, outcome);
    this.#held.set(tenant, { day, used: used + 1, sequence: outcome.tolled ?? 0 });
    countTaking('taken');
    return outcome;
  }

  /** The count to go on from. Against rivals it is read anew, after a moment that lets them have their turn. */
  async #current(tenant: TenantId): Promise<Held> {
    const held = this.#held.get(tenant);
    if (held !== undefined && !this.#rivals.has(tenant)) return held;
    if (held !== undefined) await pause();
    return this.#read(tenant);
  }

  #refuse(facts: Omit<Exhausted, 'kind'>): Exhausted {
    countTaking('refused');
    return { kind: 'exhausted', ...facts };
  }

  /** Whether the packet or the quota was what had changed. */
  async #explain(tenant: TenantId, held: Held, outcome: AppendOutcome): Promise<AppendOutcome | null> {
    const { sequence } = await this.#read(tenant);
    if (outcome.kind === 'duplicate' || sequence === held.sequence) return outcome;
    this.#rivals.set(tenant, true);
    countTaking('contended');
    return null;
  }

  async #read(tenant: TenantId): Promise<Held> {
    const message = await this.parts.last(quotaSubject(tenant));
    const use = message === null ? nothing : readUse(message);
    const held = { ...use, sequence: message?.sequence ?? 0 };
    this.#held.set(tenant, held);
    return held;
  }
}
