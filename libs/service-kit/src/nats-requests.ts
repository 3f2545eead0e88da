import { setTimeout as delay } from 'node:timers/promises';
import {
  callEndSubject,
  type CallReply,
  callSubject,
  type CallType,
  type CommandReply,
  type CommandService,
  commandSubject,
  type SendCall,
  type SendCommand,
  serviceOf,
  serviceOfCall,
} from '#libs/contracts';
import { errors, type NatsConnection, nuid } from '@nats-io/nats-core';

/** How long a request waits for a service or a server that is just starting again. */
const patienceMs = 1_000;

export interface RequestTransport {
  /** How long to wait for an answer, in milliseconds; for a call that may wait for work, beyond that. */
  timeoutMs: number;
}

/** How requests reach the services. */
export interface Requests {
  sendCommand: SendCommand;
  sendCall: SendCall;
}

interface Letter {
  subject: string;
  service: CommandService;
  body: string;
  timeoutMs: number;
}

/** An answer that comes of the way, not of the service. */
type Failure = Extract<CommandReply, { outcome: 'fault' | 'refused' }>;

const unavailable = (detail: string): Failure => ({ outcome: 'fault', code: 'unavailable', detail });

const tooLarge: Failure = {
  outcome: 'refused',
  rejection: { code: 'packet_too_large', detail: 'The request is larger than a message may be: send less.' },
};

/** The request reached nobody, so it can be sent again without a doubt. */
const unheard = Symbol('unheard');

const failureOf = (error: unknown, { service }: Letter): Failure | typeof unheard => {
  if (error instanceof errors.RequestError && error.isNoResponders()) return unheard;
  if (error instanceof errors.InvalidArgumentError) return tooLarge;
  if (error instanceof errors.TimeoutError)
    return unavailable(`The ${service} service did not answer in time: send it again.`);
  return unavailable('The connection to NATS is down: send it again.');
};

/** Sends over one connection; a lost connection ends what waits for an answer at once. */
class NatsRequests {
  readonly #waiting = new Set<(reply: Failure) => void>();
  #connected = true;

  constructor(private readonly nats: NatsConnection) {
    void this.#watch();
  }

  async send<Reply>(letter: Letter): Promise<Reply | Failure> {
    const end = Date.now() + patienceMs;
    for (let pause = 10; ; pause = Math.min(pause * 2, 100)) {
      const reply = this.#connected ? await this.#attempt<Reply>(letter) : unheard;
      if (reply !== unheard) return reply;
      if (Date.now() + pause > end || this.nats.isClosed()) return this.#gaveUp(letter);
      await delay(pause);
    }
  }

  #gaveUp({ service }: Letter): Failure {
    return unavailable(
      this.#connected
        ? `No ${service} service is running.`
        : 'The connection to NATS is down: send it again.',
    );
  }

  #attempt<Reply>(letter: Letter): Promise<Reply | Failure | typeof unheard> {
    const { subject, body, timeoutMs } = letter;
    return new Promise((resolve) => {
      const settle = (reply: Reply | Failure | typeof unheard) => {
        this.#waiting.delete(settle);
        resolve(reply);
      };
      this.#waiting.add(settle);
      this.nats
        .request(subject, body, { timeout: timeoutMs })
        .then((message) => settle(message.json<Reply>()))
        .catch((error: unknown) => settle(failureOf(error, letter)));
    });
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.nats.status()) {
      if (type === 'reconnect') this.#connected = true;
      if (type !== 'disconnect') continue;
      this.#connected = false;
      for (const settle of [...this.#waiting])
        settle(unavailable('The connection to NATS was lost: send it again.'));
    }
  }
}

interface CallRoute {
  requests: NatsRequests;
  nats: NatsConnection;
  timeoutMs: number;
}

/** A caller that goes away says so, by an id that its call carries. */
const sendCallOver =
  ({ requests, nats, timeoutMs }: CallRoute): SendCall =>
  async <T extends CallType>(type: T, request: object, signal?: AbortSignal) => {
    const waitMs = 'wait_ms' in request ? Number(request.wait_ms) : 0;
    const call_id = signal && nuid.next();
    const end = () => nats.publish(callEndSubject(type), JSON.stringify({ call_id }));
    signal?.addEventListener('abort', end, { once: true });
    try {
      return await requests.send<CallReply<T>>({
        subject: callSubject(type),
        service: serviceOfCall[type],
        body: JSON.stringify(call_id === undefined ? request : { ...request, call_id }),
        timeoutMs: timeoutMs + waitMs,
      });
    } finally {
      signal?.removeEventListener('abort', end);
    }
  };

/**
 * Commands and calls as NATS requests to the service that owns them. A service that is just restarting, or a
 * connection that comes back, is waited for up to a second; what may have been executed is never sent twice.
 */
export const requestOverNats = (nats: NatsConnection, { timeoutMs }: RequestTransport): Requests => {
  const requests = new NatsRequests(nats);
  return {
    sendCommand: (request) =>
      requests.send<CommandReply>({
        subject: commandSubject(request.type),
        service: serviceOf[request.type],
        body: JSON.stringify(request),
        timeoutMs,
      }),
    sendCall: sendCallOver({ requests, nats, timeoutMs }),
  };
};
