import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configPath, writeConfigFile } from './config-file.js';
import { settingsFrom } from './settings.js';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'handoffrail-config-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const work = { url: 'https://work.example', api_key: 'hr_work' };
const homeRail = { url: 'http://localhost:8080', api_key: 'hr_home' };

const env = (more: Record<string, string> = {}) => ({ XDG_CONFIG_HOME: home, ...more });
const write = () =>
  writeConfigFile(configPath(env()), { default_profile: 'home', profiles: { work, home: homeRail } });

describe('which rail, and as whom', () => {
  it('is the one here when nothing is said', async () => {
    expect(await settingsFrom({}, env())).toEqual({ baseUrl: 'http://localhost:8080', apiKey: undefined });
  });

  it('is said by flags, then by the environment, then by the profile', async () => {
    await write();
    const around = env({ HANDOFFRAIL_URL: 'http://env', HANDOFFRAIL_API_KEY: 'hr_env' });
    expect(await settingsFrom({ url: 'http://flag', apiKey: 'hr_flag' }, around)).toEqual({
      baseUrl: 'http://flag',
      apiKey: 'hr_flag',
    });
    expect(await settingsFrom({}, around)).toEqual({ baseUrl: 'http://env', apiKey: 'hr_env' });
    expect(await settingsFrom({}, env())).toEqual({ baseUrl: homeRail.url, apiKey: 'hr_home' });
    expect(await settingsFrom({}, env({ HANDOFFRAIL_PROFILE: 'work', HANDOFFRAIL_URL: '' }))).toEqual({
      baseUrl: work.url,
      apiKey: 'hr_work',
    });
  });

  it('is the profile that a flag names, whatever the environment says', async () => {
    await write();
    const around = env({ HANDOFFRAIL_URL: 'http://env', HANDOFFRAIL_API_KEY: 'hr_env' });
    expect(await settingsFrom({ profile: 'work' }, around)).toEqual({ baseUrl: work.url, apiKey: 'hr_work' });
    await expect(settingsFrom({ profile: 'other' }, around)).rejects.toThrow('There is no profile "other"');
  });

  it('never sends the key of a profile to another server', async () => {
    await write();
    expect(await settingsFrom({ url: 'http://elsewhere' }, env())).toEqual({
      baseUrl: 'http://elsewhere',
      apiKey: undefined,
    });
    expect(await settingsFrom({ url: `${homeRail.url}/` }, env())).toMatchObject({ apiKey: 'hr_home' });
    expect(await settingsFrom({}, env({ HANDOFFRAIL_URL: 'http://elsewhere' }))).toMatchObject({
      apiKey: undefined,
    });
  });

  it.each(['nowhere', 'file:///etc/passwd', 'ftp://x'])('is no %s', async (url) => {
    await expect(settingsFrom({ url, apiKey: 'x' }, env())).rejects.toThrow('no address of a rail');
  });
});

describe('the file of profiles', () => {
  it('is its owner’s only, written whole, and keeps what it is not asked about', async () => {
    await write();
    const path = configPath(env());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'handoffrail')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(home, 'handoffrail'))).toEqual(['config.toml']);
    expect(readFileSync(path, 'utf8')).toContain('[profiles.work]');
  });

  it.each([
    ['profiles = [', 'is no TOML'],
    ['profiles = 1', 'is not as it should be'],
    ['[profiles.work]\nurl = 1', 'is not as it should be'],
    ['default_profile = 1', 'is not as it should be'],
  ])('is refused as %j', async (text, message) => {
    mkdirSync(join(home, 'handoffrail'));
    writeFileSync(configPath(env()), text);
    await expect(settingsFrom({}, env())).rejects.toThrow(message);
  });
});
