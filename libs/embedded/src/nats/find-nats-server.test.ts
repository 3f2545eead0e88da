import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cachedNats, installNats, natsCacheFolder, natsPlatform } from './cache.js';
import { findNatsServer } from './find-nats-server.js';
import { fromOfficialRelease } from './official-release.js';
import { compareVersions, isNewEnough, versionIn } from './version.js';

describe('versions', () => {
  it('are read from what the server and packages say', () => {
    expect(versionIn('nats-server: v2.15.1')).toBe('2.15.1');
    expect(versionIn('2.9.10-1+b3')).toBe('2.9.10');
    expect(versionIn('none')).toBeUndefined();
  });

  it('compare by number, not by letter', () => {
    expect(compareVersions('2.9.10', '2.12.0')).toBeLessThan(0);
    expect(compareVersions('2.15.1', '2.15.1')).toBe(0);
    expect(['2.11.9', '2.12.0', '3.0.0'].map(isNewEnough)).toEqual([false, true, true]);
  });
});

describe.skipIf(process.platform === 'win32')('findNatsServer', () => {
  let root: string;

  const pretendServer = async (folder: string, version: string): Promise<string> => {
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'nats-server');
    await writeFile(path, `#!/bin/sh\necho "nats-server: v${version}"\n`);
    await chmod(path, 0o755);
    return path;
  };

  const env = (rest: NodeJS.ProcessEnv = {}) => ({ PATH: '', XDG_CACHE_HOME: join(root, 'cache'), ...rest });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'handoffrail-find-'));
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    await rm(root, { recursive: true });
  });

  it('takes the binary it is told to, and says plainly when that one will not do', async () => {
    const path = await pretendServer(join(root, 'own'), '2.14.7');
    expect(await findNatsServer({ env: env({ HR_NATS_SERVER: path }) })).toMatchObject({
      path,
      version: '2.14.7',
    });
    const old = await pretendServer(join(root, 'old'), '2.9.10');
    await expect(findNatsServer({ env: env({ HR_NATS_SERVER: old }) })).rejects.toThrow(
      /is version 2\.9\.10/,
    );
    await expect(findNatsServer({ env: env({ HR_NATS_SERVER: root }) })).rejects.toThrow(
      /is not a nats-server/,
    );
  });

  it('takes the one on the PATH when it is new enough, else goes on to the cache', async () => {
    const fresh = await pretendServer(join(root, 'fresh'), '2.12.0');
    const old = await pretendServer(join(root, 'old'), '2.10.27');
    const cached = await pretendServer(join(natsCacheFolder(env()), `2.15.0-${natsPlatform}`), '2.15.0');
    expect((await findNatsServer({ env: env({ PATH: join(fresh, '..') }) })).path).toBe(fresh);
    const lines: string[] = [];
    const PATH = `${join(root, 'nowhere')}:${join(old, '..')}`;
    const found = await findNatsServer({ env: env({ PATH }), log: (line) => lines.push(line) });
    expect(found.path).toBe(cached);
    expect(lines.join()).toContain('is version 2.10.27');
  });

  it('takes the newest cached one of this platform', async () => {
    const folder = natsCacheFolder(env());
    await pretendServer(join(folder, `2.11.0-${natsPlatform}`), '2.11.0');
    await pretendServer(join(folder, `2.9.0-${natsPlatform}`), '2.9.0');
    expect(await cachedNats(folder)).toBeUndefined();
    await pretendServer(join(folder, `2.12.9-${natsPlatform}`), '2.12.9');
    const newest = await pretendServer(join(folder, `2.15.1-${natsPlatform}`), '2.15.1');
    await pretendServer(join(folder, '3.0.0-plan9-vax'), '3.0.0');
    expect((await cachedNats(folder))?.path).toBe(newest);
  });

  it('installs whole, also when several processes fetch at once', async () => {
    const folder = natsCacheFolder(env());
    const binary = await pretendServer(join(root, 'fetched'), '2.15.1');
    await mkdir(folder, { recursive: true });
    const installed = await Promise.all([1, 2, 3, 4].map(() => installNats(folder, binary)));
    expect(new Set(installed.map(({ path }) => path)).size).toBe(1);
    expect(await readdir(folder)).toEqual([`2.15.1-${natsPlatform}`]);
  });

  it('does not install what does not run or is too old', async () => {
    const folder = natsCacheFolder(env());
    const old = await pretendServer(join(root, 'old'), '2.10.0');
    await expect(installNats(folder, old)).rejects.toThrow(/too old/);
    await writeFile(old, 'not a program');
    await expect(installNats(folder, old)).rejects.toThrow(/does not run/);
  });

  it('refuses an archive with another checksum than the listed one', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('something else')));
    await expect(fromOfficialRelease(natsCacheFolder(env()))).rejects.toThrow(/checksum/);
  });
});
