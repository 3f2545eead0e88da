import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { quotaSubject } from '#libs/contracts';
import { type Instant, instantAt, type TenantId } from '#libs/packet';
import { type QuotaUse, readUse } from './quota-message.js';
import type { StoredMessage } from './stream-reader.js';

/** A count, and the sequence of the message that tells it; 0: there is none. */
export interface Counted extends QuotaUse {
  sequence: number;
}

const mostTenants = 10_000;
const dayMs = 24 * 60 * 60 * 1_000;
/** How long other processes that have counted for a tenant are reckoned with. */
const rivalryMs = 1_000;
const longestPauseMs = 8;

/** The UTC day of an instant, `yyyy-mm-dd`. */
export const dayOf = (instant: Instant): string => instant.slice(0, 10);

const dayAfter = (day: string): string => dayOf(endOf(day));

/** Midnight in UTC, when the day is over. */
export const endOf = (day: string): Instant => instantAt(Date.parse(day) + dayMs);

/** Where to go on counting. A clock that lags goes with one that has the next day already. */
export const countedOn = (last: QuotaUse, today: string): QuotaUse =>
  last.day === today || last.day === dayAfter(today) ? last : { day: today, used: 0 };

/** What tenants have used, as this process knows it: an append at its sequence tells whether that is the latest. */
export class QuotaCounts {
  readonly #known = new LRUCache<TenantId, Counted>({ max: mostTenants });
  /** Tenants for whom another process counts as well. */
  readonly #rivals = new LRUCache<TenantId, true>({ max: mostTenants, ttl: rivalryMs });

  /** @param last the last message of a subject, as the log has it now */
  constructor(private readonly last: (subject: string) => Promise<StoredMessage | null>) {}

  /** The count to go on from. Against rivals it is read anew, after a moment that lets them have their turn. */
  async current(tenant: TenantId): Promise<Counted> {
    const known = this.#known.get(tenant);
    if (known !== undefined && !this.#rivals.has(tenant)) return known;
    if (known !== undefined) await sleep(Math.random() * longestPauseMs);
    return this.read(tenant);
  }

  /** The count as the log has it. @throws LogUnavailable */
  async read(tenant: TenantId): Promise<Counted> {
    const message = await this.last(quotaSubject(tenant));
    const use = message === null ? { day: '', used: 0 } : readUse(message);
    const counted = { ...use, sequence: message?.sequence ?? 0 };
    this.#known.set(tenant, counted);
    return counted;
  }

  note(tenant: TenantId, counted: Counted): void {
    this.#known.set(tenant, counted);
  }

  noteRival(tenant: TenantId): void {
    this.#rivals.set(tenant, true);
  }

  forget(): void {
    this.#known.clear();
  }
}
