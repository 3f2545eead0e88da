import { LRUCache } from 'lru-cache';
import { ProblemError } from '../http/problem-error.js';
import type { NatsConnections } from './nats-connections.js';

/** Connections that the holder of one key may have open, on all servers. */
export const mostConnections = 100;
const rememberedKeys = 10_000;
/** So long one look at the servers counts, where a key has too many. */
const freshMs = 1_000;
/** So long who was let in may not be seen yet. */
const arrivalMs = 2_000;

interface Known {
  /** Open at the last look, and let in since. */
  count: number;
  /** When to look again, at the earliest. */
  lookAt: number;
  looking?: Promise<void>;
}

/**
 * Bounds the connections of each key: a server has room for so many in all, and one key must not take it from the
 * rest. Who has made few costs nothing; servers are asked once this gateway has let in as many as may be open.
 */
export class KeyConnections {
  readonly #known = new LRUCache<string, Known>({ max: rememberedKeys });

  constructor(private readonly connections: Pick<NatsConnections, 'find'>) {}

  /** Counts one more. @throws ProblemError when the key has too many open */
  async admit(keyId: string): Promise<void> {
    const known = this.#known.get(keyId) ?? { count: 0, lookAt: 0 };
    this.#known.set(keyId, known);
    if (known.count >= mostConnections) await this.#look(keyId, known);
    if (known.count >= mostConnections)
      throw new ProblemError(
        'too_many_streams',
        `Close a connection first: this key has ${mostConnections} to NATS, and that is all that it may have.`,
        { limit: mostConnections, used: mostConnections },
      );
    known.count += 1;
    known.lookAt = Date.now() + arrivalMs;
  }

  /** All who wait for a look share it. */
  async #look(keyId: string, known: Known): Promise<void> {
    if (Date.now() < known.lookAt) return;
    known.looking ??= this.#count(keyId, known).finally(() => delete known.looking);
    await known.looking;
  }

  async #count(keyId: string, known: Known): Promise<void> {
    let count = 0;
    for await (const { keyId: of } of this.connections.find(keyId)) count += Number(of === keyId);
    Object.assign(known, { count, lookAt: Date.now() + freshMs });
  }
}
