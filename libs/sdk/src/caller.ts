import { bodyOf, connectionError, errorOf } from './answers.js';
import { Claims, type PacketRef } from './claims.js';
import { HandoffRailError } from './errors.js';
import type { Operations } from './generated/operations.js';
import { Listing } from './listing.js';
import {
  type CallInput,
  type ListName,
  type OperationName,
  type OperationPlan,
  pathOf,
  planOf,
} from './operation.js';
import { Positions } from './positions.js';
import { delayBefore, isRepeatable } from './retrying.js';
import { pause, type Transport, type WireRequest, within } from './transport.js';

/** What any single call may be given. */
export interface RequestOptions {
  /** Aborting it ends the call, its retries too; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** For each attempt. */
  timeoutMs?: number | undefined;
  /** Attempts after the first. */
  maxRetries?: number | undefined;
  /** Made for each call when left out. The same key and body take effect once, whoever sends them again. */
  idempotencyKey?: string | undefined;
  /** The revision that was seen: refused with `revision_mismatch` when the packet has changed since. */
  ifMatch?: number | undefined;
  /** Of your own, a `traceparent` perhaps. */
  headers?: Record<string, string> | undefined;
}

/** The options of a call about a packet whose fencing token is to go with it. */
type CallOptions = RequestOptions & { packet?: PacketRef };

export interface CallerSettings {
  transport: Transport;
  apiKey: string;
  timeoutMs: number;
  maxRetries: number;
}

type Packed = Omit<WireRequest, 'signal'>;
type Headers = Record<string, string>;

/** An idempotency key that nobody else has. */
export const randomKey = (): string => {
  // randomUUID is not there on pages without TLS.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
};

const header = (name: string, value: string | null | undefined): Headers =>
  value === undefined || value === null ? {} : { [name]: value };

/** What an agent says of itself in a body. */
interface Claimant {
  agent_id?: string | null | undefined;
  claim_id?: string | null | undefined;
}

/** Calls operations of the API: retries, errors, fencing tokens and positions are its business. */
export class Caller {
  readonly claims = new Claims();
  readonly #positions = new Positions();
  readonly #settings: CallerSettings;

  constructor(settings: CallerSettings) {
    this.#settings = settings;
  }

  /** For each attempt, when the call says nothing else. */
  get timeoutMs(): number {
    return this.#settings.timeoutMs;
  }

  /** @throws HandoffRailError, or the reason of the signal */
  async call<Name extends OperationName>(
    name: Name,
    input: CallInput<Name>,
    options: CallOptions = {},
  ): Promise<Operations[Name]['answer']> {
    const plan = planOf(name);
    const request = this.#pack(plan, input, options);
    const repeatable = isRepeatable(name, plan);
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#attempt(request, options);
      if (!(outcome instanceof HandoffRailError)) return outcome as Operations[Name]['answer'];
      // What was deleted by an attempt whose answer was lost is not there for the next one.
      if (attempt > 0 && plan.method === 'DELETE' && outcome.status === 404) return undefined;
      await this.#beforeNext(outcome, { attempt, repeatable }, options);
    }
  }

  /** A list whose pages are called for as they are needed. */
  list<Name extends ListName, Item>(
    name: Name,
    { items, ...input }: CallInput<Name> & { items: (page: Operations[Name]['answer']) => Item[] },
    options?: RequestOptions,
  ): Listing<Operations[Name]['answer'], Item> {
    const page = (cursor: string | undefined) =>
      this.call(
        name,
        cursor === undefined ? input : { ...input, query: { ...input.query, cursor } },
        options,
      );
    return new Listing(page, items);
  }

  #pack(plan: OperationPlan, input: CallInput<OperationName>, options: CallOptions): Packed {
    const { params, query, body } = input;
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    return {
      method: plan.method,
      path: pathOf(plan.template, { ...(params && { params }), query }),
      headers: {
        accept: 'application/json',
        'x-api-key': this.#settings.apiKey,
        ...content,
        ...this.#understood(plan.flags, (body ?? {}) as Claimant, options),
        ...header('if-match', options.ifMatch === undefined ? undefined : `"${options.ifMatch}"`),
        ...options.headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    };
  }

  /** The headers that the operation knows what to do with. */
  #understood(flags: string[], body: Claimant, { packet, idempotencyKey }: CallOptions): Headers {
    const claim = () => body.claim_id ?? (packet && this.claims.tokenFor(packet, body.agent_id));
    return {
      ...(flags.includes('idempotent') && { 'idempotency-key': idempotencyKey ?? randomKey() }),
      ...(flags.includes('claim') && header('handoffrail-claim', claim())),
      ...(flags.includes('position') && header('handoffrail-min-position', this.#positions.latest)),
    };
  }

  /** The answer's body, or the error that is to be retried or thrown. @throws the reason of the caller's signal */
  async #attempt(request: Packed, { signal, timeoutMs = this.timeoutMs }: RequestOptions): Promise<unknown> {
    try {
      const send = (ending: AbortSignal) => this.#settings.transport({ ...request, signal: ending });
      const answer = await within({ signal, timeoutMs }, send);
      if (answer.status >= 400) return errorOf(answer);
      this.#positions.see(answer.header('handoffrail-position'));
      return bodyOf(answer);
    } catch (error) {
      signal?.throwIfAborted();
      return connectionError(error);
    }
  }

  /** Waits until the next attempt. @throws the error, when there is to be none */
  async #beforeNext(
    error: HandoffRailError,
    { attempt, repeatable }: { attempt: number; repeatable: boolean },
    { maxRetries = this.#settings.maxRetries, signal }: RequestOptions,
  ): Promise<void> {
    const delay = attempt < maxRetries ? delayBefore(error, { attempt, repeatable }) : null;
    if (delay === null) throw error;
    await pause(delay, signal);
  }
}
