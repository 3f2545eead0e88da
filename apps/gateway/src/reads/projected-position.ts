import { parsePosition, positionSubject } from '#libs/contracts';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';

interface Waiter {
  sequence: number;
  settle: (reached: boolean) => void;
}

const readToken = (data: { json<T>(): T }): number => {
  try {
    return parsePosition(data.json<{ position: string }>().position) ?? 0;
  } catch {
    return 0;
  }
};

/** How far the read models are, as the projector tells after each commit. */
export class ProjectedPosition {
  #reached = 0;
  readonly #waiters = new Set<Waiter>();
  readonly #subscription: Subscription;
  readonly #refresh: () => Promise<number>;
  #refreshing = false;

  /** @param refresh reads the position from the read models, for when the projector's word did not come */
  constructor(nats: NatsConnection, refresh: () => Promise<number>) {
    this.#refresh = refresh;
    this.#subscription = nats.subscribe(positionSubject, {
      callback: (error, message) => {
        if (error === null) this.advance(readToken(message));
      },
    });
  }

  get reached(): number {
    return this.#reached;
  }

  advance(sequence: number): void {
    if (sequence <= this.#reached) return;
    this.#reached = sequence;
    for (const waiter of this.#waiters) if (waiter.sequence <= sequence) waiter.settle(true);
  }

  /** Whether the read models hold this place of the log, now or within the time. */
  until(sequence: number, timeoutMs: number): Promise<boolean> {
    if (sequence <= this.#reached) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (reached: boolean): void => {
        clearTimeout(late);
        clearInterval(look);
        this.#waiters.delete(waiter);
        resolve(reached);
      };
      const waiter = { sequence, settle };
      const late = setTimeout(settle, timeoutMs, false);
      const look = setInterval(() => void this.refresh(), 100);
      this.#waiters.add(waiter);
      if (this.#reached === 0) void this.refresh();
    });
  }

  /** Asks the read models themselves; a failure leaves the position as it is known. */
  async refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    try {
      this.advance(await this.#refresh());
    } catch {
      // They are down: what waits is told in time that its place was not reached.
    } finally {
      this.#refreshing = false;
    }
  }

  close(): void {
    this.#subscription.unsubscribe();
    for (const waiter of this.#waiters) waiter.settle(false);
  }
}
