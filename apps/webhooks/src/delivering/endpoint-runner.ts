import { giveBackDeliveries, reserveSendings, takeDue, type TakenDelivery } from '#libs/deliveries';
import {
  afterFailure,
  afterSuccess,
  allowed,
  askedToWaitMs,
  closedBreaker,
  type Endpoint,
  isActive,
  isClosed,
  isDelivered,
  isGone,
  type Posted,
} from '#libs/hooks';
import { instantAt } from '#libs/packet';
import { Alarms } from './alarms.js';
import { attempt } from './attempt.js';
import type { DeliveringParts } from './deliverer.js';
import { factsOf, outcomeOf, tellOutcome } from './outcome.js';

/** Requests to one endpoint at a time, of one process. */
const concurrency = 16;
/** Taken at once; what waits here is not far from being sent. */
const batch = 2 * concurrency;
/** Outcomes that are not written yet: beyond these the database is waited for. */
const mostUnsettled = 16 * concurrency;
/** A delivery that was taken is somebody else's after this: longer than to wait here and one attempt take. */
const takenSeconds = 30;
/** What an attempt and the writing of its outcome may take of that. */
const attemptMs = 20_000;
const databaseRetryMs = 1_000;
const notNowMs = 5_000;

interface Queued {
  delivery: TakenDelivery;
  /** Epoch milliseconds: when its turn is, where the endpoint has a rate, and when it is too late. */
  notBefore: number;
  notAfter: number;
}

/** Delivers what one endpoint is owed: so many at a time, as fast as it allows, and none while it is not well. */
export class EndpointRunner {
  readonly #queue: Queued[] = [];
  #inFlight = 0;
  #unsettled = 0;
  #breaker = closedBreaker;
  /** Whether the database may hold more that is due. */
  #hasMore = false;
  #isTaking = false;
  #isStopped = false;
  readonly #alarms = new Alarms(() => this.wake());

  constructor(
    private readonly parts: DeliveringParts,
    private endpoint: Endpoint,
  ) {}

  get inFlight(): number {
    return this.#inFlight;
  }

  get isOpen(): boolean {
    return !isClosed(this.#breaker);
  }

  /** The endpoint has changed. */
  update(endpoint: Endpoint): void {
    const { url } = this.endpoint;
    this.endpoint = endpoint;
    // What is elsewhere, or was repaired and enabled, deserves a fresh look.
    if (url !== endpoint.url) this.#breaker = closedBreaker;
    if (isActive(endpoint)) return this.wake();
    this.#breaker = closedBreaker;
    void this.#giveBackQueue();
  }

  /** There may be something due. */
  wake(): void {
    this.#hasMore = true;
    this.#go();
  }

  /** Something is due at that time (epoch milliseconds). */
  wakeAt(at: number): void {
    this.#alarms.setAt(at);
  }

  /** Takes no more and gives back what has not begun. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#alarms.clear();
    await this.#giveBackQueue();
  }

  get #isResting(): boolean {
    return this.#isStopped || !isActive(this.endpoint);
  }

  #go(): void {
    if (this.#isResting) return;
    this.#startQueued();
    if (this.#hasMore && !this.#isTaking && this.#limit() > 0) void this.#take();
  }

  #room(): number {
    return allowed(this.#breaker, concurrency, Date.now()) - this.#inFlight;
  }

  /** How many to take now. */
  #limit(): number {
    const { rate_per_second: rate } = this.endpoint;
    const queued = this.#queue.length;
    if (this.#room() <= 0 || this.#unsettled >= mostUnsettled) return 0;
    if (this.isOpen) return queued === 0 ? 1 : 0;
    if (rate === undefined) return queued > concurrency / 2 ? 0 : batch;
    return queued > 0 ? 0 : Math.max(1, Math.min(batch, Math.floor(rate)));
  }

  #startQueued(): void {
    const now = Date.now();
    for (let next = this.#queue[0]; next !== undefined && this.#room() > 0; next = this.#queue[0]) {
      if (next.notBefore > now) return this.#alarms.setAt(next.notBefore);
      this.#queue.shift();
      // One that has waited too long is left: it is due again by itself.
      if (now < next.notAfter) void this.#deliver(next.delivery);
    }
  }

  async #take(): Promise<void> {
    this.#isTaking = true;
    this.#hasMore = false;
    try {
      this.#queue.push(...(await this.#taken()));
    } catch (error) {
      this.#alarms.setAt(Date.now() + databaseRetryMs);
      this.parts.logger.warn({ err: error, hook_id: this.endpoint.id }, 'deliveries cannot be taken now');
    }
    this.#isTaking = false;
    if (this.#isResting) await this.#giveBackQueue();
    this.#go();
  }

  async #taken(): Promise<Queued[]> {
    const { id, rate_per_second: rate } = this.endpoint;
    const { database } = this.parts;
    const limit = this.#limit();
    // A slow rate, shared by many copies, has its turns far ahead.
    const seconds = takenSeconds + (rate === undefined ? 0 : 10 / Math.min(rate, 1));
    const notAfter = Date.now() + seconds * 1_000 - attemptMs;
    const taken = await database.use((source) => takeDue(source, id, { limit, seconds }));
    if (taken.length === limit) this.#hasMore = true;
    const gapMs = rate === undefined ? 0 : 1_000 / rate;
    const first = Date.now() + (rate === undefined ? 0 : await this.#firstTurn(taken.length, rate));
    return taken.map((delivery, nth) => ({ delivery, notBefore: first + nth * gapMs, notAfter }));
  }

  /** In how many ms the first of these may be sent, so that all copies together keep to the endpoint's rate. */
  async #firstTurn(count: number, perSecond: number): Promise<number> {
    if (count === 0) return 0;
    const { id } = this.endpoint;
    return this.parts.database.use((source) => reserveSendings(source, id, { count, perSecond }));
  }

  async #deliver(delivery: TakenDelivery): Promise<void> {
    const { endpoint } = this;
    this.#inFlight += 1;
    const posted = await attempt(this.parts, endpoint, delivery).catch((error: unknown) => {
      // Nothing was sent: the log does not answer, or the secrets cannot be opened.
      this.parts.logger.warn({ err: error, ...factsOf(delivery) }, 'a delivery cannot be made now');
      return null;
    });
    this.#inFlight -= 1;
    if (posted === null) await this.#giveBack([delivery], notNowMs);
    else await this.#settle(endpoint, delivery, posted);
    this.#go();
  }

  async #settle(endpoint: Endpoint, delivery: TakenDelivery, posted: Posted): Promise<void> {
    const { logger, retrySeconds, settler, onGone } = this.parts;
    const outcome = outcomeOf(delivery, posted, retrySeconds);
    tellOutcome(logger, delivery, outcome);
    this.#learn(posted);
    this.#unsettled += 1;
    this.#go();
    await settler.settle(outcome.settled);
    this.#unsettled -= 1;
    if (isGone(posted)) onGone(endpoint);
    if (outcome.verdict.status === 'failed') this.wakeAt(Date.now() + outcome.verdict.retry_in_ms);
    // The next one of the same packet may have waited for this.
    if (endpoint.ordered) this.#hasMore = true;
  }

  #learn(posted: Posted): void {
    const now = Date.now();
    if (isDelivered(posted)) {
      this.#breaker = afterSuccess();
      return;
    }
    this.#breaker = afterFailure(this.#breaker, now, askedToWaitMs(posted, instantAt(now)));
    if (!this.isOpen) return;
    // What waits here is left until the endpoint is looked at again.
    this.wakeAt(this.#breaker.openUntil);
    void this.#giveBackQueue();
  }

  #giveBackQueue(): Promise<void> {
    return this.#giveBack(
      this.#queue.splice(0).map(({ delivery }) => delivery),
      0,
    );
  }

  async #giveBack(deliveries: readonly TakenDelivery[], inMs: number): Promise<void> {
    if (deliveries.length === 0) return;
    const ids = deliveries.map(({ id }) => id);
    try {
      await this.parts.database.use((source) => giveBackDeliveries(source, ids, inMs));
      this.wakeAt(Date.now() + inMs);
    } catch {
      // They are due again by themselves when the time is over for which they were taken.
    }
  }
}
