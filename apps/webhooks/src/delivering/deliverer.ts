import { setTimeout as delay } from 'node:timers/promises';
import { endDeliveries, nextDue } from '#libs/deliveries';
import { type Endpoint, type HookListener, isActive } from '#libs/hooks';
import type { WebhookParts } from '../parts.js';
import type { AttemptParts } from './attempt.js';
import { EndpointRunner } from './endpoint-runner.js';
import type { Settler } from './settler.js';

export type DeliveringParts = Pick<WebhookParts, 'logger' | 'database' | 'hooks'> &
  AttemptParts & {
    settler: Settler;
    /** Waits before the second, third, … attempt, in seconds. */
    retrySeconds: readonly number[];
    /** The endpoint has said that it is gone. */
    onGone: (endpoint: Endpoint) => void;
  };

/** What others have left, and what is due without anybody having said so here, is found by then. */
const lookEveryMs = 5_000;

/** Delivers to all endpoints, each by itself: one that is slow or down is in nobody's way. */
export class Deliverer {
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #runners = new Map<string, EndpointRunner>();
  readonly #stopping = new AbortController();
  readonly #forget: () => void;
  readonly #looking: Promise<void>;

  constructor(private readonly parts: DeliveringParts) {
    for (const endpoint of parts.hooks.all()) this.#endpoints.set(endpoint.id, endpoint);
    this.#forget = parts.hooks.onChange((...change) => this.#take(...change));
    this.#looking = this.#lookAgain();
  }

  get inFlight(): number {
    return [...this.#runners.values()].reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  get openCircuits(): number {
    return [...this.#runners.values()].filter(({ isOpen }) => isOpen).length;
  }

  /** These endpoints have something due. */
  wake(hookIds: Iterable<string>): void {
    for (const id of hookIds) this.#runner(id)?.wake();
  }

  /** Takes no more, gives back what has not begun, and lets what is under way end within that time. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping.abort();
    this.#forget();
    await this.#looking;
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
    const end = Date.now() + withinMs;
    while (this.inFlight > 0 && Date.now() < end) await delay(5);
  }

  #runner(id: string): EndpointRunner | undefined {
    const endpoint = this.#endpoints.get(id);
    if (endpoint === undefined || this.#stopping.signal.aborted) return undefined;
    const runner = this.#runners.get(id) ?? new EndpointRunner(this.parts, endpoint);
    this.#runners.set(id, runner);
    return runner;
  }

  #take(...[endpoint, before]: Parameters<HookListener>): void {
    if (endpoint === undefined) {
      if (before !== undefined) this.#drop(before.id);
      return;
    }
    this.#endpoints.set(endpoint.id, endpoint);
    this.#runners.get(endpoint.id)?.update(endpoint);
  }

  #drop(id: string): void {
    this.#endpoints.delete(id);
    void this.#runners.get(id)?.stop();
    this.#runners.delete(id);
  }

  async #lookAgain(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#look();
      } catch (error) {
        this.parts.logger.warn({ err: error }, 'deliveries that are due cannot be looked for now');
      }
      await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { database } = this.parts;
    const endpoints = [...this.#endpoints.values()];
    const idsOf = (isWanted: boolean): string[] =>
      endpoints.filter((endpoint) => isActive(endpoint) === isWanted).map(({ id }) => id);
    const [active, ended] = [idsOf(true), idsOf(false)];
    if (ended.length > 0) await database.use((source) => endDeliveries(source, ended));
    if (active.length === 0) return;
    const due = await database.use((source) => nextDue(source, active));
    for (const { hook_id, in_ms } of due) {
      if (in_ms > lookEveryMs) continue;
      if (in_ms <= 0) this.wake([hook_id]);
      else this.#runner(hook_id)?.wakeAt(Date.now() + in_ms);
    }
  }
}
