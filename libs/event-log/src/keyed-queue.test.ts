import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.js';

describe('KeyedQueue', () => {
  it('runs one key in order and others beside it', async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    const task = (name: string, ms: number) => async () => {
      log.push(`${name} begins`);
      await sleep(ms);
      log.push(`${name} ends`);
    };
    await Promise.all([
      queue.run('a', task('a1', 20)),
      queue.run('a', task('a2', 1)),
      queue.run('b', task('b1', 1)),
    ]);
    expect(log).toEqual(['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 begins', 'a2 ends']);
  });

  it('goes on after a failure, which only its own caller sees', async () => {
    const queue = new KeyedQueue();
    const failing = queue.run('a', () => Promise.reject(new Error('it broke')));
    const next = queue.run('a', () => Promise.resolve(2));
    await expect(failing).rejects.toThrow('it broke');
    await expect(next).resolves.toBe(2);
  });

  it('forgets a key when its last task is done', async () => {
    const queue = new KeyedQueue();
    await Promise.all([queue.run('a', () => sleep(1)), queue.run('b', () => sleep(1))]);
    await Promise.resolve();
    expect(queue.size).toBe(0);
  });
});
