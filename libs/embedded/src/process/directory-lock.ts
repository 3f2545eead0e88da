import { open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startOf } from './processes.js';

interface Holder {
  pid: number;
  startedAt: string;
}

const heldHere = new Set<string>();
const takeOverMs = 5_000;

const createOnly = async (file: string, text: string): Promise<boolean> => {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(text);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const readHolder = async (file: string): Promise<Holder | undefined> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
};

/** A process id can be given out again (after a boot, in a new container), so its start must agree too. */
const isHeld = async (holder: Holder): Promise<boolean> => {
  if (holder.pid === process.pid) return false; // An earlier life of this id: ours would be in `heldHere`.
  return (await isRunning(holder.pid)) && (await startOf(holder.pid)) === holder.startedAt;
};

const isOlderThan = async (file: string, ms: number): Promise<boolean> => {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ms;
};

/** Removes a lock that nobody holds. The guard keeps two starters from removing each other's new lock. */
const removeStale = async (file: string): Promise<void> => {
  const guard = `${file}.takeover`;
  if (!(await createOnly(guard, String(process.pid)))) {
    if (await isOlderThan(guard, takeOverMs)) await rm(guard, { force: true });
    return;
  }
  try {
    const holder = await readHolder(file);
    if (holder === undefined || !(await isHeld(holder))) await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
};

const settledHolder = async (file: string): Promise<Holder | undefined> => {
  const holder = await readHolder(file);
  if (holder !== undefined) return holder;
  // Unreadable: it is being written this very instant, or its writer died doing so.
  await sleep(20);
  return readHolder(file);
};

const acquire = async (file: string, directory: string): Promise<void> => {
  const mine = JSON.stringify({ pid: process.pid, startedAt: await startOf(process.pid) } satisfies Holder);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await createOnly(file, mine)) return;
    const holder = await settledHolder(file);
    if (holder !== undefined && (await isHeld(holder))) throw inUse(directory, holder.pid);
    await removeStale(file);
    await sleep(10);
  }
  throw new Error(`${file} could not be taken over; remove it if no other process uses ${directory}.`);
};

const inUse = (directory: string, pid: number): Error =>
  new Error(
    `${directory} is in use by the process ${pid}: stop that one first, or give this one another data directory.`,
  );

/**
 * Takes `<directory>/<name>.lock` for this process and returns the way to give it back.
 * Throws a sentence naming the directory and the holder when a living process has it; the lock of a
 * dead one is taken over.
 */
export const lockDirectory = async (directory: string, name: string): Promise<() => Promise<void>> => {
  const file = join(directory, `${name}.lock`);
  if (heldHere.has(file)) throw inUse(directory, process.pid);
  heldHere.add(file);
  try {
    await acquire(file, directory);
  } catch (error) {
    heldHere.delete(file);
    throw error;
  }
  return async () => {
    if (!heldHere.has(file)) return;
    await rm(file, { force: true });
    heldHere.delete(file);
  };
};
