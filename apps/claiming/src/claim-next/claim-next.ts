import { callEndSubject, type ClaimNextCall, type SendCommand } from '#libs/contracts';
import type { PacketLog } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';
import { Caller, type ClaimNextReply } from './caller.js';
import { Desk } from './desk.js';
import { Grants } from './grant.js';
import { watchWaiting } from './metrics.js';
import { listen } from './news.js';
import { OfferDatabase } from './offer-database.js';

/** What claim-next asks of the agent registry. */
interface KnownAgents {
  get(tenant: TenantId, id: string): { capabilities: string[]; max_concurrency?: number } | undefined;
  touch(tenant: TenantId, id: string): void;
}

export interface ClaimNextOptions {
  nats: NatsConnection;
  log: PacketLog;
  databaseUrl: string;
  agents: KnownAgents;
  /** Claims one packet: the handler of the ordinary command. */
  claim: SendCommand;
  /** A waiting packet gains one priority level each time this has passed. */
  ageingMs: number;
  logger: { error(fields: object, message: string): void };
}

const sweepMs = 5_000;
const nobody = { capabilities: [] };

/**
 * Gives agents the packet that comes next for them, and lets them wait for one. Each packet is claimed by the
 * ordinary command, so none is given twice, whatever this process believes.
 */
export class ClaimNext {
  readonly #desks = new Map<TenantId, Desk>();
  readonly #callers = new Map<string, { caller: Caller; desk: Desk }>();
  readonly #database: OfferDatabase;
  readonly #grants: Grants;
  readonly #closing: (() => void)[] = [];
  #isStopping = false;

  private constructor(private readonly options: ClaimNextOptions) {
    this.#database = new OfferDatabase(options.databaseUrl);
    this.#grants = new Grants(options.log, options.claim);
  }

  /** Listens from now on; Postgres is connected to when it is needed. */
  static open(options: ClaimNextOptions): ClaimNext {
    const service = new ClaimNext(options);
    service.#listen();
    watchWaiting(() => service.waiting);
    return service;
  }

  /** Calls that are not answered yet. */
  get waiting(): number {
    return [...this.#desks.values()].reduce((sum, desk) => sum + desk.size, 0);
  }

  /**
   * Answers with 1 to `max` packets, claimed for the agent; with none when there is none within the wait, or
   * when the signal ends it. Never rejects.
   */
  async answer(call: ClaimNextCall, signal?: AbortSignal): Promise<ClaimNextReply> {
    const { tenant_id, agent } = call;
    const { agents } = this.options;
    agents.touch(tenant_id, agent.id);
    const request = this.#isStopping || signal?.aborted ? { ...call, wait_ms: 0 } : call;
    const caller = new Caller(request, agents.get(tenant_id, agent.id) ?? nobody);
    const desk = this.#deskOf(tenant_id);
    const forget = this.#dismissWhenGone({ caller, desk }, signal);
    desk.take(caller);
    return caller.answer.finally(forget);
  }

  #dismissWhenGone(open: { caller: Caller; desk: Desk }, signal?: AbortSignal): () => void {
    const { call_id } = open.caller.call;
    const dismiss = () => open.desk.dismiss(open.caller);
    signal?.addEventListener('abort', dismiss, { once: true });
    if (call_id !== undefined) this.#callers.set(call_id, open);
    return () => {
      signal?.removeEventListener('abort', dismiss);
      if (call_id !== undefined) this.#callers.delete(call_id);
    };
  }

  /** Ends every wait with what there is, at once; later calls do not wait. */
  endWaits(): void {
    this.#isStopping = true;
    for (const desk of this.#desks.values()) desk.stop();
  }

  async stop(): Promise<void> {
    this.endWaits();
    for (const close of this.#closing) close();
    await this.#database.close();
  }

  #deskOf(tenant: TenantId): Desk {
    const known = this.#desks.get(tenant);
    if (known !== undefined) return known;
    const { ageingMs, logger } = this.options;
    const desk = new Desk({
      tenant,
      ageingMs,
      database: this.#database,
      grants: this.#grants,
      onFault: (error) => logger.error({ tenant_id: tenant, err: error }, 'a claim-next failed'),
    });
    this.#desks.set(tenant, desk);
    return desk;
  }

  #listen(): void {
    const { nats } = this.options;
    const stopListening = listen(nats, {
      isOpen: (tenant) => this.#desks.has(tenant),
      hear: (tenant, news) => this.#desks.get(tenant)?.hear(news),
      makeRoom: (tenant) => this.#desks.get(tenant)?.makeRoom(),
    });
    const ends = nats.subscribe(callEndSubject('claim_next'), {
      callback: (error, message) => {
        if (error === null) this.#dismiss(message.json<{ call_id?: string }>().call_id);
      },
    });
    const sweep = setInterval(() => void this.#database.sweep().catch(() => undefined), sweepMs).unref();
    this.#closing.push(
      stopListening,
      () => ends.unsubscribe(),
      () => clearInterval(sweep),
    );
    void this.#lookAfterReconnects();
  }

  #dismiss(callId = ''): void {
    const found = this.#callers.get(callId);
    found?.desk.dismiss(found.caller);
  }

  /** What was told meanwhile nobody has heard. */
  async #lookAfterReconnects(): Promise<void> {
    for await (const { type } of this.options.nats.status())
      if (type === 'reconnect') for (const desk of this.#desks.values()) desk.lookAgain();
  }
}
