import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What a receiver remembers of one message: how often it came, and under which ids. */
export interface Arrival {
  times: number;
  /** `webhook-id` and `x-hr-delivery`: one pair, however often it comes. */
  ids: Set<string>;
  /** The trace that it came in, each time. */
  traceparents: string[];
}

/** Takes webhooks on any number of paths, one per endpoint, and counts what comes again. */
export class HookReceiver {
  /** By path, then by packet and revision. */
  readonly arrivals = new Map<string, Map<string, Arrival>>();
  received = 0;

  private constructor(
    readonly server: Server,
    private readonly answerMs: number,
  ) {}

  static async start(answerMs: number): Promise<HookReceiver> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    const receiver = new HookReceiver(server, answerMs);
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        receiver.#take(request.url ?? '', request.headers, text);
        void delay(receiver.answerMs).then(() => response.writeHead(204).end());
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  urlOf(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** Different messages that came, of all paths. */
  get distinct(): number {
    return [...this.arrivals.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async untilDistinct(count: number, timeoutMs: number): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (this.distinct < count && Date.now() < end) await delay(10);
    if (this.distinct < count) throw new Error(`${this.distinct} of ${count} deliveries came`);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  #take(path: string, headers: NodeJS.Dict<string | string[]>, text: string): void {
    const { packet_id, revision } = JSON.parse(text) as { packet_id: string; revision: number };
    const ofPath = this.arrivals.get(path) ?? new Map<string, Arrival>();
    this.arrivals.set(path, ofPath);
    const key = `${packet_id} ${revision}`;
    const arrival = ofPath.get(key) ?? { times: 0, ids: new Set(), traceparents: [] };
    ofPath.set(key, arrival);
    arrival.times += 1;
    arrival.ids.add(`${String(headers['webhook-id'])} ${String(headers['x-hr-delivery'])}`);
    arrival.traceparents.push(String(headers['traceparent']));
    this.received += 1;
  }
}
