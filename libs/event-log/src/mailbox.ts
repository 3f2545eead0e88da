import { createInbox } from '@nats-io/nats-core';
import type { Msg, MsgHdrs, NatsConnection, Subscription } from '@nats-io/nats-core';
import { LogUnavailable } from './unavailable.js';

export interface Letter {
  subject: string;
  payload?: string | Uint8Array;
  headers?: MsgHdrs;
}

interface Pending {
  deadline: number;
  /** Returns true when the answer is complete. */
  take: (message: Msg) => boolean;
  fail: (error: LogUnavailable) => void;
}

const sweepMs = 100;

/**
 * Requests with one or many answers over a single inbox subscription. Against one subscription or one timer
 * per request it halves the cost of a direct get, and it fails at once when the connection is lost.
 */
export class Mailbox {
  readonly #inbox = createInbox();
  readonly #pending = new Map<string, Pending>();
  readonly #subscription: Subscription;
  readonly #sweeper: NodeJS.Timeout;
  #next = 0;
  #connected = true;

  constructor(
    private readonly nc: NatsConnection,
    /** How long a request may take. */
    readonly timeoutMs: number,
    private readonly onReconnect: () => void,
  ) {
    this.#subscription = nc.subscribe(`${this.#inbox}.*`, {
      callback: (_error, message) => this.#deliver(message),
    });
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs).unref();
    void this.#watchConnection();
  }

  /** One request, one answer. @throws LogUnavailable */
  ask(letter: Letter): Promise<Msg> {
    return new Promise((resolve, fail) => {
      const take = (message: Msg): boolean => {
        resolve(message);
        return true;
      };
      this.#send(letter, { take, fail, deadline: Date.now() + this.timeoutMs });
    });
  }

  /** One request, answers until `take` returns true. @throws LogUnavailable, and what `take` throws. */
  askMany(letter: Letter, take: (message: Msg) => boolean): Promise<void> {
    return new Promise((resolve, fail) => {
      const takeOne = (message: Msg): boolean => {
        const done = take(message);
        if (done) resolve();
        return done;
      };
      this.#send(letter, { take: takeOne, fail, deadline: Date.now() + this.timeoutMs });
    });
  }

  /** A message without an answer. The client would keep it through an outage: we do not. @throws LogUnavailable */
  post(letter: Letter): void {
    if (this.#isDown) throw new LogUnavailable('The connection to NATS is down.');
    this.nc.publish(letter.subject, letter.payload, letter.headers && { headers: letter.headers });
  }

  /** Fails what is pending and gives the inbox up. */
  close(): void {
    clearInterval(this.#sweeper);
    this.#failAll('The log is closed.');
    if (!this.nc.isClosed()) this.#subscription.unsubscribe();
  }

  get #isDown(): boolean {
    return !this.#connected || this.nc.isClosed();
  }

  #send(letter: Letter, pending: Pending): void {
    if (this.#isDown) {
      pending.fail(new LogUnavailable('The connection to NATS is down.'));
      return;
    }
    const token = (this.#next++).toString(36);
    this.#pending.set(token, pending);
    const reply = `${this.#inbox}.${token}`;
    try {
      this.nc.publish(letter.subject, letter.payload, {
        reply,
        ...(letter.headers && { headers: letter.headers }),
      });
    } catch (error) {
      this.#pending.delete(token);
      pending.fail(new LogUnavailable('The request could not be sent.', { cause: error }));
    }
  }

  #deliver(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length + 1);
    const pending = this.#pending.get(token);
    if (pending === undefined) return;
    if (message.data.length === 0 && message.headers?.code === 503) {
      this.#pending.delete(token);
      pending.fail(new LogUnavailable('Nobody answers for the log (is the stream there?).'));
      return;
    }
    try {
      if (pending.take(message)) this.#pending.delete(token);
    } catch (error) {
      this.#pending.delete(token);
      pending.fail(error as LogUnavailable);
    }
  }

  #sweep(): void {
    const now = Date.now();
    // One timeout for all, so the map's order is the order of the deadlines.
    for (const [token, pending] of this.#pending) {
      if (pending.deadline > now) return;
      this.#pending.delete(token);
      pending.fail(new LogUnavailable(`The log did not answer within ${this.timeoutMs} ms.`));
    }
  }

  #failAll(detail: string): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) pending.fail(new LogUnavailable(detail));
  }

  async #watchConnection(): Promise<void> {
    for await (const { type } of this.nc.status()) {
      if (type === 'reconnect') {
        this.onReconnect();
        this.#connected = true;
      }
      if (type !== 'disconnect') continue;
      this.#connected = false;
      this.#failAll('The connection to NATS was lost.');
    }
  }
}
