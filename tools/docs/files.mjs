import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export const read = (path) => readFileSync(join(root, path), 'utf8');
export const write = (path, text) => writeFileSync(join(root, path), text);
export const exists = (path) => existsSync(join(root, path));

const skipped = new Set(['node_modules', 'dist', '.git', '.data', '.nx', 'coverage']);

/** Paths of the files below a folder that end in `suffix`, relative to the root. */
export const filesBelow = (folder, suffix) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name))
    .flatMap((entry) => {
      const path = relative(root, join(root, folder, entry.name));
      if (entry.isDirectory()) return filesBelow(path, suffix);
      return entry.name.endsWith(suffix) ? [path] : [];
    });
