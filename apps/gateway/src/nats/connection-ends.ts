import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '#libs/service-kit';
import type { ControlData } from '../auth/control-data.js';
import { isLive, type KeyRecord } from '../auth/key-records.js';
import { countEnded } from './metrics.js';
import type { AgentConnection, NatsConnections } from './nats-connections.js';

/**
 * A gateway that has not heard of the end may let its holder in while we look: we look again. The last look is
 * behind the time that a server waits for such an answer.
 */
const looksAfterMs = [0, 250, 750, 2_500];
/** A timer cannot wait longer: 24 days. */
const longestWaitMs = 2 ** 31 - 1;

export interface ConnectionEndsParts {
  control: ControlData;
  connections: NatsConnections;
  logger: Logger;
}

/** Ends the connections of keys that are revoked, have expired, or whose tenant is gone, on every server. */
export class ConnectionEnds {
  readonly #unwatch: (() => void)[];
  readonly #clocks = new Map<string, NodeJS.Timeout>();
  readonly #stopping = new AbortController();

  constructor(private readonly parts: ConnectionEndsParts) {
    const { keys, tenants } = parts.control;
    this.#unwatch = [
      keys.onChange((hash, entry, before) => this.#look(hash, (entry ?? before)?.value)),
      tenants.onChange((_id, entry) => {
        if (entry && 'deleted_at' in entry.value) void this.#endDead();
      }),
    ];
  }

  /** Looks at every connection: something may have ended while nobody watched. */
  async lookAtAll(): Promise<void> {
    await this.#guarded(async () => {
      const open = new Set<string>();
      for await (const { keyId } of this.parts.connections.find()) open.add(keyId);
      const ending = this.parts.control.findKeys(
        ({ id, expires_at }) => expires_at !== undefined && open.has(id),
      );
      ending.forEach(([hash, record]) => this.#look(hash, record));
    });
    await this.#endDead();
  }

  stop(): void {
    this.#stopping.abort();
    this.#unwatch.forEach((unwatch) => unwatch());
    this.#clocks.forEach((clock) => clearTimeout(clock));
  }

  #isDead(hash: string): boolean {
    const record = this.parts.control.keys.get(hash)?.value;
    if (record === undefined || !isLive(record, new Date())) return true;
    return this.parts.control.livingTenant(record.tenant_id) === undefined;
  }

  #look(hash: string, record: KeyRecord | undefined): void {
    if (record === undefined) return;
    clearTimeout(this.#clocks.get(hash));
    this.#clocks.delete(hash);
    if (this.#isDead(hash)) return void this.#endKey(hash, record.id);
    if (record.expires_at === undefined) return;
    // A connection knows the end that was set when it was made; this one may be another.
    const leftMs = Date.parse(record.expires_at) - Date.now();
    const again = () => this.#look(hash, this.parts.control.keys.get(hash)?.value);
    this.#clocks.set(hash, setTimeout(again, Math.min(leftMs + 1, longestWaitMs)).unref());
  }

  async #endKey(hash: string, keyId: string): Promise<void> {
    await this.#repeatedly(async () => {
      if (!this.#isDead(hash)) return;
      for await (const connection of this.parts.connections.find(keyId)) await this.#end(connection);
    });
  }

  /** Whoever is connected with a key that does not work. */
  async #endDead(): Promise<void> {
    await this.#repeatedly(async () => {
      for (const connection of await this.#findDead()) await this.#end(connection);
    });
  }

  async #findDead(): Promise<AgentConnection[]> {
    const { control, connections } = this.parts;
    const open: AgentConnection[] = [];
    for await (const connection of connections.find()) open.push(connection);
    // A key may be younger than what is in memory here.
    await control.keys.caughtUp();
    const living = control.findKeys(() => true).filter(([hash]) => !this.#isDead(hash));
    const ids = new Set(living.map(([, { id }]) => id));
    return open.filter(({ keyId }) => !ids.has(keyId));
  }

  async #end(connection: AgentConnection): Promise<void> {
    await this.parts.connections.end(connection);
    countEnded();
  }

  async #repeatedly(task: () => Promise<void>): Promise<void> {
    for (const ms of looksAfterMs) {
      await delay(ms, undefined, { ref: false });
      if (this.#stopping.signal.aborted) return;
      await this.#guarded(task);
    }
  }

  /** What goes on for a moment when this fails is that the connection hears the feed: its requests are refused. */
  async #guarded(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.parts.logger.warn({ err: error }, 'connections of a key that ended could not be ended');
    }
  }
}
