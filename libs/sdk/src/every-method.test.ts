import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HandoffRail } from './client.js';
import { everyCall, methodsOf, testedElsewhere } from './every-method.features.js';
import type { Fetch } from './transport.js';

const calls = Object.entries(everyCall);

/** A server that never says anything. */
const silentRail = () => {
  const signals: AbortSignal[] = [];
  const fetch: Fetch = (_url, { signal }) =>
    new Promise((_resolve, reject) => {
      signals.push(signal);
      signal.addEventListener('abort', () => reject(new DOMException('cut', 'AbortError')), { once: true });
    });
  return { rail: new HandoffRail({ baseUrl: 'http://rail', apiKey: 'hr_key', fetch }), signals };
};

/** A server that is always in trouble, so that a call is about to be sent again. */
const ailingRail = () => {
  let asked = 0;
  const fetch: Fetch = () => {
    asked += 1;
    return Promise.resolve(new Response('{}', { status: 429, headers: { 'retry-after': '30' } }));
  };
  return { rail: new HandoffRail({ baseUrl: 'http://rail', apiKey: 'hr_key', fetch }), asked: () => asked };
};

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('every method that ends with an answer', () => {
  afterEach(() => void vi.useRealTimers());

  it('is among those tried here', () => {
    const names = methodsOf(silentRail().rail).map(({ name }) => name);
    expect([...Object.keys(everyCall), ...Object.keys(testedElsewhere)].sort()).toEqual(names.sort());
  });

  it.each(calls)('%s ends at once when it is aborted, and leaves nothing behind', async (_name, ask) => {
    vi.useFakeTimers();
    const { rail, signals } = silentRail();
    const ending = new AbortController();
    const running = Promise.resolve(ask(rail, { signal: ending.signal }));
    const failed = expect(running).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(10);
    expect(signals).toHaveLength(1);
    ending.abort(new Error('enough'));
    await failed;
    expect(signals[0]?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(calls)('%s ends at once when it is aborted between two attempts', async (_name, ask) => {
    vi.useFakeTimers();
    const { rail, asked } = ailingRail();
    const ending = new AbortController();
    const failed = expect(Promise.resolve(ask(rail, { signal: ending.signal }))).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(10);
    expect(asked()).toBe(1);
    ending.abort(new Error('enough'));
    await failed;
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(calls)('%s sends nothing when it was aborted before', async (_name, ask) => {
    const { rail, signals } = silentRail();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(Promise.resolve(ask(rail, { signal }))).rejects.toThrow('enough');
    expect(signals).toEqual([]);
  });

  it.each(calls)('%s does not wait longer than it is told to, nor listens on', async (_name, ask) => {
    vi.useFakeTimers();
    const { rail, signals } = silentRail();
    const { signal } = new AbortController();
    const running = Promise.resolve(ask(rail, { signal, timeoutMs: 5_000, maxRetries: 0 }));
    const failed = expect(running).rejects.toMatchObject({ name: 'ConnectionError', code: 'timeout' });
    await vi.advanceTimersByTimeAsync(5_000);
    await failed;
    expect(signals).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    expect(listenersOf(signal)).toBe(0);
  });

  it('ends the pages of a list', async () => {
    let asked = 0;
    const fetch: Fetch = (_url, { signal }) => {
      asked += 1;
      const page = { packets: [1, 2], next_cursor: 'c' };
      if (asked === 1) return Promise.resolve(new Response(JSON.stringify(page)));
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('x'))),
      );
    };
    const rail = new HandoffRail({ baseUrl: 'http://rail', apiKey: 'hr_key', fetch });
    const ending = new AbortController();
    const seen: unknown[] = [];
    const following = (async () => {
      for await (const packet of rail.listPackets({}, { signal: ending.signal })) seen.push(packet);
    })();
    setTimeout(() => ending.abort(new Error('enough')), 20);
    await expect(following).rejects.toThrow('enough');
    expect(seen).toEqual([1, 2]);
    expect(asked).toBe(2);
  });
});
