import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { remove } from '../process/local-files.js';
import { compareVersions, isNewEnough, versionIn } from './version.js';

const run = promisify(execFile);

export const natsPlatform = `${process.platform}-${process.arch}`;
export const natsBinaryName = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';

export interface FoundNats {
  path: string;
  version: string;
  /** One line: where the binary came from. */
  source: string;
}

/** Asks a binary for its version. Undefined when it does not run or is no NATS server. */
export const versionOf = async (path: string): Promise<string | undefined> => {
  const answer = await run(path, ['-v'], { timeout: 5_000 }).catch(() => undefined);
  return answer?.stdout.includes('nats-server') ? versionIn(answer.stdout) : undefined;
};

/** Where fetched servers are kept, one folder for each version and platform. */
export const natsCacheFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'handoffrail', 'nats-server');

/** The newest cached server that this platform can run and that is new enough. */
export const cachedNats = async (folder: string): Promise<FoundNats | undefined> => {
  const suffix = `-${natsPlatform}`;
  const names = await readdir(folder).catch(() => [] as string[]);
  const versions = names
    .filter((name) => /^\d/.test(name) && name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .filter(isNewEnough)
    .sort((a, b) => compareVersions(b, a));
  for (const version of versions) {
    const path = join(folder, `${version}${suffix}`, natsBinaryName);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) return { path, version, source: `cached copy of ${version} in ${folder}` };
  }
  return undefined;
};

/** Gives `work` a fresh folder inside the cache and removes it afterwards. */
export const inDraftFolder = async <T>(folder: string, work: (draft: string) => Promise<T>): Promise<T> => {
  await mkdir(folder, { recursive: true });
  const draft = await mkdtemp(join(folder, '.draft-'));
  try {
    return await work(draft);
  } finally {
    await remove(draft);
  }
};

/**
 * Puts a fetched binary into the cache. It is run once first; the folder appears by a rename, whole,
 * so that two processes fetching at once do each other no harm.
 */
export const installNats = async (folder: string, binary: string): Promise<FoundNats> => {
  await chmod(binary, 0o755);
  const version = await versionOf(binary);
  if (version === undefined) throw new Error('the fetched nats-server does not run on this machine');
  if (!isNewEnough(version)) throw new Error(`the fetched nats-server is ${version}, which is too old`);
  const place = join(folder, `${version}-${natsPlatform}`);
  const draft = join(folder, `.new-${randomBytes(6).toString('hex')}`);
  await mkdir(draft);
  await copyFile(binary, join(draft, natsBinaryName));
  await rename(draft, place).catch(async (error: unknown) => {
    await remove(draft);
    const already = await stat(join(place, natsBinaryName)).catch(() => undefined);
    if (already === undefined) throw error;
  });
  return { path: join(place, natsBinaryName), version, source: '' };
};
