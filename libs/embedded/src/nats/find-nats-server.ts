import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cachedNats, type FoundNats, natsBinaryName, natsCacheFolder, versionOf } from './cache.js';
import { fromDebianPackage } from './debian-package.js';
import { fromOfficialRelease } from './official-release.js';
import { isNewEnough, oldestNats } from './version.js';

export interface FindNatsOptions {
  /** Environment to read `HR_NATS_SERVER`, `PATH` and `XDG_CACHE_HOME` from. */
  env?: NodeJS.ProcessEnv;
  log?: (line: string) => void;
}

type Attempt = [name: string, find: () => Promise<FoundNats | undefined>];

const named = async (path: string): Promise<FoundNats> => {
  const version = await versionOf(path);
  if (version === undefined) throw new Error(`HR_NATS_SERVER=${path} is not a nats-server that runs here`);
  if (!isNewEnough(version)) {
    throw new Error(`HR_NATS_SERVER=${path} is version ${version}; ${oldestNats} or newer is needed`);
  }
  return { path, version, source: `HR_NATS_SERVER, version ${version}` };
};

const onPath = async (env: NodeJS.ProcessEnv): Promise<FoundNats | undefined> => {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((part) => part !== '')) {
    const path = join(folder, natsBinaryName);
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!runs) continue;
    const version = await versionOf(path);
    if (version === undefined) continue;
    if (isNewEnough(version)) return { path, version, source: `${path}, version ${version}` };
    throw new Error(`${path} is version ${version}`);
  }
  return undefined;
};

const advice = (): string => {
  const perSystem: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'brew install nats-server',
    win32: 'scoop install nats-server',
    linux: 'apt-get install nats-server on Debian 14 or newer, or the archive of the NATS release page',
  };
  return [
    `HandoffRail needs nats-server ${oldestNats} or newer. Any one of these gives it one:`,
    `  install it:        ${perSystem[process.platform] ?? 'see the NATS release page'}`,
    '  name a binary:     HR_NATS_SERVER=/path/to/nats-server',
    '  use a container:   docker run -p 4222:4222 nats -js, and NATS_URL=nats://127.0.0.1:4222',
  ].join('\n');
};

const firstThatFinds = async (attempts: Attempt[], log: (line: string) => void): Promise<FoundNats> => {
  const reasons: string[] = [];
  for (const [name, find] of attempts) {
    try {
      const found = await find();
      if (found !== undefined) return found;
      reasons.push(`${name}: none`);
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      log(`no nats-server from ${reasons.at(-1)}`);
    }
  }
  throw new Error(`${advice()}\nLooked for it here:\n  ${reasons.join('\n  ')}`);
};

/**
 * The nats-server to run: the one `HR_NATS_SERVER` names, the one on the PATH, a cached copy, the
 * official release, or the package of a newer Debian suite; the first that is new enough. What is
 * fetched stays in the user's cache folder. A place that fails is passed over within seconds; when all
 * do, the error says what to install.
 */
export const findNatsServer = (options: FindNatsOptions = {}): Promise<FoundNats> => {
  const env = options.env ?? process.env;
  const chosen = env['HR_NATS_SERVER'];
  if (chosen) return named(chosen);
  const folder = natsCacheFolder(env);
  const attempts: Attempt[] = [
    ['the PATH', () => onPath(env)],
    ['the cache', () => cachedNats(folder)],
    ['the official release', () => fromOfficialRelease(folder)],
    ['a Debian package', () => fromDebianPackage(folder)],
  ];
  return firstThatFinds(attempts, options.log ?? (() => undefined));
};
