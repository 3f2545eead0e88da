import { auditSubject, deniedSubject } from '#libs/contracts';
import { LogUnavailable, Mailbox, writeHeaders } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import { LRUCache } from 'lru-cache';
import { DenialBudget } from './denial-budget.js';
import type { AuditAttempt, AuditDenial, AuditEnding, AuditMessage } from './message.js';
import { countDropped, countMessage } from './metrics.js';

const timeoutMs = 3_000;
const rememberedTenants = 10_000;
/** 90 days: longer than that nobody who was refused is of interest, and the stream stays bounded. */
const denialTtl = '2160h';

const subjectOf = ({ kind, tenant_id, action }: AuditMessage): string =>
  kind === 'denial' ? deniedSubject(tenant_id, action) : auditSubject(tenant_id, action);

const headersOf = ({ id, kind }: AuditMessage) =>
  writeHeaders([
    ['Nats-Msg-Id', `${id}.${kind}`],
    ['Nats-TTL', kind === 'denial' ? denialTtl : undefined],
  ]);

/** Writes the audit: changes for certain, refused attempts as far as there is room for them. */
export class AuditTrail {
  readonly #mailbox: Mailbox;
  /** Sequence of the last message of each tenant from here. */
  readonly #written = new LRUCache<TenantId, number>({ max: rememberedTenants });
  #denying: Promise<unknown> = Promise.resolve();

  constructor(
    nats: NatsConnection,
    private readonly budget = new DenialBudget(),
  ) {
    this.#mailbox = new Mailbox(nats, timeoutMs, () => undefined);
  }

  /** Stores that a change is about to be made; when this fails it must not be. @throws LogUnavailable */
  begin(attempt: AuditAttempt): Promise<void> {
    return this.#store(attempt);
  }

  /** Stores how it ended. When that is not possible the attempt stays as one of which nobody knows. */
  async end(ending: AuditEnding): Promise<void> {
    await this.#store(ending).catch(() => undefined);
  }

  /**
   * Keeps a refused attempt, if there is room for one more of its tenant and key now; only then it is asked for.
   * Nobody waits for it.
   */
  deny({ tenant, key }: { tenant: TenantId; key: string }, denial: () => AuditDenial): void {
    const dropped = this.budget.take(tenant, key, Date.now());
    if (dropped === null) return countDropped();
    const storing = this.#store({ ...denial(), ...(dropped > 0 && { dropped }) }).catch(countDropped);
    this.#denying = Promise.all([this.#denying, storing]);
  }

  /** The place up to which a tenant's audit was written from here, refused attempts of before included; 0: none. */
  async writtenIn(tenant: TenantId): Promise<number> {
    await this.#denying;
    return this.#written.get(tenant) ?? 0;
  }

  close(): void {
    this.#mailbox.close();
  }

  async #store(message: AuditMessage): Promise<void> {
    const payload = JSON.stringify(message);
    const answer = await this.#mailbox.ask({
      subject: subjectOf(message),
      payload,
      headers: headersOf(message),
    });
    const { seq, error } = answer.json<{ seq?: number; error?: { description: string } }>();
    if (error !== undefined || seq === undefined)
      throw new LogUnavailable(error?.description ?? 'The audit does not answer.');
    countMessage(message.kind);
    this.#remember(message.tenant_id, seq);
    if ('concerns' in message) this.#remember(message.concerns, seq);
  }

  #remember(tenant: TenantId | undefined, seq: number): void {
    if (tenant !== undefined && seq > (this.#written.get(tenant) ?? 0)) this.#written.set(tenant, seq);
  }
}
