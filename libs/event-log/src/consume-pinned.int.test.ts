import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialState } from '#libs/packet';
import { consumePinned, uuidv7 } from './index.js';
import type { PacketLog, PinnedConsumption, RecordedEvent } from './index.js';
import { newPacketId, progressed, Rig, until } from './given.features.js';

describe('a pinned consumer', () => {
  let rig: Rig;
  let log: PacketLog;

  beforeAll(async () => {
    rig = await Rig.start();
    log = await rig.log();
  });
  afterAll(() => rig.stop());

  const record = (count: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: count }, () => {
        const id = newPacketId();
        return log.append({ events: [progressed(id, 1)], expected: 0, state: initialState });
      }),
    );

  /** A copy that keeps a checkpoint as the projector does: events seen before are passed over. */
  const copy = async (
    {
      consumer = `pin-${uuidv7()}`,
      name = 'first',
      from,
    }: { consumer?: string; name?: string; from: number },
    seen: Map<number, string>,
  ) => {
    const nats = await rig.connect();
    const sizes: number[] = [];
    const consumption: PinnedConsumption = consumePinned({
      nats,
      logger: rig.heard,
      consumer,
      fromSequence: from,
      takeOverMs: 1_500,
      handler: async (events: RecordedEvent[]) => {
        sizes.push(events.length);
        await new Promise((next) => setTimeout(next, 2));
        for (const { sequence } of events) if (!seen.has(sequence)) seen.set(sequence, name);
      },
    });
    return { nats, consumption, sizes };
  };
  const sequences = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => from + index);

  it('hands the log over in order and in batches', async () => {
    const from = (await log.lastSequence()) + 1;
    const seen = new Map<number, string>();
    await record(2_000);
    const { consumption, sizes } = await copy({ from }, seen);
    await until(() => seen.size === 2_000);
    expect([...seen.keys()]).toEqual(sequences(from, 2_000));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    expect(sizes.length).toBeLessThan(500);
    expect(consumption.isActive).toBe(true);
    await consumption.stop();
  });

  it('feeds one copy and lets another take over at once when that one stops', async () => {
    const from = (await log.lastSequence()) + 1;
    const consumer = `pin-${uuidv7()}`;
    const seen = new Map<number, string>();
    const first = await copy({ consumer, from }, seen);
    await record(50);
    await until(() => seen.size === 50);
    const second = await copy({ consumer, from, name: 'second' }, seen);
    await record(50);
    await until(() => seen.size === 100);
    expect(new Set(seen.values())).toEqual(new Set(['first']));
    await first.consumption.stop();
    const stoppedAt = Date.now();
    await record(50);
    await until(() => seen.size === 150);
    expect(Date.now() - stoppedAt).toBeLessThan(1_400);
    expect(second.consumption.isActive).toBe(true);
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(sequences(from, 150));
    await second.consumption.stop();
  });

  it('takes over within seconds when the active copy is gone without a word', async () => {
    const from = (await log.lastSequence()) + 1;
    const consumer = `pin-${uuidv7()}`;
    const seen = new Map<number, string>();
    const first = await copy({ consumer, from }, seen);
    await record(10);
    await until(() => seen.size === 10);
    const second = await copy({ consumer, from, name: 'second' }, seen);
    await first.nats.close();
    await record(10);
    await until(() => seen.size === 20, 8_000);
    expect(second.consumption.isActive).toBe(true);
    await Promise.all([first.consumption.stop(), second.consumption.stop()]);
  });

  it('hands a batch over again until it is handled, and skips nothing', async () => {
    const from = (await log.lastSequence()) + 1;
    const seen: number[] = [];
    let calls = 0;
    const consumption = consumePinned({
      nats: await rig.connect(),
      logger: rig.heard,
      consumer: `pin-${uuidv7()}`,
      fromSequence: from,
      handler: async (events) => {
        calls += 1;
        if (calls === 1) throw new Error('the database is away');
        seen.push(...events.map(({ sequence }) => sequence));
      },
    });
    await record(30);
    await until(() => seen.length >= 30);
    expect(seen).toEqual(sequences(from, 30));
    await consumption.stop();
  });
});
