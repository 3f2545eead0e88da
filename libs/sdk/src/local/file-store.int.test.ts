import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFile } from './file-lock.js';
import { LocalRail } from './local-rail.js';
import { dyingAt, run } from './processes.features.js';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'handoffs-'));
  file = join(directory, 'handoffs.json');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const load = `const { LocalRail } = await import('#libs/sdk/local');\n const rail = new LocalRail({ store: file });\n`;

const work = `${load}
  const [name, count] = args;
  for (let n = 0; n < Number(count) / 4; n += 1) {
    const packet = await rail.createPacket({ sourceAgent: name, targetAgent: 'bo', summary: name + ' ' + n });
    await rail.claimPacket(packet, { agentId: 'bo', leaseSeconds: 600 });
    await rail.startPacket(packet);
    await rail.completePacket(packet, { result: n });
  }`;

/** Takes what both are offered, until there is nothing more. */
const take = `${load}
  for (;;) {
    const { packets } = await rail.claimNext({ agentId: args[0], max: 3 });
    if (packets.length === 0) break;
    for (const { id } of packets) say(id);
  }`;

const createOne = `await rail.createPacket({ sourceAgent: 'ana', targetAgent: 'bo', summary: 'New' });`;
const create = `${load}${createOne}`;

const summaries = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const packet of new LocalRail({ store: file }).listPackets({ order: 'asc', limit: 200 }))
    found.push(packet.context.summary);
  return found;
};

describe('a store file', () => {
  it('loses nothing of two processes with 1,000 operations each', async () => {
    await Promise.all([run(work, file, 'one', '1000').ended, run(work, file, 'two', '1000').ended]);
    const rail = new LocalRail({ store: file });
    const expected = ['one', 'two'].flatMap((name) => Array.from({ length: 250 }, (_, n) => `${name} ${n}`));
    expect((await summaries()).sort()).toEqual(expected.sort());
    expect((await rail.listPackets({ status: ['completed'] })).total).toBe(500);
    const { packets } = await rail.export();
    expect(packets.flatMap(({ events }) => events)).toHaveLength(2_000);
    expect(new Set(packets.map(({ position }) => position)).size).toBe(500);
    expect(await readdir(directory)).toEqual(['handoffs.json']);
  }, 120_000);

  it('gives each packet to one of two processes', async () => {
    const rail = new LocalRail({ store: file });
    const packet = { sourceAgent: 'ana', routing: {}, summary: 'For anybody', claim_policy: 'open' } as const;
    await rail.batchCreatePackets(Array.from({ length: 120 }, () => packet));
    const takers = ['bo', 'cy'].map((agent) => run(take, file, agent));
    await Promise.all(takers.map(({ ended }) => ended));
    const taken = takers.flatMap(({ lines }) => lines);
    expect(taken).toHaveLength(120);
    expect(new Set(taken).size).toBe(120);
  });

  it('is the old one or the new one, and is open to the next, at whichever step a process is killed', async () => {
    await run(create, file).ended;
    const expected = ['New'];
    let outcomes = '';
    for (let step = 1; ; step += 1) {
      const code = await run(`${load}${dyingAt(step)}${createOne}`, file).ended;
      const found = await summaries();
      const isNew = found.length > expected.length;
      outcomes += isNew ? 'n' : 'o';
      if (isNew) expected.push('New');
      expect(found).toEqual(expected);
      const packet = { sourceAgent: 'ana', targetAgent: 'bo', summary: 'Next' };
      await new LocalRail({ store: file }).createPacket(packet);
      expected.push('Next');
      expect(await summaries()).toEqual(expected);
      if (code === 0) break;
    }
    // Killed before the rename it is the old one, from then on the new one; there were enough steps to tell.
    expect(outcomes).toMatch(/^o{12,}n{3,}$/);
    expect(await readdir(directory)).toEqual(['handoffs.json']);
  }, 120_000);

  it('has all that was acknowledged, whenever a busy process is killed', async () => {
    const busy = `${load} for (let n = 0; ; n += 1) {
      await rail.createPacket({ sourceAgent: 'ana', targetAgent: 'bo', summary: args[0] + n });
      say(args[0] + n);
    }`;
    const told: string[] = [];
    for (let round = 0; round < 15; round += 1) {
      const { child, lines, ended } = run(busy, file, `${round}-`);
      await expect.poll(() => lines.length, { timeout: 20_000, interval: 3 }).toBeGreaterThan(round % 4);
      child.kill('SIGKILL');
      await ended;
      told.push(...lines);
      expect(await summaries()).toEqual(expect.arrayContaining(told));
    }
    expect(told.length).toBeGreaterThan(15);
  }, 120_000);

  it('is refused when it is damaged, and left as it is', async () => {
    await run(create, file).ended;
    const whole = await readFile(file, 'utf8');
    const damaged = [
      whole.slice(0, whole.length / 2),
      '',
      'not JSON',
      '{"packets":[]}',
      whole.replace('packet.created', 'packet.created!'),
      whole.replace('"revision":1', '"revision":2'),
      whole.replace('"version":1', '"version":9'),
    ];
    for (const text of damaged) {
      await writeFile(file, text);
      const rail = new LocalRail({ store: file });
      const refused = { code: 'store_corrupt', message: expect.stringContaining('left as it is') as string };
      await expect(rail.listPackets().then(() => 'read')).rejects.toMatchObject(refused);
      const packet = { sourceAgent: 'ana', targetAgent: 'bo', summary: 'More' };
      await expect(rail.createPacket(packet)).rejects.toMatchObject(refused);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
    expect(await readdir(directory)).toEqual(['handoffs.json']);
  });

  it('does nothing for whoever gave up while others had the lock', async () => {
    const rail = new LocalRail({ store: file });
    const unlock = await lockFile(`${file}.lock`, 1_000);
    const giving = new AbortController();
    const packet = { sourceAgent: 'ana', targetAgent: 'bo', summary: 'Given up' };
    const given = rail.createPacket(packet, { signal: giving.signal });
    const kept = rail.createPacket({ ...packet, summary: 'Kept' });
    setTimeout(() => giving.abort(new Error('enough')), 20);
    await expect(given).rejects.toThrow('enough');
    await unlock();
    await kept;
    expect(await summaries()).toEqual(['Kept']);
  });

  it('may be laid out otherwise, as an editor does', async () => {
    await run(create, file).ended;
    await writeFile(file, JSON.stringify(JSON.parse(await readFile(file, 'utf8')), null, 2));
    expect(await summaries()).toEqual(['New']);
    await run(create, file).ended;
    expect(await summaries()).toEqual(['New', 'New']);
  });

  it('wakes who waits for work in another process', async () => {
    const waiter = run(
      `${load} say('ready'); const { packets } = await rail.claimNext({ agentId: 'bo', waitSeconds: 20 }); say(packets[0].id);`,
      file,
    );
    await expect.poll(() => waiter.lines, { timeout: 20_000 }).toContain('ready');
    const rail = new LocalRail({ store: file });
    const { id } = await rail.createPacket({ sourceAgent: 'ana', targetAgent: 'bo', summary: 'Wake up' });
    await waiter.ended;
    expect(waiter.lines).toEqual(['ready', id]);
  });
});
