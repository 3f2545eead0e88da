import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { Mailbox } from './mailbox.js';
import { writeHeaders } from './raw-headers.js';
import { LogUnavailable } from './unavailable.js';

const adding = (by: number) => writeHeaders([['Nats-Incr', `+${by}`]]);
const one = adding(1);
const notFound = 404;

// Values are whole numbers in text, since they may be larger than numbers can be; ours never are.
const valueOf = (message: Msg): number => {
  const { val } = message.json<{ val?: string }>();
  if (val === undefined) throw new LogUnavailable('The counter was not counted on.');
  return Number(val);
};

/** Counters that the server keeps, one per subject of a stream that allows them: whoever counts, none is lost. */
export class Counters {
  readonly #mailbox: Mailbox;

  /** @param timeoutMs how long one call may take */
  constructor(nats: NatsConnection, timeoutMs: number) {
    this.#mailbox = new Mailbox(nats, timeoutMs, () => undefined);
  }

  /** Adds and returns what it comes to: no two callers get the same. @throws LogUnavailable */
  async add(subject: string, by = 1): Promise<number> {
    return valueOf(await this.#mailbox.ask({ subject, headers: by === 1 ? one : adding(by) }));
  }

  /** What it stands at. @throws LogUnavailable */
  async read(stream: string, subject: string): Promise<number> {
    const answer = await this.#mailbox.ask({ subject: `$JS.API.DIRECT.GET.${stream}.${subject}` });
    return answer.data.length === 0 && answer.headers?.code === notFound ? 0 : valueOf(answer);
  }

  close(): void {
    this.#mailbox.close();
  }
}
