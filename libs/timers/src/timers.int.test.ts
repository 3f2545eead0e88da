import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterHeaders, deadLetterSubject, streams, timerConsumer } from '#libs/contracts';
import { type Consumption, LogUnavailable, Poison } from '#libs/event-log';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Instant } from '#libs/packet';
import { Fired, newKind, Rig, soon } from './given.features.js';
import { consumeTimers, type ConsumeTimersOptions, type Timers } from './index.js';

describe('a timer', () => {
  let rig: Rig;
  let timers: Timers;
  let jsm: JetStreamManager;
  const running: Consumption[] = [];

  beforeAll(async () => {
    rig = await Rig.start();
    timers = await rig.timers();
    jsm = await jetstreamManager(await rig.connect());
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((consumption) => consumption.stop()));
  });
  afterAll(() => rig.stop());

  const consume = (options: ConsumeTimersOptions, by = timers): Consumption => {
    const consumption = consumeTimers(by, { backoffMs: [20, 40], ...options });
    running.push(consumption);
    return consumption;
  };
  const follow = (kind: string, by = timers): Fired => {
    const fired = new Fired();
    consume({ kind, handler: fired.handler }, by);
    return fired;
  };
  /** Messages of this kind on the stream: set or due. */
  const left = async (kind: string): Promise<number> => {
    const { state } = await jsm.streams.info(streams.timers, { subjects_filter: `hr.timers.*.${kind}.>` });
    return Object.keys(state.subjects ?? {}).length;
  };

  it('fires once, at its time or a little later, never before, with its payload', async () => {
    const kind = newKind();
    const fired = follow(kind);
    const waits = [-1_000, 0, 40, 260, 555, 800, 1_234];
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`;
    await timers.set(
      ...waits.map((ms, index) => ({
        kind,
        key: ['k', `${index}`],
        at: soon(ms),
        payload: { ms },
        traceparent,
      })),
    );
    await expect.poll(() => fired.all.length, { timeout: 10_000 }).toBe(waits.length);
    await sleep(400);
    expect(fired.keys).toEqual(waits.map((_, index) => `k.${index}`));
    expect(Math.min(...fired.all.map(({ lateMs }) => lateMs))).toBeGreaterThanOrEqual(0);
    expect(
      Math.max(...fired.all.filter(({ key }) => key[1] !== '0').map(({ lateMs }) => lateMs)),
    ).toBeLessThan(1_000);
    expect(fired.all.find(({ key }) => key[1] === '4')).toMatchObject({
      payload: { ms: 555 },
      traceparent,
      attempt: 1,
    });
    expect(await left(kind)).toBe(0);
  });

  it('fires at the new time only when it is set anew', async () => {
    const kind = newKind();
    const fired = follow(kind);
    const [first, second] = [soon(400), soon(1_100)];
    await timers.set({ kind, key: ['a'], at: first });
    await timers.set({ kind, key: ['a'], at: second });
    expect(await timers.pendingAt({ kind, key: ['a'] })).toBe(second);
    await expect.poll(() => fired.all.length, { timeout: 5_000 }).toBe(1);
    await sleep(400);
    expect(fired.all.map(({ due }) => due)).toEqual([second]);
    expect(await timers.pendingAt({ kind, key: ['a'] })).toBeNull();
  });

  it('fires no more when it is cancelled, and can be set again', async () => {
    const kind = newKind();
    const fired = follow(kind);
    const keys = Array.from({ length: 900 }, (_, index) => `k${index}`);
    await timers.set(...keys.map((key) => ({ kind, key: [key], at: soon(2_500) })));
    for (const half of [keys.slice(1, 200), keys.slice(200)])
      timers.cancel(...half.map((key) => ({ kind, key: [key] })));
    await expect.poll(() => left(kind)).toBe(1);
    await timers.set({ kind, key: ['k7'], at: soon(500) });
    await expect.poll(() => fired.keys, { timeout: 5_000 }).toEqual(['k0', 'k7']);
  });

  it('is not lost while nobody handles it, nor by a SIGKILL of the server, pending or overdue', async () => {
    const kind = newKind();
    await timers.set({ kind, key: ['unheard'], at: soon(0) });
    await expect.poll(() => left(kind)).toBe(1);
    await timers.set(
      { kind, key: ['overdue'], at: soon(150) },
      { kind, key: ['pending'], at: soon(2_500) },
      { kind, key: ['cancelled'], at: soon(2_500) },
    );
    timers.cancel({ kind, key: ['cancelled'] });
    await sleep(100);
    rig.killNats();
    const fired = follow(kind);
    await expect.poll(() => fired.keys, { timeout: 15_000 }).toEqual(['overdue', 'pending', 'unheard']);
    expect(Math.min(...fired.all.map(({ lateMs }) => lateMs))).toBeGreaterThanOrEqual(0);
    await sleep(500);
    expect(fired.all).toHaveLength(3);
  });

  it('comes again until it is handled, and is parked when it can never be', async () => {
    const kind = newKind();
    const attempts: string[] = [];
    const handler: ConsumeTimersOptions['handler'] = async ({ key, attempt }) => {
      attempts.push(`${key.join()} ${attempt}`);
      if (key[0] === 'poison') throw new Poison('No such work.');
      if (attempt < 3) throw new Error('not yet');
    };
    consume({ kind, handler });
    await timers.set({ kind, key: ['hard'], at: soon(0) }, { kind, key: ['poison'], at: soon(0) });
    await expect.poll(() => [...attempts].sort()).toEqual(['hard 1', 'hard 2', 'hard 3', 'poison 1']);
    await expect.poll(() => left(kind)).toBe(0);
    const parked = await jsm.streams.getMessage(streams.deadLetters, {
      last_by_subj: deadLetterSubject(timerConsumer(kind)),
    });
    expect(parked?.header.get(deadLetterHeaders.reason)).toBe('No such work.');
    expect(parked?.header.get(deadLetterHeaders.stream)).toBe(streams.timers);
  });

  it('is handled by one of two consumers', async () => {
    const kind = newKind();
    const [one, two] = [follow(kind), follow(kind, await rig.timers())];
    const keys = Array.from({ length: 300 }, (_, index) => `k${String(index).padStart(3, '0')}`);
    await timers.set(...keys.map((key) => ({ kind, key: [key], at: soon(500) })));
    await expect.poll(() => one.all.length + two.all.length, { timeout: 10_000 }).toBe(keys.length);
    expect([...one.keys, ...two.keys].sort()).toEqual(keys);
    expect(Math.min(one.all.length, two.all.length)).toBeGreaterThan(0);
  });

  it('that was set anew between its firing and its handling waits for its new time', async () => {
    const kind = newKind();
    await timers.set({ kind, key: ['a'], at: soon(0) });
    await expect.poll(() => timers.pendingAt({ kind, key: ['a'] })).toBeNull();
    const later = soon(700);
    await timers.set({ kind, key: ['a'], at: later });
    const fired = follow(kind);
    await expect.poll(() => fired.all.length, { timeout: 5_000 }).toBe(1);
    expect(fired.all[0]).toMatchObject({ due: later });
  });

  it('beyond all use is not kept, and one without a proper name is refused', async () => {
    const kind = newKind();
    await timers.set({ kind, key: ['a'], at: '9999-12-31T23:59:59.999Z' as Instant });
    expect(await timers.pendingAt({ kind, key: ['a'] })).toBeNull();
    for (const key of [[], ['a.b'], ['*'], ['>'], ['']])
      await expect(timers.set({ kind, key, at: soon(0) })).rejects.toThrow(RangeError);
  });

  it('that cannot be stored says so', async () => {
    const lost = await rig.timers();
    await lost.nats.close();
    await expect(lost.set({ kind: newKind(), key: ['a'], at: soon(0) })).rejects.toThrow(LogUnavailable);
  });
});
