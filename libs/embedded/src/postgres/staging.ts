import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remove } from '../process/local-files.js';

/**
 * The folder, passable for everybody, where root keeps what its unprivileged Postgres must reach. It
 * lies beneath a folder anybody may write to, so one that somebody else made there is refused.
 */
export const stagingRoot = async (): Promise<string> => {
  const outlivesReboot = await lstat('/var/tmp').then(
    (found) => found.isDirectory(),
    () => false,
  );
  const root = join(outlivesReboot ? '/var/tmp' : tmpdir(), 'handoffrail-postgres');
  await mkdir(root, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new Error(`${root} was not made by root for this purpose; remove it and start again`);
  }
  return root;
};

/** A short name for a path, the same each time. */
const keyOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 16);

/** Says in each place for which data directory it is. */
const ownerFile = 'data-directory';

const isGone = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );

/** Removes what was kept for data directories that are gone: nothing leads to it any more. */
const removeOrphans = async (root: string): Promise<void> => {
  for (const name of await readdir(root)) {
    const dataDir = await readFile(join(root, name, ownerFile), 'utf8').catch(() => undefined);
    if (dataDir !== undefined && (await isGone(dataDir))) await remove(join(root, name));
  }
};

/** The place of a data directory that the unprivileged Postgres cannot enter. */
export const stagedPlace = async (dataDir: string): Promise<string> => {
  const root = await stagingRoot();
  await removeOrphans(root);
  const place = join(root, `data-${keyOf(dataDir)}`);
  await mkdir(place, { recursive: true, mode: 0o755 });
  await writeFile(join(place, ownerFile), dataDir);
  return place;
};
