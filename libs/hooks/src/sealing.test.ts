import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from '#libs/packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpoint } from './hooks.features.js';
import {
  CannotOpen,
  loadSecretKey,
  newSecret,
  openHeaders,
  openSecrets,
  parseSecretKey,
  rotate,
  SecretBox,
  sealHeaders,
  sealSecret,
} from './index.js';

describe('what is sealed', () => {
  const key = randomBytes(32);
  const box = new SecretBox(key);

  it('opens with the same key, for the same owner', () => {
    for (const text of ['', 'x', newSecret(), 'ü'.repeat(5_000)])
      expect(new SecretBox(Buffer.from(key)).open(box.seal(text, 'a'), 'a')).toBe(text);
  });

  it('shows nothing, and differs each time', () => {
    const secret = newSecret();
    const sealed = Array.from({ length: 50 }, () => box.seal(secret, 'a'));
    expect(new Set(sealed).size).toBe(50);
    for (const one of sealed) {
      expect(one).toMatch(/^v1\.[0-9a-f]{8}\.[\w+/]+=*$/);
      expect(Buffer.from(one.split('.')[2]!, 'base64').toString('latin1')).not.toContain(secret.slice(6, 16));
    }
  });

  it('opens for nobody else, not with another key, and not changed', () => {
    const sealed = box.seal('hush', 'a');
    expect(() => box.open(sealed, 'b')).toThrow(CannotOpen);
    expect(() => new SecretBox(randomBytes(32)).open(sealed, 'a')).toThrow(/another key/);
    expect(() => box.open(sealed.replace('v1', 'v2'), 'a')).toThrow(/newer version/);
    const [form, name, encoded = ''] = sealed.split('.');
    const bytes = Buffer.from(encoded, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
      expect(() => box.open([form, name, changed.toString('base64')].join('.'), 'a')).toThrow(CannotOpen);
    }
    for (const cut of [0, 5, 12, 27, bytes.length - 1]) {
      const short = bytes.subarray(0, cut).toString('base64');
      expect(() => box.open([form, name, short].join('.'), 'a')).toThrow(CannotOpen);
    }
    expect(() => box.open('', 'a')).toThrow(CannotOpen);
  });

  it('gives an endpoint its secrets and its headers back', () => {
    const made = endpoint();
    const at = made.created_at;
    const one = { ...made, secret: { current: sealSecret(box, made, 'secret number one') } };
    const two = rotate(one, sealSecret(box, made, 'secret number two'), { at, until: after(at, 9) });
    expect(openSecrets(box, one, at)).toEqual(['secret number one']);
    expect(openSecrets(box, two, at)).toEqual(['secret number two', 'secret number one']);
    expect(openSecrets(box, two, after(at, 9))).toEqual(['secret number two']);
    expect(() => openSecrets(box, { ...one, id: 'another' }, at)).toThrow(CannotOpen);
    const lost = { ...made, secret: { current: sealSecret(new SecretBox(randomBytes(32)), made, 'lost') } };
    expect(() => openSecrets(box, lost, at)).toThrow(/another key/);
    const found = rotate(lost, sealSecret(box, made, 'secret number two'), { at, until: after(at, 9) });
    expect(openSecrets(box, found, at)).toEqual(['secret number two']);
    expect(openHeaders(box, made)).toEqual({});
    expect(sealHeaders(box, made, {})).toBeUndefined();
    const headers = sealHeaders(box, made, { Authorization: 'Bearer hush' })!;
    expect(headers.names).toEqual(['Authorization']);
    expect(JSON.stringify(headers)).not.toContain('hush');
    expect(openHeaders(box, { ...made, headers })).toEqual({ Authorization: 'Bearer hush' });
  });
});

describe('the key', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handoffrail-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is the given one, without a file', async () => {
    const given = randomBytes(32);
    expect(await loadSecretKey(given, folder)).toBe(given);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is made once, for its owner only, also by many who start together', async () => {
    const data = join(folder, 'not', 'there', 'yet');
    const keys = await Promise.all(Array.from({ length: 20 }, () => loadSecretKey(undefined, data)));
    expect(new Set(keys.map((key) => key.toString('base64'))).size).toBe(1);
    expect(keys[0]).toHaveLength(32);
    expect(await readdir(data)).toEqual(['secret.key']);
    expect((await stat(join(data, 'secret.key'))).mode & 0o777).toBe(0o600);
    const text = await readFile(join(data, 'secret.key'), 'utf8');
    expect(await loadSecretKey(parseSecretKey(text.trim()), folder)).toEqual(keys[0]);
    expect(await loadSecretKey(undefined, data)).toEqual(keys[0]);
  });

  it('is never replaced, whatever the file holds', async () => {
    await writeFile(join(folder, 'secret.key'), 'half a ke');
    await expect(loadSecretKey(undefined, folder)).rejects.toThrow(/restore it/);
    expect(await readFile(join(folder, 'secret.key'), 'utf8')).toBe('half a ke');
  });

  it.each(['', 'x', randomBytes(31).toString('base64'), randomBytes(33).toString('base64'), 'a'.repeat(44)])(
    'is not %j',
    (text) => expect(parseSecretKey(text)).toBeUndefined(),
  );
});
