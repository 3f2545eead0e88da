import { formatPosition, parsePosition, type PositionMessage, positionSubject } from '#libs/contracts';
import type { TenantId } from '#libs/packet';
import type { Subscription } from '@nats-io/nats-core';
import type { OnModuleDestroy } from '@nestjs/common';
import type { ProjectedPosition } from '../reads/projected-position.js';
import type { ReadDatabase } from '../reads/read-database.js';
import { TenantFeed, type TenantFeedParts } from './tenant-feed.js';

/** Why a feed cannot go on where its reader left it. */
export interface Gap {
  reason: 'older_than_log' | 'unknown_cursor';
  /** As it was sent. */
  cursor: string;
  /** Where the feed goes on. */
  resumed_from: string;
}

/** A feed that is held open for a reader, and where the reader begins. */
export interface Place {
  feed: TenantFeed;
  after: number;
  gap?: Gap;
  /** Lets go of the feed; once. */
  leave: () => void;
}

export interface FeedsParts extends TenantFeedParts {
  database: ReadDatabase;
  projected: ProjectedPosition;
}

interface Held {
  users: number;
  opening: Promise<TenantFeed>;
}

/** How often the read models are asked whether they went on without a word. */
const lookEveryMs = 5_000;
const longestEcho = 64;

const sequenceOf = (token: string | undefined): number | null => parsePosition(token ?? '');

/** The live feeds of this gateway: one subscription per tenant that has readers. */
export class Feeds implements OnModuleDestroy {
  readonly #feeds = new Map<TenantId, Held>();
  readonly #opened = new Set<TenantFeed>();
  readonly #positions: Subscription;
  readonly #looking: NodeJS.Timeout;

  constructor(private readonly parts: FeedsParts) {
    this.#positions = parts.nats.subscribe(positionSubject, {
      callback: (error, message) => {
        if (error === null && this.#opened.size > 0) this.#hear(message);
      },
    });
    this.#looking = setInterval(() => void this.#look(), lookEveryMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#looking);
    this.#positions.unsubscribe();
    for (const feed of this.#opened) feed.close();
  }

  /**
   * Where a reader begins: behind its cursor, or now without one. @throws ProblemError and LogUnavailable
   */
  async place(tenant: TenantId, cursor?: string): Promise<Place> {
    const held = this.#hold(tenant);
    let isHeld = true;
    const leave = (): void => {
      if (isHeld) this.#release(tenant, held);
      isHeld = false;
    };
    try {
      const feed = await held.opening;
      return { feed, leave, ...(await this.#locate(feed, cursor)) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #locate(feed: TenantFeed, cursor: string | undefined): Promise<Pick<Place, 'after' | 'gap'>> {
    if (cursor === undefined) return { after: feed.at };
    const sequence = parsePosition(cursor);
    const { first, last } = await this.parts.log.bounds();
    const gapTo = (after: number, reason: Gap['reason']) => ({
      after,
      gap: { reason, cursor: cursor.slice(0, longestEcho), resumed_from: formatPosition(after) },
    });
    if (sequence === null || sequence > last) return gapTo(feed.at, 'unknown_cursor');
    return sequence + 1 < first ? gapTo(first - 1, 'older_than_log') : { after: sequence };
  }

  #hold(tenant: TenantId): Held {
    const held = this.#feeds.get(tenant) ?? { users: 0, opening: this.#open(tenant) };
    this.#feeds.set(tenant, held);
    held.users += 1;
    return held;
  }

  #release(tenant: TenantId, held: Held): void {
    held.users -= 1;
    if (held.users > 0) return;
    this.#feeds.delete(tenant);
    held.opening.then((feed) => this.#close(feed)).catch(() => undefined);
  }

  #close(feed: TenantFeed): void {
    feed.close();
    this.#opened.delete(feed);
  }

  async #open(tenant: TenantId): Promise<TenantFeed> {
    const { nats } = this.parts;
    const feed = new TenantFeed(tenant, this.parts);
    try {
      // What is committed from now on is heard; what was before is no news.
      await nats.flush();
      feed.open(await this.#reached());
      this.#opened.add(feed);
      return feed;
    } catch (error) {
      feed.close();
      throw error;
    }
  }

  /** Without Postgres, the last that was heard of it. @throws ProblemError when that is nothing */
  async #reached(): Promise<number> {
    const { database, projected } = this.parts;
    try {
      projected.advance(await database.position());
    } catch (error) {
      if (projected.reached === 0) throw error;
    }
    return projected.reached;
  }

  #hear(message: { json<T>(): T }): void {
    try {
      const { position, after, last } = message.json<Partial<PositionMessage>>();
      const reached = sequenceOf(position) ?? 0;
      for (const feed of this.#opened)
        feed.reach(reached, Math.max(sequenceOf(after) ?? reached, sequenceOf(last?.[feed.tenant]) ?? 0));
    } catch {
      // Not from the projector.
    }
  }

  // A projector may die between a commit and its word, and NATS may lose a message: the read models know.
  async #look(): Promise<void> {
    if (this.#opened.size === 0) return;
    const { projected } = this.parts;
    await projected.refresh();
    const { reached } = projected;
    for (const feed of this.#opened) feed.reach(reached, reached);
  }
}
