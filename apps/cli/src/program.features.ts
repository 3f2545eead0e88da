import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../../dist/apps/cli/main.js', import.meta.url));

export interface ProgramEnd {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningProgram {
  child: ChildProcess;
  /** What it has printed so far. */
  stdout(): string;
  /** Resolves when the text stands in what it said, there or on stderr. */
  said(text: string): Promise<void>;
  ended: Promise<ProgramEnd>;
}

/** The built program, started as a shell starts it: with an environment, and pipes for a terminal. */
export const programWith =
  (env: Record<string, string>) =>
  (words: string[], stdin = ''): RunningProgram => {
    const child = spawn(process.execPath, [entry, ...words], {
      env: { PATH: process.env['PATH'], HOME: '/nowhere', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
    const said = async (text: string): Promise<void> => {
      while (!(stdout + stderr).includes(text)) {
        if (child.exitCode !== null) throw new Error(`It ended without "${text}": ${stdout}${stderr}`);
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'close')]);
      }
    };
    return { child, stdout: () => stdout, said, ended };
  };

/** A rail's program by what it prints: `text` for people, `json` for programs; both want it to end with 0. */
export const shellOf = (env: Record<string, string>) => {
  const start = programWith(env);
  const run = (words: string[], stdin?: string): Promise<ProgramEnd> => start(words, stdin).ended;
  const done = async (words: string[], stdin?: string): Promise<string> => {
    const { code, stdout, stderr } = await run(words, stdin);
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  return {
    start,
    run,
    text: done,
    json: async (words: string[], stdin?: string) => JSON.parse(await done([...words, '--json'], stdin)),
    id: async (words: string[], stdin?: string) => (await done([...words, '--quiet'], stdin)).trim(),
  };
};
