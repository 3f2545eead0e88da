import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** What to run, and as whom. Both output streams are appended to `logFile`. */
export interface Launch {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** The signal that asks the server to finish properly. */
  stopSignal: NodeJS.Signals;
  /** Milliseconds it may take over that before SIGKILL. */
  stopGraceMs: number;
  uid?: number;
  gid?: number;
}

const living = new Map<ChildProcess, NodeJS.Signals>();
const watchdogs = new WeakMap<ChildProcess, ChildProcess>();

// `exit` allows no waiting: ask each server to finish, and let its watchdog see to the rest.
process.on('exit', () => {
  for (const [child, signal] of living) child.kill(signal);
});

// Waits on a pipe that only our process holds open. It ends when we do, however that happens.
const watchdogScript = `
runs() {
  kill -0 "$1" 2>/dev/null || return 1
  [ -r "/proc/$1/stat" ] || return 0
  read -r stat < "/proc/$1/stat" || return 1
  case $stat in *") Z "*) return 1 ;; esac
}
read -r _
kill -s "$2" "$1" 2>/dev/null || exit 0
tenths=$3
while [ "$tenths" -gt 0 ] && runs "$1"; do sleep 0.1; tenths=$((tenths - 1)); done
if runs "$1"; then kill -s KILL "$1" 2>/dev/null; fi
`;

const watch = (child: ChildProcess, launch: Launch): void => {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const words = [String(child.pid), launch.stopSignal.slice(3), String(Math.ceil(launch.stopGraceMs / 100))];
  const watchdog = spawn('/bin/sh', ['-c', watchdogScript, 'handoffrail-watchdog', ...words], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  });
  watchdog.once('error', () => undefined);
  watchdog.stdin.once('error', () => undefined);
  watchdog.unref();
  watchdogs.set(child, watchdog);
  const pipe = watchdog.stdin as unknown as { unref?: () => void };
  pipe.unref?.();
  child.once('exit', () => watchdog.kill('SIGKILL'));
};

/**
 * Starts a server in a process group of its own, so that the terminal's Ctrl-C reaches only us and
 * we can drain before the server goes. It never outlives us and never keeps our event loop alive.
 */
export const spawnServer = (launch: Launch): ChildProcess => {
  const log = openSync(launch.logFile, 'a', 0o600);
  try {
    const child = spawn(launch.command, launch.args, {
      stdio: ['ignore', log, log],
      env: launch.env,
      cwd: '/',
      detached: true,
      windowsHide: true,
      ...(launch.uid === undefined ? {} : { uid: launch.uid }),
      ...(launch.gid === undefined ? {} : { gid: launch.gid }),
    });
    living.set(child, launch.stopSignal);
    child.once('exit', () => living.delete(child));
    child.once('error', () => living.delete(child));
    child.unref();
    watch(child, launch);
    return child;
  } finally {
    closeSync(log);
  }
};

export const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

const untilEnded = async (child: ChildProcess): Promise<void> => {
  if (hasEnded(child)) return;
  child.ref();
  await new Promise<void>((resolve) => child.once('exit', () => resolve()));
};

/** Asks a child to finish, then insists; resolves when it is gone, and its watchdog with it. */
export const endChild = async (child: ChildProcess, launch: Launch): Promise<void> => {
  if (hasEnded(child)) return;
  const watchdog = watchdogs.get(child);
  const gone = untilEnded(child);
  child.kill(launch.stopSignal);
  const insist = setTimeout(() => child.kill('SIGKILL'), launch.stopGraceMs);
  await gone;
  clearTimeout(insist);
  if (watchdog !== undefined) await untilEnded(watchdog);
};
