import { setTimeout as delay } from 'node:timers/promises';
import { type AgentNews, agentSubject, buckets } from '#libs/contracts';
import { Bucket, type BucketEntry, checkRoom, LogUnavailable } from '#libs/event-log';
import { foldCapability, instantAt, type TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import {
  type AgentChange,
  type AgentFacts,
  agentKey,
  type AgentRecord,
  hasAll,
  newsOf,
  type Presence,
  recordOf,
} from './agent.js';
import { watchRegistry } from './metrics.js';
import { PresenceBook } from './presence-book.js';
import { TenantAgents } from './tenant-agents.js';

export interface RegistryLogger {
  warn(fields: object, message: string): void;
}

export interface AgentRegistryOptions {
  logger: RegistryLogger;
  /** How long an agent counts as present after it was last seen; 60 s when left out. */
  presenceMs?: number;
  /** How many agents a tenant may register; null: as many as it likes. No limits when left out. */
  limitOf?: (tenant: TenantId) => number | null;
}

export interface AgentFilter {
  /** Only agents that have all of them. */
  capabilities?: readonly string[];
}

export interface Registered {
  agent: AgentRecord;
  news: 'registered' | 'changed' | 'unchanged';
}

const tries = 5;
const busy = () => new LogUnavailable('Many changes to this agent at once. Send the request again.');

// The watch brings what another process has written.
const pause = (round: number): Promise<void> => delay(10 * (round + 1) * (1 + Math.random()));

const unlimited = () => null;

/** The agents of all tenants and their presence, held in memory: reading costs nothing. */
export class AgentRegistry {
  readonly #agents = new TenantAgents();
  readonly #listeners = new Set<(change: AgentChange) => void>();
  readonly #unwatch: () => void;

  private constructor(
    private readonly nats: NatsConnection,
    private readonly records: Bucket<AgentRecord>,
    private readonly options: Required<Pick<AgentRegistryOptions, 'logger' | 'limitOf'>> & {
      presence: PresenceBook;
    },
  ) {
    for (const [, { value }] of records.entries()) this.#agents.set(value);
    records.onChange((_key, entry, before) => this.#take(entry, before));
    options.presence.onReturn((tenant, id) => this.#returned(tenant, id));
    this.#unwatch = watchRegistry(this);
  }

  /** Waits until everything is in memory; the buckets must be provisioned. */
  static async open(nats: NatsConnection, options: AgentRegistryOptions): Promise<AgentRegistry> {
    const [records, presence] = await Promise.all([
      Bucket.open<AgentRecord>(nats, buckets.agents),
      PresenceBook.open(nats, options.presenceMs ?? 60_000),
    ]);
    const { logger, limitOf = unlimited } = options;
    return new AgentRegistry(nats, records, { logger, limitOf, presence });
  }

  get(tenant: TenantId, id: string): AgentRecord | undefined {
    return this.#agents.get(tenant, id);
  }

  /** The tenant's agents by id. */
  list(tenant: TenantId, { capabilities = [] }: AgentFilter = {}): readonly AgentRecord[] {
    const agents = this.#agents.of(tenant);
    if (capabilities.length === 0) return agents;
    const wanted = capabilities.map(foldCapability);
    return agents.filter((agent) => hasAll(agent, wanted));
  }

  /** Whether the agent has said lately that it is there. */
  isPresent(tenant: TenantId, id: string): boolean {
    return this.options.presence.isPresent(tenant, id);
  }

  /** When the agent was last seen; undefined when that is a day ago, or never was. */
  presence(tenant: TenantId, id: string): Presence | undefined {
    return this.options.presence.get(tenant, id);
  }

  /**
   * Registers an agent or replaces what is known of it, and counts it as seen. The last writer wins.
   * @throws LimitReached for a new one of a tenant that has all it may; LogUnavailable
   */
  async put(tenant: TenantId, id: string, facts: AgentFacts): Promise<Registered> {
    const key = agentKey(tenant, id);
    for (let round = 0; round < tries; round += 1) {
      const held = this.records.get(key);
      const done = await this.#write(
        key,
        held,
        recordOf(facts, { tenant_id: tenant, id, held: held?.value }),
      );
      if (done) {
        await this.options.presence.renew(tenant, id);
        return done;
      }
      await pause(round);
    }
    throw busy();
  }

  /** Takes an agent out. Returns false when it is not there. @throws LogUnavailable */
  async remove(tenant: TenantId, id: string): Promise<boolean> {
    const key = agentKey(tenant, id);
    for (let round = 0; round < tries; round += 1) {
      const held = this.records.get(key);
      if (held === undefined) return false;
      if ((await this.records.delete(key, held.revision)) !== null) {
        this.#publish('left', held.value);
        await this.options.presence.forget(tenant, id);
        return true;
      }
      await pause(round);
    }
    throw busy();
  }

  /**
   * The agent is there: written at most once in some seconds, by whichever process hears of it. Null when no
   * such agent is registered. @throws LogUnavailable
   */
  async heartbeat(tenant: TenantId, id: string): Promise<Presence | null> {
    return this.get(tenant, id) === undefined ? null : this.options.presence.see(tenant, id);
  }

  /** `heartbeat` for those who do not wait for it: never fails. */
  touch(tenant: TenantId, id: string): void {
    this.heartbeat(tenant, id).catch((error: unknown) =>
      this.options.logger.warn({ tenant_id: tenant, err: error }, 'an agent could not be marked as present'),
    );
  }

  /** Calls back after each change that is in memory, made here or elsewhere; the returned function ends that. */
  onChange(listener: (change: AgentChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Of all tenants. */
  count(): { registered: number; present: number; tenants: number } {
    const counts = { registered: 0, present: 0, tenants: this.#agents.tenants };
    for (const { tenant_id, id } of this.#agents.all()) {
      counts.registered += 1;
      if (this.isPresent(tenant_id, id)) counts.present += 1;
    }
    return counts;
  }

  close(): void {
    this.#unwatch();
    this.#listeners.clear();
    this.records.close();
    this.options.presence.close();
  }

  // What is the same is written, too: only so is it sure that nobody else has written meanwhile.
  async #write(
    key: string,
    held: BucketEntry<AgentRecord> | undefined,
    agent: AgentRecord,
  ): Promise<Registered | null> {
    const news = newsOf(agent, held?.value);
    const record = news === 'unchanged' && held ? held.value : agent;
    const written = held
      ? await this.records.update(key, record, held.revision)
      : await this.#create(key, record);
    if (written === null) return null;
    if (news !== 'unchanged') this.#publish(news, record);
    return { agent: record, news };
  }

  // Only who has a limit pays for being counted.
  async #create(key: string, agent: AgentRecord): Promise<number | null> {
    const { tenant_id } = agent;
    const limit = this.options.limitOf(tenant_id);
    if (limit === null) return this.records.create(key, agent);
    const stored = await this.records.writeGuarded(tenant_id, () => {
      if (this.records.get(key)) return null;
      checkRoom('agents', limit, this.#agents.of(tenant_id).length);
      return { key, value: agent };
    });
    return stored?.revision ?? null;
  }

  #publish(news: AgentNews, { tenant_id, ...agent }: AgentRecord): void {
    const { id } = agent;
    const told = news === 'left' ? {} : { agent };
    const message = { news, agent_id: id, ...told, timestamp: instantAt(Date.now()) };
    const subject = agentSubject(tenant_id, Buffer.from(id).toString('base64url'), news);
    try {
      this.nats.publish(subject, JSON.stringify(message));
    } catch (error) {
      // It is written: who was not told finds it in the registry.
      this.options.logger.warn({ tenant_id, err: error }, 'a change of an agent could not be told');
    }
  }

  #take(entry: BucketEntry<AgentRecord> | undefined, before: BucketEntry<AgentRecord> | undefined): void {
    const agent = (entry ?? before)?.value;
    if (agent === undefined) return;
    const { tenant_id, id } = agent;
    if (entry === undefined) {
      this.#agents.delete(agent);
      return this.#tell({ news: 'left', tenant_id, id });
    }
    this.#agents.set(agent);
    const news = newsOf(agent, before?.value);
    if (news !== 'unchanged') this.#tell({ news, tenant_id, id, agent });
  }

  #returned(tenant_id: TenantId, id: string): void {
    const agent = this.get(tenant_id, id);
    if (agent) this.#tell({ news: 'present', tenant_id, id, agent });
  }

  #tell(change: AgentChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.options.logger.warn({ tenant_id: change.tenant_id, err: error }, 'a listener failed');
      }
    }
  }
}
