import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where the servers of a rail listen, as far as they are its own. */
export interface ServerUrls {
  natsUrl?: string;
  databaseUrl?: string;
}

interface Note extends ServerUrls {
  /** The process that runs them. */
  pid: number;
}

const fileOf = (dataDir: string): string => join(resolve(dataDir), 'servers.json');

/**
 * Notes in the data directory where the servers of this process listen: they take free ports. Only its user
 * may read the note; without any, there is none. Call what it returns when they stop.
 */
export const noteServers = async (dataDir: string, urls: ServerUrls): Promise<() => Promise<void>> => {
  if (Object.keys(urls).length === 0) return () => Promise.resolve();
  const file = fileOf(dataDir);
  const draft = `${file}.${process.pid}`;
  const note: Note = { pid: process.pid, ...urls };
  await mkdir(resolve(dataDir), { recursive: true });
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  await handle.writeFile(`${JSON.stringify(note)}\n`).finally(() => handle.close());
  await rename(draft, file);
  return () => rm(file, { force: true });
};

// A process of another user cannot be signalled, but it is there.
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** The servers of the rail that runs on this data directory; undefined when none does. */
export const findServers = async (dataDir: string): Promise<ServerUrls | undefined> => {
  try {
    const { pid, ...urls } = JSON.parse(await readFile(fileOf(dataDir), 'utf8')) as Note;
    return isRunning(pid) ? urls : undefined;
  } catch {
    // No note, or none that can be read: whoever asks says what to do instead.
    return undefined;
  }
};
