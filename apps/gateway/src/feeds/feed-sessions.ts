import { randomUUID } from 'node:crypto';
import { formatPosition } from '#libs/contracts';
import type { Slot } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import { StreamLimit } from '../limits/stream-limit.js';
import { FeedReader, type FeedSink } from './feed-reader.js';
import type { FeedRequest } from './feed-requests.js';
import { Feeds, type Place } from './feeds.js';
import { countClosed, countOpened, type Transport } from './metrics.js';
import { type KeyedStream, OpenStreams } from './open-streams.js';

/** A connection that events are written to. */
export interface FeedStream extends FeedSink, KeyedStream {
  readonly transport: Transport;
  /** Says something of the stream itself. */
  tell(type: string, facts: object, cursor?: string): void;
}

/** One stream and who is served by it, from its beginning to its end. */
export class FeedSession {
  readonly ended: Promise<void>;
  #reader: FeedReader;
  #place: Place;

  constructor(
    private readonly stream: FeedStream,
    place: Place,
    channels?: ReadonlySet<string>,
  ) {
    this.#place = place;
    this.#reader = new FeedReader(stream, place.after, channels);
    countOpened(stream.transport);
    this.ended = stream.ended.then(() => {
      this.#stop();
      countClosed(stream.transport);
    });
    const position = formatPosition(place.after);
    stream.tell('connected', { connection_id: randomUUID(), position }, position);
    this.#serve();
  }

  get channels(): ReadonlySet<string> {
    return this.#reader.channels;
  }

  set channels(channels: ReadonlySet<string>) {
    this.#reader.channels = channels;
  }

  /** The place up to which it has been served, as a cursor. */
  get cursor(): string {
    return formatPosition(this.#reader.after);
  }

  get isOver(): boolean {
    return this.#reader.isClosed;
  }

  /** Goes on from another place; what is on its way from the old one is not sent any more. */
  move(place: Place): void {
    if (this.isOver) return place.leave();
    const { channels } = this;
    this.#stop();
    this.#place = place;
    this.#reader = new FeedReader(this.stream, place.after, channels);
    this.#serve();
  }

  /** Cuts it off, soon, when nothing of what was sent is taken. */
  checkPulse(): void {
    void this.#reader.settle();
  }

  #serve(): void {
    const { feed, gap, after } = this.#place;
    if (gap) this.stream.tell('gap', gap, formatPosition(after));
    feed.serve(this.#reader);
  }

  #stop(): void {
    this.#reader.close();
    this.#place.feed.drop(this.#reader);
    this.#place.leave();
  }
}

/** What a stream has before it begins. */
export interface Entry {
  place: Place;
  /** One of those that its tenant may have. */
  slot: Slot;
  /** Aborted when the slot is lost. */
  lost: AbortSignal;
  /** Lets go of all of it, if no stream comes of it. */
  leave: () => void;
}

/** Begins sessions. */
@Injectable()
export class FeedSessions {
  constructor(
    @Inject(StreamLimit) private readonly limit: StreamLimit,
    @Inject(Feeds) private readonly feeds: Feeds,
    @Inject(OpenStreams) private readonly streams: OpenStreams,
  ) {}

  /** @throws ProblemError and LogUnavailable */
  place(tenant: TenantId, cursor?: string): Promise<Place> {
    return this.feeds.place(tenant, cursor);
  }

  /** Lets one more stream of the tenant in. @throws ProblemError and LogUnavailable */
  async enter(tenant: TenantId, cursor?: string): Promise<Entry> {
    const losing = new AbortController();
    const slot = await this.limit.enter(tenant, () => losing.abort());
    try {
      const place = await this.place(tenant, cursor);
      const leave = (): void => {
        place.leave();
        slot.release();
      };
      return { place, slot, lost: losing.signal, leave };
    } catch (error) {
      slot.release();
      throw error;
    }
  }

  begin(stream: FeedStream, { entry, keyHash, channels }: FeedRequest & { entry: Entry }): FeedSession {
    const { place, slot, lost } = entry;
    const session = new FeedSession(stream, place, channels);
    this.streams.add(keyHash, stream);
    lost.addEventListener('abort', () => stream.end('too_many_streams'));
    void stream.ended.then(() => slot.release());
    return session;
  }
}
