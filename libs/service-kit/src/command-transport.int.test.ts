import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandReply, type CommandRequest, commandsOf, commandSubject } from '#libs/contracts';
import { connectNats } from '#libs/event-log';
import { type EmbeddedNats, startNats } from '#libs/embedded';
import type { NatsConnection } from '@nats-io/nats-core';
import { Controller, Inject, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CommandServer } from './command-server.js';
import { requestOverNats } from './nats-requests.js';

type Answer = (request: CommandRequest) => Promise<CommandReply>;
const ANSWER = Symbol('ANSWER');

@Controller()
class ClaimingDouble {
  constructor(@Inject(ANSWER) private readonly answer: Answer) {}

  @MessagePattern(commandsOf('claiming').map(commandSubject))
  handle(@Payload() request: CommandRequest): Promise<CommandReply> {
    return this.answer(request);
  }
}

@Module({})
class DoubleModule {}

const request = (type: 'claim' | 'create' | 'start' = 'claim'): CommandRequest =>
  ({ type, meta: { packet_id: 'p-1' }, data: {} }) as unknown as CommandRequest;
const reply = (detail: string): CommandReply => ({
  outcome: 'refused',
  rejection: { code: 'not_found', detail },
});

describe('commands over NATS', () => {
  let dataDir: string;
  let server: EmbeddedNats;
  let port: number;
  const open: NatsConnection[] = [];
  const apps: INestMicroservice[] = [];

  const start = (): Promise<EmbeddedNats> =>
    startNats({ dataDir, durability: 'relaxed', ...(port !== undefined && { port }) });
  const connect = async (): Promise<NatsConnection> => {
    const nats = await connectNats(server.url, 'test');
    open.push(nats);
    return nats;
  };
  const serve = async (answer: Answer, drainMs = 2_000): Promise<INestMicroservice> => {
    const module = {
      module: DoubleModule,
      controllers: [ClaimingDouble],
      providers: [{ provide: ANSWER, useValue: answer }],
    };
    const strategy = new CommandServer(await connect(), 'claiming', drainMs);
    const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
    await app.listen();
    apps.push(app);
    return app;
  };
  const sender = async (timeoutMs = 2_000) => requestOverNats(await connect(), { timeoutMs }).sendCommand;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'handoffrail-test-'));
    server = await start();
    port = Number(new URL(server.url).port);
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await Promise.all(open.splice(0).map((nats) => nats.close()));
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('carries the request to the handler and the reply back, as they are', async () => {
    const seen: CommandRequest[] = [];
    await serve((one) => {
      seen.push(one);
      return Promise.resolve(reply('carried'));
    });
    const send = await sender();
    expect(await send(request('start'))).toEqual(reply('carried'));
    expect(seen).toEqual([request('start')]);
  });

  it('shares commands between copies, each answered once', async () => {
    const counts = [0, 0];
    const count =
      (copy: number): Answer =>
      () => {
        counts[copy] = (counts[copy] ?? 0) + 1;
        return Promise.resolve(reply(''));
      };
    await serve(count(0));
    await serve(count(1));
    const send = await sender();
    await Promise.all(Array.from({ length: 200 }, () => send(request())));
    expect(counts[0]! + counts[1]!).toBe(200);
    expect(Math.min(...counts)).toBeGreaterThan(20);
  });

  it('answers with a fault that names the service when nobody is there', async () => {
    const send = await sender();
    const startedAt = Date.now();
    expect(await send(request('create'))).toMatchObject({
      outcome: 'fault',
      code: 'unavailable',
      detail: expect.stringContaining('ingestion'),
    });
    expect(Date.now() - startedAt).toBeLessThan(1_800);
  });

  it('waits for a service that is just starting', async () => {
    const send = await sender();
    const answer = send(request());
    await delay(300);
    await serve(() => Promise.resolve(reply('late')));
    expect(await answer).toEqual(reply('late'));
  });

  it('gives up on a service that does not answer', async () => {
    await serve(() => delay(1_000, reply('too late')));
    const send = await sender(200);
    expect(await send(request())).toMatchObject({ outcome: 'fault', code: 'unavailable' });
  });

  it('answers with a fault when a handler throws', async () => {
    await serve(() => Promise.reject(new Error('a bug')));
    const send = await sender();
    expect(await send(request())).toMatchObject({ outcome: 'fault', code: 'internal' });
  });

  it('refuses a request that no message can hold', async () => {
    await serve(() => Promise.resolve(reply('')));
    const send = await sender();
    const huge = { ...request(), data: { text: 'x'.repeat(3_000_000) } } as unknown as CommandRequest;
    expect(await send(huge)).toMatchObject({ outcome: 'refused', rejection: { code: 'packet_too_large' } });
  });

  it('answers what is in flight before it stops, and takes no more', async () => {
    let began: () => void;
    const working = new Promise<void>((resolve) => (began = resolve));
    const app = await serve(async () => {
      began();
      return delay(300, reply('finished'));
    });
    const send = await sender();
    const answer = send(request());
    await working;
    await app.close();
    expect(await answer).toEqual(reply('finished'));
    expect(await send(request())).toMatchObject({ outcome: 'fault' });
  });

  it('fails what waits when the server goes, refuses fast while it is gone, recovers when it is back', async () => {
    let working = true;
    await serve(() => (working ? delay(5_000, reply('')) : Promise.resolve(reply('back'))));
    const send = await sender(5_000);
    const waiting = send(request());
    await delay(100);
    await server.stop();
    const goneAt = Date.now();
    expect(await waiting).toMatchObject({ outcome: 'fault', code: 'unavailable' });
    expect(Date.now() - goneAt).toBeLessThan(1_000);
    expect(await send(request())).toMatchObject({ outcome: 'fault', code: 'unavailable' });
    expect(Date.now() - goneAt).toBeLessThan(2_500);
    working = false;
    server = await start();
    await expect.poll(() => send(request()), { timeout: 10_000 }).toEqual(reply('back'));
  });
});
