// Writes `docs/demo.txt`: what a person sees who types the commands of the demo into a terminal, without colours.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, write } from './docs/files.mjs';

const program = `${root}dist/apps/handoffrail/main.js`;
const key = `hr_${randomBytes(32).toString('base64url')}`;
const port = process.env.PORT ?? '18082';
const directory = mkdtempSync(join(tmpdir(), 'handoffrail-demo-'));
const env = {
  ...process.env,
  HR_BOOTSTRAP_API_KEY: key,
  HANDOFFRAIL_API_KEY: key,
  HANDOFFRAIL_URL: `http://localhost:${port}`,
};

/** Both streams in the order of a terminal. */
const type = (line) => {
  const shell = `handoffrail() { '${process.execPath}' '${program}' "$@"; }; ${line} 2>&1`;
  const { stdout, status } = spawnSync('bash', ['--norc', '-c', shell], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${line} ended with ${status}: ${stdout}`);
  return stdout.trimEnd();
};

const serving = spawn(process.execPath, [program, 'serve', '--port', port, '--data-dir', directory], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise((resolve, reject) => {
  let said = '';
  serving.stdout.on('data', (piece) => (said += piece).includes('is ready') && resolve());
  serving.once('exit', () => reject(new Error(`The rail did not start: ${said}`)));
});

try {
  const recorded = [];
  const record = (line) => {
    const output = type(line);
    recorded.push(`$ ${line}`, output, '');
    return output;
  };
  const demo = record('handoffrail demo');
  const [, upgrade] = /handoffrail history (\S+)/.exec(demo) ?? [];
  const [, open] = /^(\S+) +awaiting_human/m.exec(demo) ?? [];
  record(`handoffrail history ${upgrade}`);
  record(`handoffrail lineage ${upgrade}`);
  record('handoffrail approvals');
  record(`handoffrail respond ${open} --response Denied --decision deny --responded-by you@company.com`);
  record('handoffrail stats');
  write('docs/demo.txt', `${recorded.join('\n').trimEnd()}\n`);
} finally {
  serving.kill('SIGTERM');
  await new Promise((resolve) => serving.once('exit', resolve));
  rmSync(directory, { recursive: true, force: true });
}
