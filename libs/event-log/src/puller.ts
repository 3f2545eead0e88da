import { createInbox } from '@nats-io/nats-core';
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import { toDelivery } from './delivery.js';
import type { Delivery } from './delivery.js';

/** Why a pull ended: `gone` means that the consumer should be looked after before the next one. */
export type PullEnd = 'filled' | 'expired' | 'unpinned' | 'silent' | 'gone';

export interface PullTarget {
  stream: string;
  consumer: string;
  /** Priority group of a pinned consumer. */
  group?: string;
}

export interface PullRequest {
  batch: number;
  expiresMs: number;
  take: (delivery: Delivery) => void;
}

interface OpenPull {
  left: number;
  take: (delivery: Delivery) => void;
  end: (end: PullEnd) => void;
}

const nanosPerMs = 1_000_000;
const endOf: Readonly<Record<number, PullEnd>> = { 404: 'expired', 408: 'expired', 423: 'unpinned' };

/**
 * Pulls from a durable consumer, one request at a time, so that never more is on its way than was asked for.
 * (The client's own `consume` asks for more as messages arrive, not as they are handled.) Notices a server
 * that has fallen silent by its heartbeats, and keeps the pin of a pinned consumer.
 */
export class Puller {
  /** What the server knows us by while we are the pinned client. */
  pinId: string | undefined;
  readonly #inbox = createInbox();
  readonly #subscription: Subscription;
  #open: OpenPull | undefined;
  #heardAt = 0;
  #closed = false;

  constructor(
    private readonly nc: NatsConnection,
    private readonly target: PullTarget,
  ) {
    this.#subscription = nc.subscribe(this.#inbox, { callback: (_error, message) => this.#receive(message) });
    void this.#watchConnection();
  }

  /** Asks for up to `batch` messages and hands each over as it comes; settles when no more will. */
  pull({ batch, expiresMs, take }: PullRequest): Promise<PullEnd> {
    if (this.#closed) return Promise.resolve('expired');
    const heartbeatMs = Math.floor(expiresMs / 2);
    const { group } = this.target;
    const ask = {
      batch,
      expires: expiresMs * nanosPerMs,
      idle_heartbeat: heartbeatMs * nanosPerMs,
      ...(group !== undefined && { group, id: this.pinId }),
    };
    return new Promise((resolve) => {
      this.#heardAt = Date.now();
      const watch = setInterval(() => this.#checkPulse(heartbeatMs), heartbeatMs);
      const end = (how: PullEnd): void => {
        clearInterval(watch);
        this.#open = undefined;
        resolve(how);
      };
      this.#open = { left: batch, take, end };
      this.#send(ask);
    });
  }

  /** Ends an open pull and gives the inbox up; what was on its way to it is given back to the consumer. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#open?.end('expired');
    await this.#subscription.drain().catch(() => undefined);
  }

  #send(ask: object): void {
    const { stream, consumer } = this.target;
    try {
      this.nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify(ask), {
        reply: this.#inbox,
      });
    } catch {
      this.#open?.end('gone');
    }
  }

  #receive(message: Msg): void {
    this.#heardAt = Date.now();
    const delivery = toDelivery(message);
    if (delivery === null) {
      this.#receiveStatus(message);
      return;
    }
    this.pinId = delivery.headers.get('Nats-Pin-Id') ?? this.pinId;
    const open = this.#open;
    if (open === undefined) {
      delivery.retry(0);
      return;
    }
    open.left -= 1;
    if (open.left === 0) open.end('filled');
    open.take(delivery);
  }

  #receiveStatus(message: Msg): void {
    const code = message.headers?.code ?? 0;
    if (code === 100) return;
    const end = endOf[code] ?? 'gone';
    if (end === 'unpinned') this.pinId = undefined;
    this.#open?.end(end);
  }

  #checkPulse(heartbeatMs: number): void {
    if (Date.now() - this.#heardAt > 2.5 * heartbeatMs) this.#open?.end('silent');
  }

  // The server forgets open pulls with the connection, and what was sent into the gap is lost.
  async #watchConnection(): Promise<void> {
    for await (const { type } of this.nc.status()) {
      if (type === 'reconnect') this.#open?.end('silent');
    }
  }
}
