import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadLetterHeaders, deadLetterSubject, packetSubject, streams } from '#libs/contracts';
import { initialState } from '#libs/packet';
import type { PacketId } from '#libs/packet';
import { consume, Poison, Retryable, uuidv7 } from './index.js';
import type { ConsumeOptions, Consumption, PacketLog } from './index.js';
import { newPacketId, progressed, Rig, tenant, until } from './given.features.js';

describe('a consumer', () => {
  let rig: Rig;
  let log: PacketLog;
  let nats: NatsConnection;
  let jsm: JetStreamManager;
  const running: Consumption[] = [];

  beforeAll(async () => {
    rig = await Rig.start();
    log = await rig.log();
    nats = await rig.connect();
    jsm = await jetstreamManager(nats);
  });
  afterAll(async () => {
    await Promise.all(running.map((consumption) => consumption.stop()));
    await rig.stop();
  });

  const run = (options: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'handler'>) => {
    const consumer = `test-${uuidv7()}`;
    const consumption = consume({ nats, logger: rig.heard, consumer, backoffMs: [20, 40], ...options });
    running.push(consumption);
    return { ...consumption, consumer: options.consumer ?? consumer };
  };
  const record = async (count: number, id: PacketId = newPacketId()): Promise<PacketId> => {
    const before = await log.events(tenant, id);
    let expected = before.at(-1)?.sequence ?? 0;
    for (let revision = before.length + 1; revision <= before.length + count; revision += 1) {
      const outcome = await log.append({ events: [progressed(id, revision)], expected, state: initialState });
      expected = outcome.kind === 'appended' ? outcome.sequences[0]! : -1;
    }
    return id;
  };
  const only = (id: PacketId) => ({ filter: packetSubject(tenant, id) });
  const pending = async (consumer: string): Promise<number> => {
    const info = await jsm.consumers.info(streams.packets, consumer);
    return info.num_ack_pending + info.num_pending;
  };
  const parked = (consumer: string): Promise<StoredMsg | null> =>
    jsm.streams.getMessage(streams.deadLetters, { last_by_subj: deadLetterSubject(consumer) });

  it('hands over every event of its filter once, with its sequence', async () => {
    const id = await record(20);
    await record(5);
    const seen: [number, number][] = [];
    const { consumer } = run({
      ...only(id),
      handler: async ({ event, sequence }) => void seen.push([event.revision, sequence]),
    });
    await until(() => seen.length === 20);
    const recorded = await log.events(tenant, id);
    expect(seen.sort(([a], [b]) => a - b)).toEqual(
      recorded.map(({ event, sequence }) => [event.revision, sequence]),
    );
    await until(async () => (await pending(consumer)) === 0);
  });

  it('delivers again what failed, with growing waits, until it works', async () => {
    const id = await record(1);
    const attempts: number[] = [];
    const at: number[] = [];
    const { consumer } = run({
      ...only(id),
      handler: async (_recorded, attempt) => {
        attempts.push(attempt);
        at.push(Date.now());
        if (attempt < 4)
          throw attempt === 2 ? new Retryable('not yet', { afterMs: 150 }) : new Error('broken');
      },
    });
    await until(() => attempts.length === 4);
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(at[2]! - at[1]!).toBeGreaterThanOrEqual(130);
    await until(async () => (await pending(consumer)) === 0);
  });

  it('parks poison at once, with the event and the reason, and goes on', async () => {
    const id = await record(3);
    const handled: number[] = [];
    const { consumer } = run({
      ...only(id),
      handler: async ({ event }) => {
        if (event.revision === 2) throw new Poison('cannot be\r\nread: ü');
        handled.push(event.revision);
      },
    });
    await until(async () => handled.length === 2 && (await pending(consumer)) === 0);
    const message = await parked(consumer);
    const [, second] = await log.events(tenant, id);
    expect(message?.header.get(deadLetterHeaders.reason)).toBe('cannot be read:');
    expect(message?.header.get(deadLetterHeaders.sequence)).toBe(String(second!.sequence));
    expect(message?.header.get('ce-id')).toBe(second!.event.id);
    expect(message?.header.get('Nats-Expected-Last-Subject-Sequence')).toBe('');
    expect(message?.json()).toEqual(second!.event.data);
  });

  it('parks what fails to its last delivery', async () => {
    const id = await record(1);
    let calls = 0;
    const { consumer } = run({
      ...only(id),
      maxDeliveries: 3,
      handler: () => {
        calls += 1;
        return Promise.reject(new Error('always'));
      },
    });
    await until(async () => (await parked(consumer)) !== null);
    expect(calls).toBe(3);
    expect((await parked(consumer))?.header.get(deadLetterHeaders.deliveries)).toBe('3');
    await until(async () => (await pending(consumer)) === 0);
  });

  it('passes over messages that are no events', async () => {
    const id = await record(1);
    await nats.request(packetSubject(tenant, id), 'not an event');
    const seen: number[] = [];
    const { consumer } = run({ ...only(id), handler: async ({ event }) => void seen.push(event.revision) });
    await until(async () => seen.length === 1 && (await pending(consumer)) === 0);
  });

  it('never runs more handlers at a time than it may', async () => {
    const id = await record(30);
    let running = 0;
    let most = 0;
    let done = 0;
    run({
      ...only(id),
      maxConcurrency: 4,
      handler: async () => {
        most = Math.max(most, ++running);
        await sleep(5);
        running -= 1;
        done += 1;
      },
    });
    await until(() => done === 30);
    expect(most).toBe(4);
  });

  it('keeps a slow handler its message, though it takes longer than the server waits', async () => {
    const id = await record(1);
    let calls = 0;
    let done = false;
    const { consumer } = run({
      ...only(id),
      ackWaitMs: 300,
      handler: async () => {
        calls += 1;
        await sleep(1_200);
        done = true;
      },
    });
    await until(async () => done && (await pending(consumer)) === 0);
    expect(calls).toBe(1);
  });

  it('makes its consumer again when somebody deletes it', async () => {
    const id = await record(2);
    const seen = new Set<number>();
    const { consumer } = run({ ...only(id), handler: async ({ event }) => void seen.add(event.revision) });
    await until(() => seen.size === 2);
    await jsm.consumers.delete(streams.packets, consumer);
    await record(1, id);
    await until(() => seen.has(3));
  });

  it('lets its handlers finish when it stops, and leaves the rest to others', async () => {
    const id = await record(10);
    const finished: number[] = [];
    const first = run({
      ...only(id),
      maxConcurrency: 2,
      handler: async ({ event }) => {
        await sleep(50);
        finished.push(event.revision);
      },
    });
    await until(() => finished.length >= 2);
    await first.stop();
    const before = finished.length;
    await sleep(100);
    expect(finished).toHaveLength(before);
    expect(before).toBeLessThan(10);
    run({
      ...only(id),
      consumer: first.consumer,
      handler: async ({ event }) => void finished.push(event.revision),
    });
    await until(() => finished.length === 10);
    expect([...finished].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
