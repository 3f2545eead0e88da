import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PostgresUnavailable } from './site.js';

/** The user Postgres runs as when we are root, which it refuses to be. */
export interface Owner {
  name: string;
  uid: number;
  gid: number;
}

const candidates = ['postgres', 'nobody'];

/** An existing unprivileged user when this process is root; undefined when it is not. */
export const unprivilegedOwner = async (): Promise<Owner | undefined> => {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of candidates) {
    const fields = lines.find((line) => line[0] === name);
    if (fields !== undefined) return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new PostgresUnavailable(
    `Postgres cannot run as root, and this machine has none of the users ${candidates.join(', ')}`,
  );
};

const mayPass = async (folder: string, owner: Owner): Promise<boolean> => {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (found.uid === owner.uid) return (found.mode & 0o100) !== 0;
  if (found.gid === owner.gid) return (found.mode & 0o010) !== 0;
  return (found.mode & 0o001) !== 0;
};

/** Whether the user can walk into a folder: every folder on the way lets it pass. */
export const canEnter = async (folder: string, owner: Owner): Promise<boolean> => {
  if (!(await mayPass(folder, owner))) return false;
  const parent = dirname(folder);
  return parent === folder ? true : canEnter(parent, owner);
};
