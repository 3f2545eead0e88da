import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandRequest } from '#libs/contracts';
import { type DeliveryRequest, listDeliveries } from '#libs/deliveries';
import {
  connectNats,
  handleCommand,
  newSpanId,
  newTraceId,
  PacketLog,
  provision,
  uuidv7,
} from '#libs/event-log';
import { type Endpoint, HookRegistry, newSecret, sealSecret, SecretBox } from '#libs/hooks';
import {
  type CommandId,
  instantAt,
  normalizeNewPacket,
  type PacketCommandData,
  type PacketId,
  type Principal,
  type TenantId,
} from '#libs/packet';
import { createDataSource } from '#libs/read-models';
import { createLogger, HealthChecks, readConfig } from '#libs/service-kit';
import { TenantRegistry } from '#libs/tenants';
import { startServers, type TestServers } from '#libs/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { Webhooks } from './webhooks.js';

export const tenant = 'acme' as TenantId;
const principal: Principal = { tenant_id: tenant, key_id: 'k', role: 'writer', type: 'agent' };
const secretKey = Buffer.alloc(32, 7);
const box = new SecretBox(secretKey);
const logger = createLogger({ logLevel: 'silent' }, 'webhooks-test');

/** What a receiver got. */
export interface Got {
  at: number;
  headers: IncomingMessage['headers'];
  /** As it came. */
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the body under test has no type yet
  body: any;
}

type Behaviour = (got: Got, nth: number) => { status?: number; headers?: object; afterMs?: number } | 'close';

/** An endpoint of somebody else's, on a free port of this machine. */
export class Receiver {
  readonly got: Got[] = [];
  #behave: Behaviour = () => ({});

  private constructor(readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    const receiver = new Receiver(server);
    server.on('request', (request, response) => void receiver.#take(request, response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/in`;
  }

  /** How it answers from now on: 200 at once, if nothing is said. */
  behave(behaviour: Behaviour): void {
    this.#behave = behaviour;
  }

  /** The revisions it got of a packet, in the order they came. */
  revisionsOf(packet: PacketId): number[] {
    return this.got.filter(({ body }) => body.packet_id === packet).map(({ body }) => body.revision);
  }

  /** Waits until it got so many. */
  async until(count: number, timeoutMs = 20_000): Promise<Got[]> {
    const end = Date.now() + timeoutMs;
    while (this.got.length < count && Date.now() < end) await delay(5);
    if (this.got.length < count) throw new Error(`got ${this.got.length} of ${count}`);
    return this.got;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const got = { at: Date.now(), headers: request.headers, text, body: JSON.parse(text) as unknown };
    this.got.push(got);
    const answer = this.#behave(got, this.got.length);
    if (answer === 'close') return void request.socket.destroy();
    if (answer.afterMs !== undefined) await delay(answer.afterMs, undefined, { ref: false });
    response.writeHead(answer.status ?? 200, { ...answer.headers }).end('thanks');
  }
}

/** NATS and Postgres of their own, and any number of copies of the service on them. */
export class Rig {
  readonly receivers: Receiver[] = [];
  readonly #copies: {
    webhooks: Webhooks;
    tenants: TenantRegistry;
    nats: NatsConnection;
    log: PacketLog;
  }[] = [];
  readonly secrets = new Map<string, string>();

  // eslint-disable-next-line max-params -- what a rig is made of, in the order it is made
  private constructor(
    readonly servers: TestServers,
    readonly nats: NatsConnection,
    readonly log: PacketLog,
    readonly hooks: HookRegistry,
    readonly source: ReturnType<typeof createDataSource>,
  ) {}

  static async start(): Promise<Rig> {
    const servers = await startServers({ postgres: true });
    const nats = await connectNats(servers.natsUrl, 'webhooks-test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    const source = await createDataSource(servers.databaseUrl, { poolSize: 2 }).initialize();
    return new Rig(servers, nats, new PacketLog(nats, { logger }), await HookRegistry.open(nats), source);
  }

  /** One more copy of the service. */
  async copy(env: Record<string, string> = {}): Promise<Webhooks> {
    const nats = await connectNats(this.servers.natsUrl, 'webhooks');
    const log = new PacketLog(nats, { logger });
    const config = readConfig({
      DATABASE_URL: this.servers.databaseUrl,
      HR_SECRET_KEY: secretKey.toString('base64'),
      HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32',
      HR_DRAIN_MS: '2000',
      ...env,
    });
    const tenants = await TenantRegistry.open(nats);
    const webhooks = await Webhooks.open({ nats, log, logger, config, tenants, health: new HealthChecks() });
    this.#copies.push({ webhooks, tenants, nats, log });
    return webhooks;
  }

  async receiver(): Promise<Receiver> {
    const receiver = await Receiver.start();
    this.receivers.push(receiver);
    return receiver;
  }

  /** Registers an endpoint for everything that happens from now on. */
  async endpoint(url: string, facts: Partial<Endpoint> = {}): Promise<Endpoint> {
    const id = uuidv7();
    const now = instantAt(Date.now());
    const secret = newSecret();
    this.secrets.set(id, secret);
    const endpoint: Endpoint = {
      ...{ tenant_id: tenant, id, url, events: ['*'], payload: 'full', ordered: false },
      secret: { current: sealSecret(box, { tenant_id: tenant, id }, secret) },
      after_sequence: await this.log.lastSequence(),
      ...{ created_at: now, created_by: 'k', updated_at: now },
      ...facts,
    };
    await this.hooks.create(endpoint);
    return endpoint;
  }

  async command<T extends keyof PacketCommandData>(
    type: T,
    packet_id: PacketId,
    data: PacketCommandData[T],
  ): Promise<void> {
    const ids = { command_id: uuidv7() as CommandId, tenant_id: tenant, packet_id, principal };
    const meta = { ...ids, traceparent: `00-${newTraceId()}-${newSpanId()}-00` };
    const reply = await handleCommand(this.log, { type, data, meta } as CommandRequest);
    if (reply.outcome !== 'accepted') throw new Error(JSON.stringify(reply));
  }

  async created(target = 'bo'): Promise<PacketId> {
    const id = uuidv7() as PacketId;
    const agent = (name: string) => ({ id: name, name });
    const metadata = { source_agent: agent('ana'), target_agent: agent(target) };
    const body = { metadata, context: { summary: 'Pay' }, claim_policy: 'open' as const };
    const packet = normalizeNewPacket(body, { now: instantAt(Date.now()) });
    await this.command('create', id, { packet, trace_id: newTraceId(), approval_id: uuidv7() });
    return id;
  }

  /** Progress is an event of its own, as often as one likes. */
  async progressed(id: PacketId, percent: number): Promise<void> {
    await this.command('progress', id, { percent });
  }

  async claimed(id: PacketId): Promise<void> {
    await this.command('claim', id, { agent: { id: 'bo', name: 'bo' }, claim_id: uuidv7() });
  }

  /** What readers see of deliveries. */
  deliveries(filter: DeliveryRequest['filter'] = {}, limit = 100) {
    return listDeliveries(this.source, tenant, { filter, limit });
  }

  /** Who asks, and about which endpoint. */
  call(hook_id: string) {
    return { tenant_id: tenant, principal, traceparent: '', hook_id };
  }

  async stopCopies(): Promise<void> {
    for (const { webhooks, tenants, nats, log } of this.#copies.splice(0)) {
      await webhooks.stop();
      tenants.close();
      log.close();
      await nats.close();
    }
  }

  async stop(): Promise<void> {
    await this.stopCopies();
    for (const receiver of this.receivers) receiver.stop();
    this.hooks.close();
    this.log.close();
    await this.source.destroy();
    await this.nats.close();
    await this.servers.stop();
  }
}

/** The answer of a call that is answered. */
export const answerOf = <T extends { outcome: string }>(reply: T): Extract<T, { outcome: 'answered' }> => {
  if (reply.outcome !== 'answered') throw new Error(JSON.stringify(reply satisfies object));
  return reply as Extract<T, { outcome: 'answered' }>;
};
