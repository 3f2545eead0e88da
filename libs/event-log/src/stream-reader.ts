import { setTimeout as sleep } from 'node:timers/promises';
import type { Msg } from '@nats-io/nats-core';
import type { Mailbox } from './mailbox.js';
import { readHeaders } from './raw-headers.js';
import type { HeaderMap } from './raw-headers.js';
import { LogUnavailable } from './unavailable.js';

/** One message of a stream, as stored. */
export interface StoredMessage {
  sequence: number;
  headers: HeaderMap;
  payload: string;
}

export interface ReadRequest {
  /** First sequence, 1 or more. */
  from: number;
  /** Most messages to return. */
  limit: number;
  /** Only this subject, which may have wildcards; all without. */
  subject?: string;
  /** Most bytes in one answer of the server; a page may be shorter for it. */
  maxBytes?: number;
}

/** Messages in order; `pending` is how many more there were. */
export interface StreamPage {
  messages: StoredMessage[];
  pending: number;
}

/** The sequences of a stream's oldest and newest message; an empty one begins behind its end. */
export interface Bounds {
  first: number;
  last: number;
}

interface StreamState {
  first_seq: number;
  last_seq: number;
  subjects?: Record<string, number>;
}

/** How long a replica may lag behind its leader before a read gives up. */
const lagMs = 2_000;
const noMessageFound = 10037;
const endOfBatch = 204;
const notFound = 404;

const statusOf = (message: Msg): number => (message.data.length === 0 ? (message.headers?.code ?? 0) : 0);

const store = (message: Msg): StoredMessage => {
  const headers = readHeaders(message);
  return { headers, sequence: Number(headers.get('Nats-Sequence')), payload: message.string() };
};

/** Reads a stream by direct gets: no consumer, one round trip, what is stored at the moment of asking. */
export class StreamReader {
  constructor(
    private readonly mailbox: Mailbox,
    private readonly stream: string,
  ) {}

  /** One page. @throws LogUnavailable */
  async page(request: ReadRequest): Promise<StreamPage> {
    const page: StreamPage = { messages: [], pending: 0 };
    const ask = {
      seq: request.from,
      batch: request.limit,
      next_by_subj: request.subject,
      max_bytes: request.maxBytes,
    };
    const subject = `$JS.API.DIRECT.GET.${this.stream}`;
    await this.mailbox.askMany({ subject, payload: JSON.stringify(ask) }, (message) =>
      this.#take(page, message),
    );
    return page;
  }

  /** Everything of a subject from a sequence on, in as few round trips as it takes. @throws LogUnavailable */
  async all(subject: string, from: number): Promise<StoredMessage[]> {
    const limit = 1_000;
    const { messages, pending } = await this.page({ subject, from, limit });
    const last = messages.at(-1);
    if (pending === 0 || last === undefined) return messages;
    return [...messages, ...(await this.all(subject, last.sequence + 1))];
  }

  /**
   * The same on a stream with replicas, whose direct gets any replica answers, though it may lag: the leader
   * says first how far the subject goes. @throws LogUnavailable
   */
  async allFromLeader(subject: string, from: number): Promise<StoredMessage[]> {
    const last = await this.#askLeader({ last_by_subj: subject });
    const deadline = Date.now() + lagMs;
    while (last >= from && Date.now() < deadline) {
      const messages = await this.all(subject, from);
      if ((messages.at(-1)?.sequence ?? 0) >= last) return messages;
      await sleep(1);
    }
    if (last < from) return [];
    throw new LogUnavailable('No replica of the log has its newest events yet.');
  }

  /** The last message of a subject, or null. @throws LogUnavailable */
  async last(subject: string): Promise<StoredMessage | null> {
    const message = await this.mailbox.ask({ subject: `$JS.API.DIRECT.GET.${this.stream}.${subject}` });
    return statusOf(message) === 0 ? store(message) : null;
  }

  /** The same on a stream with replicas, which may lag. @throws LogUnavailable */
  async lastFromLeader(subject: string): Promise<StoredMessage | null> {
    const last = await this.#askLeader({ last_by_subj: subject });
    return last === 0 ? null : ((await this.allFromLeader(subject, last)).at(-1) ?? null);
  }

  /** Where the stream begins and ends. @throws LogUnavailable */
  async bounds(): Promise<Bounds> {
    const { first_seq: first, last_seq: last } = await this.#state();
    return { first, last };
  }

  /** Whether the leader has a message of the subject from this sequence on. @throws LogUnavailable */
  async isOnLeader(subject: string, from: number): Promise<boolean> {
    return (await this.#askLeader({ seq: from, next_by_subj: subject })) > 0;
  }

  /** How many messages a subject has: from the server's index, no message is read. @throws LogUnavailable */
  async count(subject: string): Promise<number> {
    return (await this.#state(JSON.stringify({ subjects_filter: subject }))).subjects?.[subject] ?? 0;
  }

  async #state(payload = ''): Promise<StreamState> {
    const message = await this.mailbox.ask({ subject: `$JS.API.STREAM.INFO.${this.stream}`, payload });
    const info = message.json<{ state?: StreamState; error?: { description: string } }>();
    if (info.state === undefined)
      throw new LogUnavailable(info.error?.description ?? 'The stream is not there.');
    return info.state;
  }

  /** The sequence of one message, 0 when there is none. */
  async #askLeader(request: object): Promise<number> {
    const payload = JSON.stringify(request);
    const answer = await this.mailbox.ask({ subject: `$JS.API.STREAM.MSG.GET.${this.stream}`, payload });
    const { message, error } = answer.json<{
      message?: { seq: number };
      error?: { err_code: number; description: string };
    }>();
    if (message !== undefined) return message.seq;
    if (error?.err_code === noMessageFound) return 0;
    throw new LogUnavailable(error?.description ?? 'The leader of the log does not answer.');
  }

  #take(page: StreamPage, message: Msg): boolean {
    const status = statusOf(message);
    if (status === 0) {
      page.messages.push(store(message));
      return false;
    }
    if (status === endOfBatch) {
      page.pending = Number(readHeaders(message).get('Nats-Num-Pending') ?? 0);
      return true;
    }
    if (status === notFound) return true;
    throw new LogUnavailable(`The log answered ${status} ${message.headers?.description ?? ''}.`);
  }
}
