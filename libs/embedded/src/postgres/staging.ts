import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
export const keyOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 16);
