import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ps = async (pid: number, column: string): Promise<string> => {
  if (process.platform === 'win32') return '';
  const found = await run('ps', ['-o', `${column}=`, '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return found.stdout.trim();
};

/** The command line of a process, its words separated by spaces; empty when it cannot be read. */
export const commandLine = async (pid: number): Promise<string> => {
  if (process.platform !== 'linux') return ps(pid, 'command');
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return words.split('\0').join(' ').trim();
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The fields of /proc/<pid>/stat after the name, which may itself hold spaces and brackets. */
const linuxStat = async (pid: number): Promise<string[]> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** Whether a process runs, whoever owns it. One that ended and was not reaped (in a container, say) does not. */
export const isRunning = async (pid: number): Promise<boolean> => {
  if (!exists(pid)) return false;
  return process.platform !== 'linux' || (await linuxStat(pid))[0] !== 'Z';
};

/** When a process began, in whatever unit the system has: only good for comparing. Empty when unknown. */
export const startOf = async (pid: number): Promise<string> => {
  if (process.platform !== 'linux') return ps(pid, 'lstart');
  return (await linuxStat(pid))[19] ?? '';
};

const isGoneWithin = async (pid: number, ms: number): Promise<boolean> => {
  for (const end = Date.now() + ms; await isRunning(pid); await sleep(10)) {
    if (Date.now() > end) return false;
  }
  return true;
};

export interface EndProcess {
  pid: number;
  signal: NodeJS.Signals;
  /** How long it may take over the signal before SIGKILL, in milliseconds. */
  graceMs: number;
}

const send = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in the meantime, which is what was wanted.
  }
};

/** Ends a process that is not our child: signal, wait, then SIGKILL. */
export const endProcess = async ({ pid, signal, graceMs }: EndProcess): Promise<void> => {
  send(pid, signal);
  if (await isGoneWithin(pid, graceMs)) return;
  send(pid, 'SIGKILL');
  await isGoneWithin(pid, 5_000);
};
