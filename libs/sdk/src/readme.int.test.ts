import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fencedBlocks, type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the readmes', () => {
  let server: Rail;
  const folder = mkdtempSync(join(tmpdir(), 'handoffrail-readme-'));

  beforeAll(async () => {
    server = await startRail({ env: { HR_DURABILITY: 'relaxed' } });
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  });

  it.each(['docs/sdk.md', 'README.md'])(
    'show a handoff that runs as it is printed, and ends by itself: %s',
    async (page) => {
      const [block] = fencedBlocks(readFileSync(join(root, page), 'utf8'), 'ts handoff');
      const code = block!
        .replace("'@handoffrail/sdk'", JSON.stringify(join(root, 'dist/libs/sdk/index.js')))
        .replace('http://localhost:8080', server.url)
        .replace('hr_put_your_key_here', server.key);
      const script = join(folder, 'handoff.mjs');
      writeFileSync(script, code);
      const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 20_000 });
      const types = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[1]);
      expect(types).toEqual(['packet.created', 'packet.claimed', 'packet.completed']);
    },
  );
});
