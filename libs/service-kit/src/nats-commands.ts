import { setTimeout as delay } from 'node:timers/promises';
import {
  type CommandReply,
  type CommandRequest,
  commandSubject,
  type SendCommand,
  serviceOf,
} from '#libs/contracts';
import { errors, type NatsConnection } from '@nats-io/nats-core';

/** How long a command waits for a service or a server that is just starting again. */
const patienceMs = 1_000;

export interface CommandTransport {
  /** How long to wait for an answer, in milliseconds. */
  timeoutMs: number;
}

const unavailable = (detail: string): CommandReply => ({ outcome: 'fault', code: 'unavailable', detail });

const tooLarge: CommandReply = {
  outcome: 'refused',
  rejection: { code: 'packet_too_large', detail: 'The request is larger than a message may be: send less.' },
};

/** The command reached nobody, so it can be sent again without a doubt. */
const unheard = Symbol('unheard');

const outcomeOf = (error: unknown, request: CommandRequest): CommandReply | typeof unheard => {
  if (error instanceof errors.RequestError && error.isNoResponders()) return unheard;
  if (error instanceof errors.InvalidArgumentError) return tooLarge;
  if (error instanceof errors.TimeoutError)
    return unavailable(`The ${serviceOf[request.type]} service did not answer in time: send it again.`);
  return unavailable('The connection to NATS is down: send it again.');
};

/** Sends over one connection; a lost connection ends what waits for an answer at once. */
class NatsCommands {
  readonly #waiting = new Set<(reply: CommandReply) => void>();
  #connected = true;

  constructor(
    private readonly nats: NatsConnection,
    private readonly timeoutMs: number,
  ) {
    void this.#watch();
  }

  async send(request: CommandRequest): Promise<CommandReply> {
    const end = Date.now() + patienceMs;
    const body = JSON.stringify(request);
    for (let pause = 10; ; pause = Math.min(pause * 2, 100)) {
      const reply = this.#connected ? await this.#attempt(request, body) : unheard;
      if (reply !== unheard) return reply;
      if (Date.now() + pause > end || this.nats.isClosed()) return this.#gaveUp(request);
      await delay(pause);
    }
  }

  #gaveUp(request: CommandRequest): CommandReply {
    return unavailable(
      this.#connected
        ? `No ${serviceOf[request.type]} service is running.`
        : 'The connection to NATS is down: send it again.',
    );
  }

  #attempt(request: CommandRequest, body: string): Promise<CommandReply | typeof unheard> {
    return new Promise((resolve) => {
      const settle = (reply: CommandReply | typeof unheard) => {
        this.#waiting.delete(settle);
        resolve(reply);
      };
      this.#waiting.add(settle);
      this.nats
        .request(commandSubject(request.type), body, { timeout: this.timeoutMs })
        .then((message) => settle(message.json<CommandReply>()))
        .catch((error: unknown) => settle(outcomeOf(error, request)));
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

/**
 * Commands as NATS requests to the service that owns them. A service that is just restarting, or a connection
 * that comes back, is waited for up to a second; what may have been executed is never sent twice.
 */
export const sendOverNats = (nats: NatsConnection, transport: CommandTransport): SendCommand => {
  const commands = new NatsCommands(nats, transport.timeoutMs);
  return (request) => commands.send(request);
};
