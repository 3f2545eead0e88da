import type { CreateKeyBody } from '#libs/contracts';
import { checkRoom, KeyedQueue, LimitReached } from '#libs/event-log';
import { type Instant, instantAt, parseTenantId, type Principal, type TenantId } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import { checkAgentId } from '../agents/agent-id.js';
import type { Repeatable } from '../http/idempotency.js';
import { derivedUuid, newCommandId } from '../http/ids.js';
import { invalidField, notFound, ProblemError } from '../http/problem-error.js';
import { given } from '../packets/simple-commands.js';
import { countAdmin, forgetAdmin, releaseAdmin, untilWritten } from './admin-keys.js';
import { ControlData } from './control-data.js';
import { countKeys } from './key-count.js';
import { hashKey, type KeyRecord, newKey, prefixOf } from './key-records.js';

export interface MadeKey {
  record: KeyRecord;
  /** The key itself; absent when the request was a repeated one: it is shown once. */
  key?: string;
}

/** What a key is made of. */
export type NewKeyFacts = Omit<KeyRecord, 'prefix' | 'created_at'>;

/** The first answer to a request that made a key. @throws ProblemError when it was another request */
export const repeatedKey = (record: KeyRecord, digest: string | undefined): MadeKey => {
  if (record.request_digest === digest) return { record };
  throw new ProblemError(
    'idempotency_mismatch',
    'This idempotency key was used with another body: use a new key.',
  );
};

/** Refuses an admin of a tenant who would touch the keys of the platform. @throws ProblemError */
export const checkManages = (principal: Principal, { platform_admin }: KeyRecord): void => {
  if (platform_admin && !principal.platform_admin)
    throw new ProblemError('forbidden', 'Use a platform admin: this key is one.');
};

/** API keys of a tenant. */
@Injectable()
export class Keys {
  readonly #turns = new KeyedQueue();

  constructor(@Inject(ControlData) private readonly data: ControlData) {}

  /** All keys of a tenant, in no order. */
  of(tenant: TenantId): KeyRecord[] {
    return this.data.findKeys(({ tenant_id }) => tenant_id === tenant).map(([, record]) => record);
  }

  /** @throws ProblemError when the tenant has no such key */
  find(tenant: TenantId, id: string): [hash: string, record: KeyRecord] {
    const [found] = this.data.findKeys((record) => record.id === id && record.tenant_id === tenant);
    if (found) return found;
    throw notFound('key');
  }

  /** @throws ProblemError */
  async create(principal: Principal, body: CreateKeyBody, repeatable?: Repeatable): Promise<MadeKey> {
    const tenant = this.#tenantFor(principal, body);
    const id = repeatable ? derivedUuid(tenant, 'key', repeatable.key) : newCommandId();
    const before = repeatable && this.#withId(id);
    if (before) return repeatedKey(before, repeatable.digest);
    return this.makeCounted({
      ...factsOf(body),
      id,
      tenant_id: tenant,
      created_by: principal.key_id,
      ...(repeatable && { request_digest: repeatable.digest }),
    });
  }

  /** Makes one more key of the tenant's. @throws ProblemError, LimitReached */
  makeCounted(facts: NewKeyFacts): Promise<MadeKey> {
    return this.#make(facts, this.data.limits(facts.tenant_id).keys);
  }

  /** Makes a key that takes the place of another, or that nobody counts. @throws ProblemError */
  make(facts: NewKeyFacts): Promise<MadeKey> {
    return this.#make(facts, null);
  }

  /** Stores the record of a key. @throws ProblemError when the key is stored already */
  async store(key: string, record: KeyRecord): Promise<void> {
    if (record.role === 'admin') await countAdmin(this.data, record);
    const revision = await this.data.keys.create(hashKey(key), record);
    if (revision === null) throw new ProblemError('already_exists', 'There is such a key already.');
  }

  /** Ends a key at once; ending it twice is quiet. The last live admin key of a tenant stays. @throws ProblemError */
  async revoke(principal: Principal, id: string): Promise<void> {
    const [hash, record] = this.find(principal.tenant_id, id);
    checkManages(principal, record);
    if (record.revoked_at !== undefined) return;
    await releaseAdmin(this.data, record);
    await this.end(hash);
  }

  /** Ends a key, whoever stays. @throws ProblemError */
  async end(hash: string): Promise<void> {
    const revoked_at: Instant = instantAt(Date.now());
    await untilWritten(async () => {
      const entry = this.data.keys.get(hash);
      if (!entry || entry.value.revoked_at !== undefined) return 0;
      return this.data.keys.update(hash, { ...entry.value, revoked_at }, entry.revision);
    });
  }

  #withId(id: string): KeyRecord | undefined {
    return this.data.findKeys((record) => record.id === id)[0]?.[1];
  }

  async #make(facts: NewKeyFacts, limit: number | null): Promise<MadeKey> {
    const made = madeOf(facts);
    if (limit === null && facts.request_digest === undefined) {
      await this.store(made.key, made.record);
      return made;
    }
    // One after the other, so that who finds no room touches nothing.
    const before = await this.#turns.run(facts.tenant_id, () => this.#storeGuarded(made, limit));
    return before ? repeatedKey(before, facts.request_digest) : made;
  }

  /**
   * Stores a key where there is room. Not when another gateway has answered the same request: it returns the key
   * that was made then. Of two with one id, only one could be found and revoked.
   */
  async #storeGuarded(
    { key, record }: Required<MadeKey>,
    limit: number | null,
  ): Promise<KeyRecord | undefined> {
    const { id, tenant_id } = record;
    const before = (): KeyRecord | undefined => {
      const same = this.#withId(id);
      if (!same && limit !== null) checkRoom('keys', limit, countKeys(this.data, tenant_id));
      return same;
    };
    await this.data.keys.caughtUp();
    const made = before();
    if (made) return made;
    if (record.role === 'admin') await countAdmin(this.data, record);
    try {
      const wanted = { key: hashKey(key), value: record };
      const stored = await this.data.keys.writeGuarded(tenant_id, () => (before() ? null : wanted));
      return stored ? undefined : this.#withId(id);
    } catch (error) {
      if (record.role === 'admin' && error instanceof LimitReached) await forgetAdmin(this.data, record);
      throw error;
    }
  }

  #tenantFor(principal: Principal, { tenant_id }: CreateKeyBody): TenantId {
    const tenant = tenant_id ? parseTenantId(tenant_id) : principal.tenant_id;
    if (tenant === null || !tenant || tenant === principal.tenant_id) return principal.tenant_id;
    if (!principal.platform_admin)
      throw new ProblemError('forbidden', 'Leave tenant_id out: only a platform admin makes keys elsewhere.');
    if (this.data.livingTenant(tenant)) return tenant;
    throw invalidField('tenant_id', 'not_found', 'There is no such tenant.');
  }
}

const madeOf = (facts: NewKeyFacts): Required<MadeKey> => {
  const key = newKey();
  return { key, record: { ...facts, prefix: prefixOf(key), created_at: instantAt(Date.now()) } };
};

const channelName = /^(?:\*|[a-z0-9][a-z0-9._-]{0,127}\*?)$/;

/** @throws ProblemError for names that are none */
export const checkChannels = (channels: object): void => {
  for (const name of Object.keys(channels))
    if (!channelName.test(name))
      throw invalidField(
        `channels.${name}`,
        'wrong_form',
        'Name a channel in a-z, 0-9, ".", "_" and "-", with "*" at the end for all that begin so, or "*" alone.',
      );
};

const factsOf = (body: CreateKeyBody): Pick<KeyRecord, 'name' | 'role' | 'agent_id' | 'expires_at'> => {
  if (body.expires_at && Date.parse(body.expires_at) <= Date.now())
    throw invalidField('expires_at', 'past', 'Send a time to come.');
  if (body.agent_id) checkAgentId(body.agent_id, 'agent_id');
  if (body.channels) checkChannels(body.channels);
  return {
    name: body.name,
    role: body.role ?? 'agent',
    ...given(body, 'agent_id', 'channels'),
    ...(body.expires_at && { expires_at: instantAt(Date.parse(body.expires_at)) }),
  };
};
