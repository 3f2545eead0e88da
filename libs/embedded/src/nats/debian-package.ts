import { execFile } from 'node:child_process';
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AptSource, configuredSources } from './apt-sources.js';
import { type FoundNats, inDraftFolder, installNats } from './cache.js';
import { isNewEnough, versionIn } from './version.js';

const run = promisify(execFile);

interface Archive {
  suites: string[];
  component: string;
  keyring: string;
}

// Testing comes before unstable: it has been through the archive's own checks.
const archives: Record<AptSource['archive'], Archive> = {
  debian: {
    suites: ['forky', 'sid'],
    component: 'main',
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  },
  ubuntu: {
    suites: ['devel'],
    component: 'universe',
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  },
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const keyringOf = async (source: AptSource): Promise<string> => {
  for (const file of [source.signedBy, archives[source.archive].keyring]) {
    if (file?.startsWith('/') && (await exists(file))) return file;
  }
  throw new Error("the archive's keyring is not installed");
};

/**
 * Everything apt would read or write, moved into one folder of ours; signatures stay checked. Of the
 * machine's settings only those for fetching are kept (a proxy, say): its hooks are for its own lists.
 */
const aptSettings = async (folder: string): Promise<string> => {
  const dump = await run('apt-config', ['dump'], { timeout: 5_000 });
  const fetching = dump.stdout.split('\n').filter((line) => /^Acquire::(?!IndexTargets)/.test(line));
  const ours = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': process.getuid?.() === 0 ? 'root' : '',
    'Acquire::AllowInsecureRepositories': 'no',
    'Acquire::AllowWeakRepositories': 'no',
    // A mirror may hold an expired list of a newer suite; its signature is checked all the same.
    'Acquire::Check-Valid-Until': 'no',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '0',
    'Acquire::http::Timeout': '4',
    'Acquire::https::Timeout': '4',
  };
  const lines = Object.entries(ours).map(([key, value]) => `${key} "${value}";`);
  return [...fetching, ...lines, ''].join('\n');
};

const apt = async (folder: string, command: 'apt-get' | 'apt-cache', words: string[]): Promise<string> => {
  const answer = await run(command, words, {
    cwd: folder,
    timeout: 60_000,
    env: { ...process.env, LC_ALL: 'C', APT_CONFIG: join(folder, 'apt.conf') },
  });
  return answer.stdout;
};

const prepare = async (folder: string, source: AptSource, suite: string): Promise<void> => {
  const { component } = archives[source.archive];
  const line = `deb [signed-by=${await keyringOf(source)}] ${source.uri} ${suite} ${component}\n`;
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'sources.list'), line);
  await writeFile(join(folder, 'apt.conf'), await aptSettings(folder));
};

const download = async (folder: string): Promise<string> => {
  await apt(folder, 'apt-get', ['update']);
  const policy = await apt(folder, 'apt-cache', ['policy', 'nats-server']);
  const offered = versionIn(/Candidate: (\S+)/.exec(policy)?.[1] ?? '');
  if (offered === undefined) throw new Error('it has no nats-server package');
  if (!isNewEnough(offered)) throw new Error(`its nats-server is ${offered}`);
  await apt(folder, 'apt-get', ['download', 'nats-server']);
  const packages = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
  const [file] = packages;
  if (file === undefined) throw new Error('apt downloaded nothing');
  return join(folder, file);
};

const unpackedBinary = async (folder: string): Promise<string> => {
  for (const place of ['usr/sbin', 'usr/bin']) {
    const path = join(folder, place, 'nats-server');
    if (await exists(path)) return path;
  }
  throw new Error('the package holds no nats-server');
};

const fromSuite = (folder: string, source: AptSource, suite: string): Promise<FoundNats> =>
  inDraftFolder(folder, async (draft) => {
    await prepare(draft, source, suite);
    const file = await download(draft);
    await run('dpkg-deb', ['-x', file, join(draft, 'unpacked')], { timeout: 30_000 });
    const installed = await installNats(folder, await unpackedBinary(join(draft, 'unpacked')));
    return {
      ...installed,
      source: `${source.archive} package ${installed.version} of ${suite}, from this machine's own mirror, signature verified`,
    };
  });

/**
 * Fetches the server from a newer Debian (or Ubuntu) suite through the machine's configured mirror, with a private
 * apt configuration: no root, and nothing of the system changes. Throws why it could not.
 */
export const fromDebianPackage = async (folder: string): Promise<FoundNats> => {
  if (process.platform !== 'linux') throw new Error('this system has no apt');
  const sources = await configuredSources();
  if (sources.length === 0) throw new Error('no mirror of Debian or Ubuntu is configured for apt');
  const reasons: string[] = [];
  for (const source of sources) {
    for (const suite of archives[source.archive].suites) {
      try {
        return await fromSuite(folder, source, suite);
      } catch (error) {
        reasons.push(`${suite}: ${reasonOf(error)}`);
      }
    }
  }
  throw new Error(reasons.join('; '));
};

const reasonOf = (error: unknown): string => {
  const { stderr, message } = error as { stderr?: string; message: string };
  const line = stderr?.split('\n').find((text) => /^[EW]: /.test(text));
  return line ?? message;
};
