import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServers, noteServers } from './running-servers.js';

describe('the note of the running servers', () => {
  let dataDir: string;
  const urls = {
    natsUrl: 'nats://127.0.0.1:4222',
    databaseUrl: 'postgres://rail:secret@127.0.0.1:5432/rail',
  };
  beforeEach(async () => (dataDir = await mkdtemp(join(tmpdir(), 'handoffrail-note-'))));
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('is there while they run, for their user alone', async () => {
    const file = join(dataDir, 'servers.json');
    await writeFile(file, 'of a rail that was killed', { mode: 0o644 });
    const remove = await noteServers(dataDir, urls);
    expect(await findServers(dataDir)).toEqual(urls);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await remove();
    expect(await findServers(dataDir)).toBeUndefined();
  });

  it('counts for nothing when its process is gone, or when it cannot be read', async () => {
    const file = join(dataDir, 'servers.json');
    for (const text of [JSON.stringify({ pid: 2 ** 30, ...urls }), '{', 'null', '{}']) {
      await writeFile(file, text);
      expect(await findServers(dataDir), text).toBeUndefined();
    }
  });
});
