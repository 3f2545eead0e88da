import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fencedBlocks, type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellOf } from './program.features.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  bin: { handoffrail: string };
};
const page = (name: string) => readFileSync(join(root, name), 'utf8');

describe('the examples work as printed', () => {
  let rail: Rail;
  const directory = mkdtempSync(join(tmpdir(), 'handoffrail-cli-'));

  beforeAll(async () => {
    rail = await startRail({ env: { HR_DURABILITY: 'relaxed' } });
    // As npm links a program: by its name on the path.
    symlinkSync(join(root, bin.handoffrail), join(directory, 'handoffrail'));
  });

  afterAll(async () => {
    rmSync(directory, { recursive: true, force: true });
    await rail?.stop();
  });

  const env = () => ({
    PATH: `${directory}:${process.env['PATH']}`,
    HANDOFFRAIL_URL: rail.url,
    HANDOFFRAIL_API_KEY: rail.key,
  });

  const bash = async (script: string): Promise<string> => {
    const options = { cwd: directory, env: env() };
    return (await promisify(execFile)('bash', ['--norc', '-euo', 'pipefail', '-c', script], options)).stdout;
  };

  const waiting = () =>
    bash(
      'handoffrail create --quiet --source-id sales-01 --target-id billing-01 --summary Discount --hitl "All right?"',
    );

  /** Runs a block line by line; `<id>` stands for what the last create printed, or for a packet that waits. */
  const type = async (block: string): Promise<string[]> => {
    let id = '';
    const outputs: string[] = [];
    for (const line of block.trim().split('\n')) {
      const about = line.endsWith('created with --hitl') ? (await waiting()).trim() : id;
      const output = await bash(line.replace('<id>', about));
      if (line.includes(' create ')) [id = ''] = output.split(' ');
      outputs.push(output);
    }
    return outputs;
  };

  it('on the front page', async () => {
    const [block = ''] = fencedBlocks(page('README.md'), 'bash shell');
    const [created, list, claimed, history, answered] = await type(block);
    expect(created).toMatch(/ {2}created {2}high\n {2}Customer upgrade request\n/);
    expect(list).toContain('Customer upgrade request');
    expect(claimed).toContain('BillingBot (billing-01), attempt 1');
    expect(history).toMatch(/created[\s\S]*claimed +billing-01/);
    expect(answered).toMatch(/claimed[\s\S]*answer +Approved, by manager@company.com/);
  });

  it('on the page of the shell', async () => {
    const [handoff = '', decision = ''] = fencedBlocks(page('docs/cli.md'), 'bash front-page');
    expect(await type(handoff)).toHaveLength(4);
    const [asked, inbox, answered] = await type(decision);
    expect(asked).toMatch(/awaiting_human[\s\S]*asks +Is it all right\?/);
    expect(inbox).toContain('Is it all right?');
    expect(answered).toMatch(/claimed[\s\S]*answer +Approved, by manager@company.com/);
  });

  it('in a script, and for a worker', async () => {
    const [script = ''] = fencedBlocks(page('docs/cli.md'), 'bash script');
    expect((await bash(script)).trim().split('\n').at(-1)).toBe('re_981');
    writeFileSync(join(directory, 'refund.sh'), '#!/bin/sh\necho \'{"refund":"re_982"}\'\n', { mode: 0o755 });
    const [worker = ''] = fencedBlocks(page('docs/cli.md'), 'bash worker');
    const shell = shellOf({ HANDOFFRAIL_URL: rail.url, HANDOFFRAIL_API_KEY: rail.key });
    const id = await shell.id(['create', '--source-id', 's', '--target-id', 'billing-01', '--summary', 'x']);
    const output = await bash(
      `${worker.trim()} & handoffrail wait ${id} --for completed --json; kill -INT $!; wait`,
    );
    expect(output).toContain('"refund": "re_982"');
  });

  it('for what is around packets, and without a server', async () => {
    const blocks = fencedBlocks(page('docs/cli.md'), 'bash control');
    expect(blocks).toHaveLength(3);
    for (const block of blocks) await bash(block);
    expect(readFileSync(join(directory, 'audit.csv'), 'utf8')).toMatch(/^timestamp,id,action,/);
    const [local = ''] = fencedBlocks(page('docs/cli.md'), 'bash local');
    expect((await bash(local)).trim().split('\n').at(-1)).toMatch(/completed +8 +sales +billing/);
  });
});
