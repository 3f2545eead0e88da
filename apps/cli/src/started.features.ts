import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../dist/apps/cli/main.js', import.meta.url));

/** What a program left behind. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  /** What it has said so far on stdout. */
  said(): string;
  ended: Promise<Ended>;
}

export interface StartOptions {
  env?: Record<string, string>;
  input?: string;
  cwd?: string;
}

/** Starts the built program in an environment of its own: no profile, no key. */
export const startProgram = (words: string[], { env = {}, input, cwd }: StartOptions = {}): Started => {
  const child = spawn(process.execPath, [program, ...words], {
    ...(cwd !== undefined && { cwd }),
    env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: '/nonexistent', ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input ?? '');
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, said: () => stdout, ended };
};

export const runProgram = (words: string[], options?: StartOptions): Promise<Ended> =>
  startProgram(words, options).ended;
