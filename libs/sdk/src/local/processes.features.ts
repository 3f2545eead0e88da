import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where built local mode is, to a program that runs in the repository. */
const preamble = `
  import fs from 'node:fs/promises';
  import { syncBuiltinESMExports } from 'node:module';
  const [file, ...args] = process.argv.slice(1);
  const say = (text) => process.stdout.write(text + '\\n');
`;

export interface Program {
  child: ChildProcess;
  /** The lines that it has written. */
  lines: string[];
  /** Comes back with its exit code; null: it was killed. @throws what it wrote, if it failed by itself */
  ended: Promise<number | null>;
}

/** Runs a program over built local mode in a process of its own; \`LocalRail\` is there, \`file\` and \`args\`. */
export const run = (program: string, ...args: string[]): Program => {
  const source = `${preamble}\n${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, '--', ...args], {
    cwd: repository,
  });
  const lines: string[] = [];
  let [rest, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close').then(([code]: unknown[]) => {
    if (code !== 0 && code !== null) throw new Error(errors);
    return code;
  });
  return { child, lines, ended };
};

/**
 * Kills the process at its n-th step on files: before it is done, or in its middle where it has one. Without a
 * step of that number the program ends as if nothing was.
 */
export const dyingAt = (nth: number): string => `
  let step = 0;
  const die = async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); };
  const isLast = () => (step += 1) === ${nth};
  const original = { ...fs };
  for (const name of ['readdir', 'readFile', 'realpath', 'rename', 'rm', 'stat', 'unlink', 'link', 'writeFile'])
    fs[name] = async (...args) => (isLast() ? die() : original[name](...args));
  fs.open = async (...args) => {
    if (isLast()) await die();
    const handle = await original.open(...args);
    const [writeFile, sync] = [handle.writeFile.bind(handle), handle.sync.bind(handle)];
    handle.writeFile = async (text) => {
      if (!isLast()) return writeFile(text);
      await writeFile(text.slice(0, text.length / 2));
      await die();
    };
    handle.sync = async () => (isLast() ? die() : sync());
    return handle;
  };
  syncBuiltinESMExports();
`;
