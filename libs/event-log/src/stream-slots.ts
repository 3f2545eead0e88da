import { randomUUID } from 'node:crypto';
import { streams, streamSlotSubject, streamSlotSubjects } from '#libs/contracts';
import type { NatsConnection } from '@nats-io/nats-core';
import { Mailbox } from './mailbox.js';
import type { PublishAck } from './publisher.js';
import { writeHeaders } from './raw-headers.js';
import { LogUnavailable } from './unavailable.js';

export interface SlotRequest {
  tenant: string;
  /** How many the tenant may have at a time; null: any number. */
  limit: number | null;
  /** Told when the slot went, because the server was away for long, and there is no other. */
  onLost: () => void;
}

/** What is held until it is released. */
export interface Slot {
  release(): void;
}

interface Place {
  subject: string;
  /** Of the message that holds it. */
  sequence: number;
}

interface Held extends Place {
  id: string;
  request: SlotRequest;
  released: boolean;
  /** Epoch milliseconds at which it is written anew. */
  dueAt: number;
  /** What is done with it goes one after the other. */
  work: Promise<void>;
}

interface StreamSlotsOptions {
  /** How long a slot stays whose holder says nothing any more. Whole seconds; default 30. */
  ttlSeconds?: number;
  /** How long one call may take. Default 3,000 ms. */
  timeoutMs?: number;
}

const staleCodes = new Set<number | undefined>([10071, 10164]);
const api = '$JS.API';

/**
 * The open live streams of each tenant, over all gateways: every stream holds a slot, which is a message that
 * goes by itself unless its holder writes it anew. Slots are numbered up to the tenant's limit, and each is taken by
 * a write that only one can make, so there are never more.
 */
export class StreamSlots {
  readonly #mailbox: Mailbox;
  readonly #held = new Set<Held>();
  readonly #releasing = new Set<Promise<void>>();
  readonly #clock: NodeJS.Timeout;
  readonly #ttlMs: number;

  constructor(nats: NatsConnection, { ttlSeconds = 30, timeoutMs = 3_000 }: StreamSlotsOptions = {}) {
    this.#ttlMs = ttlSeconds * 1_000;
    this.#mailbox = new Mailbox(nats, timeoutMs, () => this.#refreshUntil(Infinity));
    // A few at a time, as they came, and each three times before it would go.
    this.#clock = setInterval(() => this.#refreshUntil(Date.now()), this.#ttlMs / 30).unref();
  }

  /** Takes a free slot; null: there is none. @throws LogUnavailable */
  async take(request: SlotRequest): Promise<Slot | null> {
    const id = randomUUID();
    const place = await this.#find(id, request);
    if (place === null) return null;
    const dueAt = Date.now() + this.#ttlMs / 3;
    const held: Held = { ...place, id, request, released: false, dueAt, work: Promise.resolve() };
    this.#held.add(held);
    return { release: () => this.#release(held) };
  }

  /** How many streams a tenant has open, on all gateways. @throws LogUnavailable */
  async count(tenant: string): Promise<number> {
    return (await this.#occupied(tenant)).size;
  }

  /** Waits until what was released is free for others. */
  async close(): Promise<void> {
    clearInterval(this.#clock);
    for (const held of this.#held) this.#release(held);
    await Promise.all(this.#releasing);
    this.#mailbox.close();
  }

  async #find(id: string, { tenant, limit }: SlotRequest): Promise<Place | null> {
    if (limit === null) return this.#put({ subject: streamSlotSubject(tenant, id), sequence: 0 }, id);
    const occupied = await this.#occupied(tenant);
    if (occupied.size >= limit) return null;
    for (let number = 1; number <= limit; number += 1) {
      const subject = streamSlotSubject(tenant, String(number));
      const place = occupied.has(subject) ? null : await this.#put({ subject, sequence: 0 }, id);
      if (place !== null) return place;
    }
    return null;
  }

  /** Writes the slot whose last message is known; null: somebody else has written it. */
  async #put({ subject, sequence }: Place, id: string): Promise<Place | null> {
    const headers = writeHeaders([
      ['Nats-Expected-Last-Subject-Sequence', String(sequence)],
      ['Nats-TTL', `${this.#ttlMs / 1_000}s`],
    ]);
    const answer = await this.#mailbox.ask({ subject, payload: id, headers });
    const { error, seq } = answer.json<PublishAck>();
    if (staleCodes.has(error?.err_code)) return null;
    if (seq === undefined || error) throw new LogUnavailable('The slot was not written.');
    return { subject, sequence: seq };
  }

  async #occupied(tenant: string): Promise<Set<string>> {
    const payload = JSON.stringify({ subjects_filter: streamSlotSubjects(tenant) });
    const answer = await this.#mailbox.ask({ subject: `${api}.STREAM.INFO.${streams.streamSlots}`, payload });
    const { state } = answer.json<{ state?: { subjects?: Record<string, number> } }>();
    if (state === undefined) throw new LogUnavailable('The slots cannot be read.');
    return new Set(Object.keys(state.subjects ?? {}));
  }

  /** The place where the slot stands, if it is still this one's. */
  async #seek({ id, subject }: Held): Promise<Place | null> {
    const answer = await this.#mailbox.ask({
      subject: `${api}.DIRECT.GET.${streams.streamSlots}.${subject}`,
    });
    if (answer.string() !== id) return null;
    return { subject, sequence: Number(answer.headers?.get('Nats-Sequence')) };
  }

  async #refresh(held: Held): Promise<void> {
    if (held.released) return;
    // The answer to an earlier refresh may have been lost on its way.
    const kept = (await this.#put(held, held.id)) ?? (await this.#seek(held));
    const place = kept ?? (await this.#find(held.id, held.request));
    if (place !== null) return void Object.assign(held, place);
    this.#held.delete(held);
    held.request.onLost();
  }

  #refreshUntil(time: number): void {
    for (const held of this.#held) {
      if (held.dueAt > time) continue;
      held.dueAt = Date.now() + this.#ttlMs / 3;
      // What cannot be written now is tried again, until the slot has gone and after.
      void this.#then(held, () => this.#refresh(held).catch(() => undefined));
    }
  }

  #release(held: Held): void {
    if (held.released) return;
    held.released = true;
    this.#held.delete(held);
    const releasing = this.#then(held, () => this.#delete(held)).finally(() =>
      this.#releasing.delete(releasing),
    );
    this.#releasing.add(releasing);
  }

  // By its sequence, so that it is never somebody else's; where that fails it goes by itself.
  async #delete({ sequence }: Held): Promise<void> {
    const payload = JSON.stringify({ seq: sequence, no_erase: true });
    const subject = `${api}.STREAM.MSG.DELETE.${streams.streamSlots}`;
    await this.#mailbox.ask({ subject, payload }).catch(() => undefined);
  }

  #then(held: Held, task: () => Promise<void>): Promise<void> {
    return (held.work = held.work.then(task));
  }
}
