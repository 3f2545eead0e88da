import { buckets } from '#libs/contracts';
import { Bucket, type BucketEntry } from '#libs/event-log';
import { instantAt, type TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import { agentKey, type Presence } from './agent.js';

/** As it is stored: with whose it is, which the key holds in another form. */
interface Seen extends Presence {
  tenant_id: TenantId;
  id: string;
}

/** A part of the time that presence lasts: who was written down within it is not written again. */
const fresh = 1 / 6;

const isOver = ({ present_until }: Presence, now: number): boolean => Date.parse(present_until) <= now;

const shown = ({ seen_at, present_until }: Seen): Presence => ({ seen_at, present_until });

/** When each agent was last seen. An entry that nobody renews goes by itself after a day. */
export class PresenceBook {
  readonly #writing = new Map<string, Promise<Presence>>();

  private constructor(
    private readonly seen: Bucket<Seen>,
    private readonly presenceMs: number,
  ) {}

  static async open(nats: NatsConnection, presenceMs: number): Promise<PresenceBook> {
    return new PresenceBook(await Bucket.open<Seen>(nats, buckets.presence), presenceMs);
  }

  get(tenant: TenantId, id: string): Presence | undefined {
    const held = this.seen.get(agentKey(tenant, id))?.value;
    return held && shown(held);
  }

  isPresent(tenant: TenantId, id: string): boolean {
    const held = this.seen.get(agentKey(tenant, id));
    return held !== undefined && !isOver(held.value, Date.now());
  }

  /** Writes down that the agent is there, unless that was done a moment ago. @throws LogUnavailable */
  see(tenant: TenantId, id: string): Promise<Presence> {
    const key = agentKey(tenant, id);
    const held = this.seen.get(key)?.value;
    return held && this.#isFresh(held) ? Promise.resolve(shown(held)) : this.renew(tenant, id);
  }

  /** Writes down that the agent is there, in any case. @throws LogUnavailable */
  renew(tenant: TenantId, id: string): Promise<Presence> {
    const key = agentKey(tenant, id);
    const running = this.#writing.get(key);
    if (running) return running;
    const writing = this.#write(key, { tenant_id: tenant, id }).finally(() => this.#writing.delete(key));
    this.#writing.set(key, writing);
    return writing;
  }

  /** @throws LogUnavailable */
  async forget(tenant: TenantId, id: string): Promise<void> {
    const key = agentKey(tenant, id);
    const held = this.seen.get(key);
    if (held) await this.seen.delete(key, held.revision);
  }

  /** Calls back when an agent is seen that was not present before. */
  onReturn(listener: (tenant: TenantId, id: string) => void): void {
    this.seen.onChange((_key, entry, before) => {
      if (entry && this.#returns(entry, before)) listener(entry.value.tenant_id, entry.value.id);
    });
  }

  close(): void {
    this.seen.close();
  }

  #returns({ value }: BucketEntry<Seen>, before: BucketEntry<Seen> | undefined): boolean {
    return before === undefined || isOver(before.value, Date.parse(value.seen_at));
  }

  #isFresh({ seen_at }: Presence): boolean {
    const age = Date.now() - Date.parse(seen_at);
    return age >= 0 && age < this.presenceMs * fresh;
  }

  async #write(key: string, whose: Pick<Seen, 'tenant_id' | 'id'>): Promise<Presence> {
    const now = Date.now();
    const presence = { seen_at: instantAt(now), present_until: instantAt(now + this.presenceMs) };
    await this.seen.put(key, { ...whose, ...presence });
    return presence;
  }
}
