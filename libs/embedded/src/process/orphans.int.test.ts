import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isRunning } from './processes.js';

// The parent is a process of its own that runs the built library (`npm test` builds first).
const library = new URL('../../../../dist/libs/embedded/index.js', import.meta.url);

const parentProgram = (dataDir: string, then: string): string => `
  import { startNats, startPostgres } from ${JSON.stringify(fileURLToPath(library))};
  const dataDir = ${JSON.stringify(dataDir)};
  const options = { dataDir, durability: 'relaxed', supervise: true };
  const [nats, postgres] = await Promise.all([startNats(options), startPostgres(options)]);
  ${then}
  console.log(JSON.stringify([nats.pid(), postgres.pid()]));
`;

const started = (parent: ChildProcess): Promise<number[]> =>
  new Promise((resolve, reject) => {
    parent.once('exit', () => reject(new Error('the parent ended before its servers were up')));
    createInterface({ input: parent.stdout! }).once('line', (line) => resolve(JSON.parse(line) as number[]));
  });

describe.skipIf(!existsSync(library) || process.platform === 'win32')('servers whose parent is gone', () => {
  let dataDir: string;
  let parent: ChildProcess;

  const startParent = (then: string): Promise<number[]> => {
    const words = ['--input-type=module', '-e', parentProgram(dataDir, then)];
    parent = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    return started(parent);
  };

  const allGo = (pids: number[]) =>
    vi.waitFor(async () => expect(await Promise.all(pids.map(isRunning))).toEqual(pids.map(() => false)), {
      timeout: 10_000,
    });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), `handoffrail-test-${process.pid}-`));
    await chmod(dataDir, 0o755);
  });

  afterEach(async () => {
    parent.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  const stay = 'setInterval(() => undefined, 1000);';

  it('end with it when it is killed', async () => {
    const pids = await startParent(stay);
    parent.kill('SIGKILL');
    await allGo(pids);
  });

  it('end with it when it exits without stopping them', async () => {
    await allGo(await startParent('setTimeout(() => process.exit(0), 200);'));
  });

  it("do not hear the terminal's Ctrl-C, which goes to the whole group, before their parent ends", async () => {
    const pids = await startParent(`process.on('SIGINT', () => undefined); ${stay}`);
    process.kill(-parent.pid!, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await Promise.all(pids.map(isRunning))).toEqual([true, true]);
    parent.kill('SIGTERM');
    await allGo(pids);
  });
});
