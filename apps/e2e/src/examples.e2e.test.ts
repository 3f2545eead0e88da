import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient, freePort, type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Running {
  child: ChildProcess;
  /** Resolves when it has printed this. */
  said(text: string): Promise<void>;
  /** Its lines, when it has ended by itself. */
  lines(): Promise<string[]>;
}

describe('the examples', () => {
  let rail: Rail;
  const folder = mkdtempSync(join(tmpdir(), 'handoffrail-examples-'));

  beforeAll(async () => {
    cpSync(join(root, 'examples'), folder, { recursive: true });
    // The package as it is installed, by its name.
    const installed = join(folder, 'node_modules/@handoffrail/sdk');
    mkdirSync(installed, { recursive: true });
    for (const [name, built] of [
      ['index', 'index.js'],
      ['local', 'local/index.js'],
    ])
      writeFileSync(
        join(installed, `${name}.js`),
        `export * from '${join(root, 'dist/libs/sdk', built!)}';\n`,
      );
    const manifest = { type: 'module', exports: { '.': './index.js', './local': './local.js' } };
    writeFileSync(join(installed, 'package.json'), JSON.stringify(manifest));
    rail = await startRail({
      env: { HR_DURABILITY: 'relaxed', HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32' },
    });
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await rail?.stop();
  });

  const start = (name: string, env: Record<string, string> = {}): Running => {
    const child = spawn(process.execPath, [join(folder, name)], {
      cwd: folder,
      env: { HANDOFFRAIL_URL: rail.url, HANDOFFRAIL_API_KEY: rail.key, ...env },
    });
    let [printed, wrong] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => (printed += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (wrong += piece.toString()));
    const closed = once(child, 'close');
    return {
      child,
      said: (text) => expect.poll(() => printed, { timeout: 20_000 }).toContain(text),
      lines: async () => {
        const [code] = await closed;
        expect({ code, wrong }).toEqual({ code: 0, wrong: '' });
        return printed.trimEnd().split('\n');
      },
    };
  };

  it('compile', async () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', join(root, 'examples')]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  it('are all run here', () => {
    const programs = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
    expect(programs).toEqual([
      'approval.mjs',
      'handoff.mjs',
      'live-events.mjs',
      'local.mjs',
      'webhook-receiver.mjs',
      'worker.mjs',
    ]);
  });

  it('hand over, and tell who was faster', async () => {
    expect(await start('handoff.mjs').lines()).toEqual([
      'billing-01 was faster',
      'completed {"refund":"re_981"}',
      'packet.created',
      'packet.claimed',
      'packet.completed',
    ]);
  });

  it('wait for a person', async () => {
    expect(await start('approval.mjs').lines()).toEqual([
      'awaiting_human',
      'refused: awaiting_human',
      'claimed approved',
    ]);
  });

  it('work until they are told to stop', async () => {
    const client = createClient(rail.url, rail.key);
    const create = async (custom: object) =>
      (
        await client.post('packets', {
          metadata: { source_agent: { id: 's', name: 's' }, target_agent: { id: 'refunds-01', name: 'r' } },
          context: { summary: 'Refund', custom },
        })
      ).body.id as string;
    const worker = start('worker.mjs');
    const id = await create({ amount: '30 EUR' });
    await worker.said('refunded 30 EUR: Refund');
    await expect
      .poll(async () => (await client.get(`packets/${id}`)).body.result)
      .toEqual({ refund: expect.stringMatching(/^re_\d+$/) });
    worker.child.kill('SIGTERM');
    expect(await worker.lines()).toEqual(['waiting for work', 'refunded 30 EUR: Refund']);
    await client.close();
  });

  it('follow what happens', async () => {
    const client = createClient(rail.url, rail.key);
    const { body } = await client.post('packets', {
      metadata: { source_agent: { id: 's', name: 's' }, target_agent: { id: 'support-01', name: 's' } },
      context: { summary: 'Call back' },
    });
    const following = start('live-events.mjs');
    await following.said('packet.created created');
    await client.post(`packets/${body.id}/claim`, { agent_id: 'support-01' });
    await client.post(`packets/${body.id}/complete`, { agent_id: 'support-01', result: null });
    expect(await following.lines()).toEqual([
      'packet.created created',
      'packet.claimed claimed',
      'packet.completed completed',
    ]);
    await client.close();
  });

  it('take webhooks that are signed, and no others', async () => {
    const client = createClient(rail.url, rail.key);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const { body: hook } = await client.post('hooks', { url, events: ['packet.created'] });
    const receiver = start('webhook-receiver.mjs', { PORT: `${port}`, WEBHOOK_SECRET: hook.secret });
    await receiver.said('waiting for webhooks');
    expect((await fetch(url, { method: 'POST', body: '{"type":"packet.created"}' })).status).toBe(401);
    await client.post(`hooks/${hook.id}/test`, {});
    await receiver.said('hook.test');
    receiver.child.kill('SIGTERM');
    expect(await receiver.lines()).toEqual(['waiting for webhooks', 'hook.test']);
    await client.close();
  });

  it('do without a server', async () => {
    expect(await start('local.mjs').lines()).toEqual(['goes to billing-01', 'completed {"refund":"re_981"}']);
  });
});
