import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createClient, newApiKey, smallPacket, startProcess, startRail } from '#libs/testing';

const dataDir = mkdtempSync(join(tmpdir(), 'handoffrail-process-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

// Every process that names the directory, or (Postgres as another user) descends from one that does.
const processesOf = (directory: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(directory) ? [`${pid} ${line}`] : [];
      } catch {
        return [];
      }
    });

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
        return parent === pid ? [Number(name)] : [];
      } catch {
        return [];
      }
    });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test.runIf(process.platform === 'linux')(
  'a second start has the packets of the first, Ctrl-C leaves no process, SIGKILL neither loses nor blocks',
  async () => {
    const key = newApiKey();
    const first = await startRail({ dataDir, key });
    const children = childrenOf(first.process.child.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(2);
    const client = createClient(first.url, key);
    const { body } = await client.post('packets', smallPacket());
    await client.close();
    await first.stop();
    expect(first.process.child.exitCode).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    expect(processesOf(dataDir)).toEqual([]);

    const second = await startRail({ dataDir, key });
    const again = createClient(second.url, key);
    expect((await again.get(`packets/${body.id}`)).body.id).toBe(body.id);
    const late = await again.post('packets', smallPacket());
    await again.close();
    await second.process.stop('SIGKILL');

    const third = await startRail({ dataDir, key });
    const last = createClient(third.url, key);
    expect((await last.get(`packets/${late.body.id}`)).body.id).toBe(late.body.id);
    await expect.poll(async () => (await last.get('packets')).body.total).toBe(2);
    await last.close();
    await third.stop();
    expect(processesOf(dataDir)).toEqual([]);
  },
);

test.each([
  ['PORT', 'eighty'],
  ['HR_DURABILITY', 'sometimes'],
  ['HR_BOOTSTRAP_API_KEY', 'secret'],
  ['HR_LOG_LEVEL', 'loud'],
])('a wrong %s stops the start with a sentence that names it', async (name, value) => {
  const failed = startProcess('standalone/main.js', { HR_DATA_DIR: dataDir, [name]: value });
  await new Promise((resolve) => failed.child.once('exit', resolve));
  expect(failed.child.exitCode).not.toBe(0);
  expect(failed.output()).toContain(name);
  expect(failed.output()).not.toMatch(/^\s+at /m);
});

test('the admin key is printed at the first start, and only then', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'handoffrail-first-'));
  const outputs: string[] = [];
  for (let start = 0; start < 2; start += 1) {
    const rail = await startRail({ dataDir: directory, env: { HR_BOOTSTRAP_API_KEY: '' } });
    await expect.poll(() => rail.process.output()).toContain('/docs');
    outputs.push(rail.process.output());
    await rail.stop();
  }
  rmSync(directory, { recursive: true, force: true });
  expect(outputs[0]).toMatch(/hr_[\w-]{43}/);
  expect(outputs[1]).not.toMatch(/hr_[\w-]{43}/);
});
