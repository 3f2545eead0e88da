import type { Socket } from 'node:net';

/** Lets one at a time have something, in the order of asking. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Settles when it is one's turn, with what ends it. */
  async take(): Promise<() => void> {
    let end: () => void = () => undefined;
    const before = this.#last;
    this.#last = new Promise((resolve) => (end = resolve));
    await before;
    return end;
  }
}

/** Cuts a stream of Postgres messages into whole ones: a type, and a length that counts itself. */
const cutter = (take: (message: Buffer) => void) => {
  let held: Buffer = Buffer.alloc(0);
  return (chunk: Buffer): void => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= 5) {
      const length = 1 + held.readInt32BE(1);
      if (held.length < length) return;
      take(held.subarray(0, length));
      held = held.subarray(length);
    }
  };
};

const typeOf = (message: Buffer): string => String.fromCharCode(message[0] ?? 0);
const isTransactionOpen = (ready: Buffer): boolean => ready[5] !== 'I'.charCodeAt(0);

/**
 * A client of the one session that all clients share. It has the session from the beginning of a request until
 * the server is ready again, and throughout a transaction; else the statement of one client could get the
 * parameters of another.
 */
export class TurnTaker {
  #request: Buffer[] = [];
  #work: Promise<void> = Promise.resolve();
  #end: (() => void) | undefined;
  #answered: () => void = () => undefined;
  #isGone = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly turns: Turns,
  ) {
    const watch = cutter((message) => this.#hear(message));
    server.on('data', (chunk: Buffer) => {
      this.#pass(chunk);
      watch(chunk);
    });
    for (const socket of [client, server]) socket.once('close', () => this.#leave());
  }

  /** Begins with the client's startup message. */
  start(startup: Buffer): void {
    this.#enqueue(startup);
    this.client.on(
      'data',
      cutter((message) => this.#take(message)),
    );
    this.client.resume();
  }

  /** Query and Sync end a request, and the server says when it is ready again. */
  #take(message: Buffer): void {
    const type = typeOf(message);
    // The session stays, whoever leaves it.
    if (type === 'X') return void this.client.end();
    this.#request.push(message);
    if (type === 'Q' || type === 'S') this.#enqueue(Buffer.concat(this.#request.splice(0)));
  }

  #enqueue(request: Buffer): void {
    this.#work = this.#work.then(() => this.#send(request));
  }

  async #send(request: Buffer): Promise<void> {
    if (this.#isGone) return;
    this.#end ??= await this.turns.take();
    // It may have left while it waited.
    if (this.#isGone) return this.#release();
    const answer = new Promise<void>((resolve) => (this.#answered = resolve));
    this.server.write(request);
    await answer;
  }

  #hear(message: Buffer): void {
    if (typeOf(message) !== 'Z') return;
    if (!isTransactionOpen(message)) this.#release();
    this.#answered();
  }

  #pass(chunk: Buffer): void {
    if (this.client.write(chunk)) return;
    this.server.pause();
    this.client.once('drain', () => this.server.resume());
  }

  #release(): void {
    this.#end?.();
    this.#end = undefined;
  }

  #leave(): void {
    this.#isGone = true;
    this.#release();
    this.#answered();
  }
}
