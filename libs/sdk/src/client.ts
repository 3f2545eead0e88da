import { Caller, type RequestOptions } from './caller.js';
import { Keys, Tenants } from './control/access.js';
import { Agents, Routing } from './control/agents.js';
import { Schemas } from './control/schemas.js';
import { Webhooks } from './control/webhooks.js';
import type { FeedSource } from './live/feed-events.js';
import { EventFeed, type EventFeedOptions } from './live/event-feed.js';
import { LiveSocket, type SocketOptions } from './live/live-socket.js';
import type { Operations } from './generated/operations.js';
import type {
  AuditEntryDocument,
  AuditListDocument,
  SystemHealthDocument,
  UsageDocument,
} from './generated/wire.js';
import type { Listing } from './listing.js';
import { type NatsHeadersLike, type NatsLike, type NatsOptions, natsFetch, needsHttp } from './nats.js';
import { PacketBatches } from './packet-batches.js';
import { apiUrl, type Fetch, httpTransport } from './transport.js';
import type { WorkHandler } from './work.js';
import { Worker, type WorkerOptions } from './worker.js';

const onNats = 'nats://rail';

/** Which entries of the audit to list: by actor, action, packet, outcome and time. */
export type AuditFilter = Omit<Operations['control_listAudit']['query'], 'format'>;

/** Which rail, and how patient to be with it. */
export interface ClientOptions {
  /** Where the rail is, `http://localhost:8080` perhaps. */
  baseUrl: string;
  /** `hr_…`; what it may do, its role says. */
  apiKey: string;
  /** Milliseconds for each attempt; 30,000 when left out. */
  timeoutMs?: number | undefined;
  /** Attempts after the first; 3 when left out. */
  maxRetries?: number | undefined;
  /** Used instead of the global one. */
  fetch?: Fetch | undefined;
}

/**
 * A client of the rail, for agents, back ends and pages. It holds no connection: there is nothing to close.
 *
 * Requests that may be sent twice are retried, with growing delays and as the server asks for; a POST has an
 * idempotency key for that. What is asked for after a write includes it. The fencing token of what was
 * claimed through a client goes with every command about it.
 *
 * @example
 * ```ts
 * const rail = new HandoffRail({ baseUrl: 'http://localhost:8080', apiKey: 'hr_…' });
 * ```
 */
export class HandoffRail extends PacketBatches {
  /** Who can do what, and who is there. */
  readonly agents: Agents;
  /** Who would get a piece of work, and who may hand work to whom. */
  readonly routing: Routing;
  /** Endpoints that are told of events, and their deliveries. */
  readonly webhooks: Webhooks;
  /** JSON Schemas that the context of packets can be held to. */
  readonly schemas: Schemas;
  /** API keys of this tenant. */
  readonly keys: Keys;
  /** All tenants; for those who run the rail. */
  readonly tenants: Tenants;
  readonly #options: ClientOptions;
  readonly #source: FeedSource & { fetch: Fetch };

  constructor(options: ClientOptions) {
    const { baseUrl, apiKey, timeoutMs = 30_000, maxRetries = 3 } = options;
    // Browsers want their own fetch to be called without an object before it.
    const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
    const caller = new Caller({ transport: httpTransport(baseUrl, fetch), apiKey, timeoutMs, maxRetries });
    super(caller);
    this.#options = options;
    this.#source = { url: apiUrl(baseUrl), apiKey, fetch };
    this.agents = new Agents(caller);
    this.routing = new Routing(caller);
    this.webhooks = new Webhooks(caller);
    this.schemas = new Schemas(caller);
    this.keys = new Keys(caller);
    this.tenants = new Tenants(caller);
  }

  /**
   * Who changed what, and what was refused, newest first; for admins.
   *
   * @example
   * ```ts
   * for await (const entry of rail.listAudit({ result: 'denied' })) console.log(entry.timestamp, entry.action);
   * ```
   */
  listAudit(
    query: AuditFilter = {},
    options?: RequestOptions,
  ): Listing<AuditListDocument, AuditEntryDocument> {
    return this.caller.list('control_listAudit', { query, items: ({ entries }) => entries }, options);
  }

  /**
   * How much of what its tier allows the tenant has used.
   *
   * @example
   * ```ts
   * const { packets_per_day } = await rail.getUsage();
   * ```
   */
  getUsage(options?: RequestOptions): Promise<UsageDocument> {
    return this.caller.call('system_read', {}, options);
  }

  /**
   * Versions, lag, backlog and sizes; for those who run the rail.
   *
   * @example
   * ```ts
   * const { status, lag_events } = await rail.getSystemHealth();
   * ```
   */
  getSystemHealth(options?: RequestOptions): Promise<SystemHealthDocument> {
    return this.caller.call('system_show', {}, options);
  }

  /**
   * Takes work as it comes, until it is stopped; see `Worker`.
   *
   * @example
   * ```ts
   * const worker = rail.worker({ agentId: 'billing-01', concurrency: 8, leaseSeconds: 60 }, async (packet) => {
   *   return { answer: packet.context.summary.length };
   * });
   * ```
   */
  worker(options: WorkerOptions, handler: WorkHandler): Worker {
    return new Worker(this, options, handler);
  }

  /**
   * Follows what happens, as it happens: an iterator over server-sent events that opens lost connections again
   * and misses nothing. A `gap` says that its cursor could not be used.
   *
   * @example
   * ```ts
   * for await (const event of rail.events({ subscribe: ['status:completed', 'agent:billing-01'] }))
   *   if (event.type === 'gap') console.log('Fetch everything anew');
   *   else if (event.type !== 'hook.disabled') console.log(event.type, event.packet_id);
   * ```
   */
  events(options: EventFeedOptions = {}): EventFeed {
    return new EventFeed(this.#source, options);
  }

  /**
   * Follows what happens over a WebSocket, told to callbacks; channels can be changed on the way.
   *
   * @example
   * ```ts
   * const socket = rail.socket({
   *   subscribe: 'status:completed',
   *   onEvent: (event) => console.log(event.type),
   *   onGap: () => console.log('Fetch everything anew'),
   * });
   * socket.subscribe('agent:billing-01');
   * socket.close();
   * ```
   */
  socket(options: SocketOptions = {}): LiveSocket {
    if (this.#source.url.startsWith(onNats)) throw needsHttp('A WebSocket');
    const check = () => this.agents.list({ limit: 1 }, { maxRetries: 0 });
    return new LiveSocket({ source: this.#source, check: async () => check() }, options);
  }

  /**
   * The same client over a connection of nats.js: packets, claims, heartbeats, a worker, the registry of
   * agents. What is no operation on NATS fails with the code `needs_http`; live events are among it, because
   * the feed on NATS cannot say what was missed.
   *
   * @example
   * ```ts
   * // import { connect, headers } from '@nats-io/transport-node';
   * const connection = await connect({ servers, token: apiKey, inboxPrefix: `_INBOX.${keyId}` });
   * const onNats = rail.nats(connection, { tenantId: 'default', keyId, headers });
   * const { packets } = await onNats.claimNext({ agentId: 'billing-01', waitSeconds: 20 });
   * ```
   */
  nats<H extends NatsHeadersLike>(connection: NatsLike<H>, options: NatsOptions<H>): HandoffRail {
    return new HandoffRail({ ...this.#options, baseUrl: onNats, fetch: natsFetch(connection, options) });
  }
}
