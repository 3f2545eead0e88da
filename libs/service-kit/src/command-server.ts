import { setTimeout as delay } from 'node:timers/promises';
import type { CommandReply, CommandService } from '#libs/contracts';
import type { Msg, MsgCallback, NatsConnection, Subscription } from '@nats-io/nats-core';
import { ServerNats } from '@nestjs/microservices';

interface Outgoing {
  response?: unknown;
  err?: unknown;
}

const fault: CommandReply = {
  outcome: 'fault',
  code: 'internal',
  detail: 'Something failed on our side. Send the request again; if it stays, report the trace id.',
};

// Requests and replies are the bare JSON of contracts/command-wire, without Nest's envelope, so that any
// NATS client can send a command. The reply subject makes Nest take the message as a request.
const serializer = { serialize: ({ response }: Outgoing) => ({ data: JSON.stringify(response ?? fault) }) };
const deserializer = {
  deserialize: (message: Msg, options?: { channel: string }) => ({
    pattern: options?.channel,
    data: message.json(),
    id: message.reply,
  }),
};

/**
 * Nest's NATS transport on the connection that the process already has. Copies of a service share its
 * commands as a queue group. Closing takes no more commands and waits for the answers still owed.
 */
export class CommandServer extends ServerNats {
  readonly #taken: Subscription[] = [];
  #inFlight = 0;

  constructor(
    private readonly nats: NatsConnection,
    private readonly service: CommandService,
    private readonly drainMs: number,
  ) {
    super({ queue: service, serializer, deserializer });
    this.setOnProcessingStartHook((_transport, _context, done) => {
      this.#inFlight += 1;
      void done().catch((error: unknown) => this.handleError(String(error)));
    });
    this.setOnProcessingEndHook(() => (this.#inFlight -= 1));
  }

  override createNatsClient(): Promise<NatsConnection> {
    return Promise.resolve(this.nats);
  }

  override bindEvents(): void {
    for (const subject of this.messageHandlers.keys()) {
      const callback = this.getMessageHandler(subject) as MsgCallback<Msg>;
      this.#taken.push(this.nats.subscribe(subject, { queue: this.service, callback }));
    }
  }

  override async close(): Promise<void> {
    const end = Date.now() + this.drainMs;
    if (this.nats.isClosed()) return;
    await Promise.race([
      Promise.all(this.#taken.splice(0).map((subscription) => subscription.drain())),
      delay(this.drainMs),
    ]);
    while (this.#inFlight > 0 && Date.now() < end) await delay(5);
    await Promise.race([this.nats.flush(), delay(this.drainMs)]);
  }
}
