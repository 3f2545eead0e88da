import type { NatsConnection } from '@nats-io/nats-core';
import { eventHeaders, packetSubject, streams, tenantSubjects } from '#libs/contracts';
import { fold, initialState } from '#libs/packet';
import type { Packet, PacketId, PacketTimer, PacketTimerId, TenantId } from '#libs/packet';
import { Appender } from './appender.js';
import type { Append, AppendOutcome } from './appender.js';
import { DailyQuotas } from './daily-quotas.js';
import { KeyedQueue } from './keyed-queue.js';
import { Mailbox } from './mailbox.js';
import { watchCache } from './metrics.js';
import { Publisher } from './publisher.js';
import { recordedEvents } from './recorded-event.js';
import type { RecordedEvent } from './recorded-event.js';
import { StateCache } from './state-cache.js';
import type { CacheLimits, Loaded } from './state-cache.js';
import { StreamReader } from './stream-reader.js';
import type { Bounds, StoredMessage } from './stream-reader.js';
import { LogUnavailable } from './unavailable.js';

/** The few methods of a pino logger that the log uses. */
export interface LogHook {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Where the timers that packets ask for are kept. */
export interface TimerHook {
  /** Settles when they are stored. @throws LogUnavailable when that is not known */
  set(...timers: PacketTimer[]): Promise<void>;
  /** Takes them back if that is possible: they would fire idly. */
  cancel(...timers: PacketTimerId[]): void;
}

export interface PacketLogOptions {
  logger: LogHook;
  /** Told of timers before the events that ask for them are appended. Without it none is set. */
  timers?: TimerHook;
  /** Bounds of the state cache. Default: 10,000 packets, 32 MiB. */
  cache?: CacheLimits;
  /** Copies of the stream. With more than one, a load asks the leader first. Default 1. */
  replicas?: number;
  /** How long one request to the log may take. Default 3,000 ms. */
  timeoutMs?: number;
}

export interface LogPage {
  events: RecordedEvent[];
  /** The sequence to read from next. */
  next: number;
  /** Nothing more was there when it was read. */
  end: boolean;
}

/** New events of one packet, and its state with them folded in. */
export interface PacketAppend extends Append {
  state: Packet;
}

const defaultCache: CacheLimits = { entries: 10_000, bytes: 32 * 1024 * 1024 };

/** What it takes to remember a command that had an idempotency key, in bytes of JSON. */
const answeredBytes = 450;

const sizeOf = (messages: readonly StoredMessage[]): number =>
  messages.reduce(
    (bytes, { payload, headers }) =>
      bytes + payload.length + (headers.has(eventHeaders.requestDigest) ? answeredBytes : 0),
    0,
  );

/** The packets' log: reads and folds them, and writes at an expected sequence. One per process and connection. */
export class PacketLog {
  readonly logger: LogHook;
  readonly timers: TimerHook | undefined;
  /** What tenants with a limit have made today. */
  readonly quotas: DailyQuotas;
  readonly #mailbox: Mailbox;
  readonly #reader: StreamReader;
  readonly #appender: Appender;
  readonly #cache: StateCache;
  readonly #queue = new KeyedQueue();
  readonly #replicated: boolean;
  readonly #unwatch: () => void;
  readonly #timeoutMs: number;
  #asking: Promise<Bounds> | undefined;

  constructor(nc: NatsConnection, options: PacketLogOptions) {
    this.logger = options.logger;
    this.timers = options.timers;
    this.#timeoutMs = options.timeoutMs ?? 3_000;
    // A server that comes back without its last moments would leave states here that no log bears out.
    this.#mailbox = new Mailbox(nc, this.#timeoutMs, () => this.#forget());
    this.#reader = new StreamReader(this.#mailbox, streams.packets);
    this.#appender = new Appender(
      new Publisher(this.#mailbox),
      this.#reader,
      () => nc.info?.max_payload ?? 1_048_576,
    );
    this.#cache = new StateCache(options.cache ?? defaultCache);
    this.#replicated = (options.replicas ?? 1) > 1;
    this.quotas = new DailyQuotas({
      append: (appends) => this.append(...appends),
      last: (subject) =>
        this.#replicated ? this.#reader.lastFromLeader(subject) : this.#reader.last(subject),
      timeoutMs: this.#timeoutMs,
    });
    this.#unwatch = watchCache(this.#cache);
  }

  /**
   * The packet as the log has it now, `absent` when there is none. Only what is newer than the cached state
   * is read: one round trip, on a replicated log two when there is news.
   * @throws LogUnavailable
   */
  async load(tenant: TenantId, id: PacketId): Promise<Loaded> {
    const subject = packetSubject(tenant, id);
    const held = this.#cache.get(subject) ?? { packet: initialState, sequence: 0 };
    const messages = await this.#newer(subject, held.sequence + 1);
    const last = messages.at(-1);
    if (last === undefined) return held;
    const events = recordedEvents(messages).map(({ event }) => event);
    const loaded = { packet: fold(events, held.packet), sequence: last.sequence };
    this.#cache.set(subject, loaded, sizeOf(messages));
    return loaded;
  }

  /** The state held in memory, if any. It may be behind the log: an append at its sequence tells. */
  cached(tenant: TenantId, id: PacketId): Loaded | undefined {
    return this.#cache.get(packetSubject(tenant, id));
  }

  /**
   * Takes a state from elsewhere into memory, of about so many bytes as JSON, unless a newer one is held. It
   * spares the next command a read; its append proves the state right or wrong.
   */
  hold(tenant: TenantId, id: PacketId, { bytes, ...loaded }: Loaded & { bytes: number }): void {
    this.#cache.set(packetSubject(tenant, id), loaded, bytes);
  }

  /**
   * A packet's events, oldest first.
   * @throws LogUnavailable
   */
  async events(
    tenant: TenantId,
    id: PacketId,
    { fromRevision = 1, limit = Number.POSITIVE_INFINITY }: { fromRevision?: number; limit?: number } = {},
  ): Promise<RecordedEvent[]> {
    const recorded = recordedEvents(await this.#newer(packetSubject(tenant, id), 1));
    return recorded.filter(({ event }) => event.revision >= fromRevision).slice(0, limit);
  }

  /**
   * Stores the new events of one packet, or of several, all or nothing, and takes the new states into the
   * cache.
   * @throws EventTooLarge before anything is sent; LogUnavailable when the outcome is not known
   */
  async append(...appends: PacketAppend[]): Promise<AppendOutcome> {
    const outcome = await this.#appender.append(appends);
    if (outcome.kind === 'appended') this.#remember(appends, outcome);
    return outcome;
  }

  /**
   * The whole log in order, or one tenant's part of it, a page at a time. Events of unknown types are left out.
   * @throws LogUnavailable
   */
  async read(from: number, limit = 500, tenant?: TenantId): Promise<LogPage> {
    const subject = tenant && tenantSubjects(tenant);
    const request = { from, limit, maxBytes: 16 * 1024 * 1024, ...(subject && { subject }) };
    const { messages, pending } = await this.#reader.page(request);
    const next = (messages.at(-1)?.sequence ?? from - 1) + 1;
    const end = pending === 0 && !(subject && (await this.#isBehind(subject, next)));
    return { events: recordedEvents(messages), next, end };
  }

  /**
   * How many events a packet has now: its revision, without reading one. A state from elsewhere that has this
   * revision is the current one. 0 when there is no such packet. @throws LogUnavailable
   */
  revision(tenant: TenantId, id: PacketId): Promise<number> {
    return this.#reader.count(packetSubject(tenant, id));
  }

  /** The sequence of the newest event, 0 when there is none. @throws LogUnavailable */
  async lastSequence(): Promise<number> {
    return (await this.bounds()).last;
  }

  /**
   * The sequences of the oldest event that is there and of the newest. Callers of one turn of the event loop
   * share the question. @throws LogUnavailable
   */
  bounds(): Promise<Bounds> {
    this.#asking ??= new Promise(setImmediate).then(() => {
      this.#asking = undefined;
      return this.#reader.bounds();
    });
    return this.#asking;
  }

  /**
   * Runs the commands of one packet one after the other, so that they do not fight over its sequence here.
   * One that has waited as long as a request may take is given up, or each would wait for those before it.
   * @throws LogUnavailable, and what the task throws
   */
  inTurn<T>(tenant: TenantId, id: PacketId, task: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + this.#timeoutMs;
    const late = (): Promise<T> =>
      Promise.reject(new LogUnavailable('The commands before it took too long.'));
    return this.#queue.run(packetSubject(tenant, id), () => (Date.now() < deadline ? task() : late()));
  }

  /** Fails what is in flight and lets go of the inbox; the connection stays open. */
  close(): void {
    this.#unwatch();
    this.#mailbox.close();
  }

  #forget(): void {
    this.#cache.clear();
    this.quotas.forget();
  }

  /** Whether a replica that has answered lags: its leader has more. */
  async #isBehind(subject: string, next: number): Promise<boolean> {
    return this.#replicated && this.#reader.isOnLeader(subject, next);
  }

  #newer(subject: string, from: number): Promise<StoredMessage[]> {
    return this.#replicated ? this.#reader.allFromLeader(subject, from) : this.#reader.all(subject, from);
  }

  #remember(
    appends: readonly PacketAppend[],
    { sequences, bytes }: { sequences: number[]; bytes: number[] },
  ): void {
    appends.forEach(({ events, state }, index) => {
      const [first] = events;
      if (first === undefined) return;
      const subject = packetSubject(first.tenant_id, first.packet_id);
      const added = (bytes[index] ?? 0) + (first.request_digest === undefined ? 0 : answeredBytes);
      this.#cache.set(subject, { packet: state, sequence: sequences[index] ?? 0 }, added);
    });
  }
}
