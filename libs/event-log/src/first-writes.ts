import { JetStreamApiError, jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { LogUnavailable } from './unavailable.js';

const wrongLastSequence = 10071;
const timeoutMs = 3_000;

/**
 * JSON values of a bucket that are written once, by whoever comes first, and never again. They are read from
 * the server each time: few are asked for, and none is held in memory.
 */
export class FirstWrites<T> {
  private constructor(private readonly kv: KV) {}

  /** Opens a provisioned bucket. */
  static async open<T>(nats: NatsConnection, name: string): Promise<FirstWrites<T>> {
    return new FirstWrites<T>(await new Kvm(jetstream(nats, { timeout: timeoutMs })).open(name));
  }

  /** The value of the key. Without one it is made and stored, unless another came first. @throws LogUnavailable */
  async keep(key: string, make: () => Promise<T>): Promise<T> {
    const known = await this.#read(key);
    if (known !== undefined) return known;
    const made = await make();
    return (await this.#isFirst(key, made)) ? made : ((await this.#read(key)) ?? made);
  }

  async #read(key: string): Promise<T | undefined> {
    const entry = await this.kv.get(key).catch(unavailable);
    return entry?.json<T>();
  }

  async #isFirst(key: string, value: T): Promise<boolean> {
    try {
      await this.kv.create(key, JSON.stringify(value));
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === wrongLastSequence) return false;
      return unavailable(error);
    }
  }
}

const unavailable = (cause: unknown): never => {
  throw new LogUnavailable('The bucket does not answer.', { cause });
};
