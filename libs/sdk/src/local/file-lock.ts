import { link, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { uuidv7 } from './uuid.js';
import { StoreError } from './store-error.js';

/** Who has the lock, as the lock file says. */
interface Holder {
  pid: number;
  host: string;
  /** When its process was started, where the system tells: a later process may get the same pid. */
  started: string | null;
  /** Another one each time. */
  token: string;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

/** Linux counts the starts of processes in ticks since boot; others are known by their pid alone. */
const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? null;
  } catch {
    return null;
  }
};

const ownStart = startOf(process.pid);

const newHolder = (): Holder => ({
  pid: process.pid,
  host: hostname(),
  started: ownStart,
  token: uuidv7(),
});

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is there, too.
    return codeOf(error) === 'EPERM';
  }
};

/** Whether the process that took the lock has ended. Of other machines nobody knows. */
const isGone = ({ pid, host, started }: Holder): boolean => {
  if (host !== hostname()) return false;
  if (!isRunning(pid)) return true;
  const start = startOf(pid);
  return started !== null && start !== null && started !== start;
};

const readHolder = async (path: string): Promise<Holder | undefined> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

const unlinked = '.new';

/** Makes the lock file with its content in one step, so that nobody sees an empty one, whenever we are killed. */
const take = async (path: string, holder: Holder): Promise<boolean> => {
  const temporary = `${path}.${holder.token}${unlinked}`;
  try {
    await writeFile(temporary, JSON.stringify(holder), { flag: 'wx' });
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
};

const release = async (path: string, { token }: Holder): Promise<void> => {
  if ((await readHolder(path))?.token === token) await unlink(path);
};

/**
 * Takes away the lock of a holder that has ended. Two who see the same dead holder must not both do that, or the
 * second would take away the lock of whoever came in between: so the right to do it is a lock of its own, named
 * after what the dead holder wrote, and may be broken in the same way.
 */
const breakLock = async (path: string, dead: Holder, deadline: number): Promise<void> => {
  const unlock = await acquire(`${path}.${dead.token}`, deadline);
  try {
    if ((await readHolder(path))?.token === dead.token) await unlink(path);
  } finally {
    await unlock();
  }
};

const locked = (path: string, { pid, host }: Holder): StoreError =>
  new StoreError({
    code: 'store_locked',
    message: `Process ${pid} on ${host} holds ${path} and does not let go. If it does not use the store, remove that file.`,
  });

const acquire = async (path: string, deadline: number): Promise<() => Promise<void>> => {
  const mine = newHolder();
  for (;;) {
    const holder = await readHolder(path);
    if (holder === undefined && (await take(path, mine))) return () => release(path, mine);
    if (holder !== undefined && isGone(holder)) await breakLock(path, holder, deadline);
    else if (holder !== undefined && Date.now() > deadline) throw locked(path, holder);
    else await delay(1 + Math.random() * 4);
  }
};

/** Removes what processes have left that were killed on their way to the lock. */
export const sweepLocks = async (path: string): Promise<void> => {
  const [directory, start] = [dirname(path), `${basename(path)}.`];
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(start) && one.endsWith(unlinked))) {
    const file = join(directory, name);
    // What cannot be read is half of one, which somebody may be about to finish.
    const holder = await readHolder(file).catch(() => undefined);
    if (holder !== undefined && isGone(holder)) await rm(file, { force: true });
  }
};

/**
 * Takes a lock that one process can hold, anywhere on this machine; it comes free when its holder ends, however
 * that comes about. Returns what gives it back. @throws StoreError `store_locked` when the time is over
 */
export const lockFile = (path: string, timeoutMs: number): Promise<() => Promise<void>> =>
  acquire(path, Date.now() + timeoutMs);
