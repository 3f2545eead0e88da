import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configuredSources, parseDeb822, parseOneLine } from './apt-sources.js';

describe('parseDeb822', () => {
  it('reads every uri of every enabled paragraph, past comments and continued lines', () => {
    const text = [
      'Types: deb deb-src',
      '# URIs: http://commented.example/debian',
      'URIs: http://one.example/debian',
      ' http://two.example/debian',
      'Suites: bookworm bookworm-updates',
      'Components: main',
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
      '',
      'Types: deb',
      'URIs: http://off.example/debian',
      'Suites: bookworm',
      'Enabled: no',
      '',
      'Types: deb-src',
      'URIs: http://sources.example/debian',
      'Suites: bookworm',
    ].join('\n');
    const signedBy = '/usr/share/keyrings/debian-archive-keyring.gpg';
    const suites = ['bookworm', 'bookworm-updates'];
    expect(parseDeb822(text)).toEqual([
      { uri: 'http://one.example/debian', suites, signedBy },
      { uri: 'http://two.example/debian', suites, signedBy },
    ]);
  });
});

describe('parseOneLine', () => {
  it('reads binary sources with and without options', () => {
    const text = [
      '# deb http://commented.example/debian bookworm main',
      'deb http://plain.example/debian bookworm main contrib',
      'deb [arch=amd64 signed-by=/keys/a.gpg] http://signed.example/debian bookworm main',
      'deb-src http://sources.example/debian bookworm main',
    ].join('\n');
    expect(parseOneLine(text)).toEqual([
      { uri: 'http://plain.example/debian', suites: ['bookworm'] },
      { uri: 'http://signed.example/debian', suites: ['bookworm'], signedBy: '/keys/a.gpg' },
    ]);
  });
});

describe('configuredSources', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'handoffrail-apt-'));
    await mkdir(join(root, 'sources.list.d'));
  });

  afterEach(() => rm(root, { recursive: true }));

  it('takes each mirror of a main archive once, from both kinds of file, and nothing else', async () => {
    await writeFile(
      join(root, 'sources.list'),
      [
        'deb http://mirror.example/debian bookworm main',
        'deb http://mirror.example/debian bookworm-updates main',
        'deb http://mirror.example/debian-security bookworm-security main',
        'deb cdrom:[Debian]/ bookworm main',
      ].join('\n'),
    );
    await writeFile(
      join(root, 'sources.list.d', 'ubuntu.sources'),
      'Types: deb\nURIs: https://other.example/ubuntu/\nSuites: noble\n',
    );
    await writeFile(join(root, 'sources.list.d', 'own.list'), 'deb https://own.example/apt stable main');
    await writeFile(
      join(root, 'sources.list.d', 'off.sources.disabled'),
      'Types: deb\nURIs: http://x/debian',
    );
    const found = await configuredSources(root);
    expect(found.map(({ uri, archive }) => [uri, archive])).toEqual([
      ['http://mirror.example/debian', 'debian'],
      ['https://other.example/ubuntu/', 'ubuntu'],
    ]);
  });

  it('finds none on a machine without apt', async () => {
    expect(await configuredSources(join(root, 'missing'))).toEqual([]);
  });
});
