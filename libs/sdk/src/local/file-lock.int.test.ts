import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFile, sweepLocks } from './file-lock.js';
import { run } from './processes.features.js';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'locks-'));
  path = join(directory, 'lock');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** A process that is no more. */
const deadPid = async (): Promise<number> => {
  const { child, ended } = run('');
  await ended;
  return child.pid!;
};

const holder = (more: object) => JSON.stringify({ host: hostname(), started: null, token: 'dead', ...more });

describe('a lock', () => {
  it('is held by one at a time, and comes free', async () => {
    const order: string[] = [];
    const hold = async (name: string) => {
      const unlock = await lockFile(path, 10_000);
      order.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`${name} out`);
      await unlock();
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(hold));
    expect(order).toHaveLength(8);
    for (let n = 0; n < 8; n += 2) expect(order[n + 1]).toBe(order[n]!.replace('in', 'out'));
    expect(await readdir(directory)).toEqual([]);
  });

  it.each([
    ['a process that has ended', async () => holder({ pid: await deadPid() })],
    ['an earlier process that had our pid', async () => holder({ pid: process.pid, started: '1' })],
  ])('of %s is taken', async (_whose, contents) => {
    await writeFile(path, await contents());
    const unlock = await lockFile(path, 5_000);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    await unlock();
    expect(await readdir(directory)).toEqual([]);
  });

  it.each([
    ['a process that runs', async () => holder({ pid: process.pid })],
    ['another machine', async () => holder({ pid: await deadPid(), host: 'elsewhere' })],
  ])('of %s stays', async (_whose, contents) => {
    const text = await contents();
    await writeFile(path, text);
    await expect(lockFile(path, 50)).rejects.toMatchObject({ code: 'store_locked' });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('of a dead process is broken by one of many, even if those who break it die', async () => {
    const dead = await deadPid();
    await writeFile(path, holder({ pid: dead }));
    await writeFile(`${path}.dead`, holder({ pid: dead, token: 'breaker' }));
    const count = `
      const { LocalRail } = await import('#libs/sdk/local');
      const rail = new LocalRail({ store: file });
      for (let n = 0; n < 10; n += 1)
        await rail.createPacket({ sourceAgent: 'ana', targetAgent: 'bo', summary: 'One more' });`;
    const store = join(directory, 'handoffs.json');
    for (const suffix of ['', '.dead'])
      await writeFile(`${store}.lock${suffix}`, await readFile(`${path}${suffix}`, 'utf8'));
    await Promise.all(Array.from({ length: 5 }, () => run(count, store).ended));
    const { packets } = JSON.parse(await readFile(store, 'utf8')) as { packets: unknown[] };
    expect(packets).toHaveLength(50);
    expect((await readdir(directory)).sort()).toEqual(['handoffs.json', 'lock', 'lock.dead']);
  });

  it('leaves no half-made ones behind for long', async () => {
    await writeFile(`${path}.a.new`, holder({ pid: await deadPid() }));
    await writeFile(`${path}.b.new`, holder({ pid: process.pid }));
    await writeFile(`${path}.c.new`, '{"pid":');
    await sweepLocks(path);
    expect((await readdir(directory)).sort()).toEqual(['lock.b.new', 'lock.c.new']);
  });
});
