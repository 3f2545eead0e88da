import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UsageError } from './shell.js';

const entry = fileURLToPath(new URL('../standalone/main.js', import.meta.url));

/** The options that `npm start` gives to Node: what is measured is what people run. */
const nodeOptions = (): string[] => {
  const file = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { scripts: { start: string } }).scripts.start.match(/--max-\S+/g) ?? [];
};

/** Starts the whole rail in a process of its own, which ends when this one does. */
export const startStandalone = (
  env: Readonly<Record<string, string | undefined>>,
  stdio: StdioOptions,
): ChildProcess => {
  if (!existsSync(entry)) throw new UsageError('The rail itself is not a part of this installation.');
  return spawn(process.execPath, [...nodeOptions(), entry], { env, stdio });
};

/** How it ended: its exit code, or 1 when a signal ended it. */
export const endOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
