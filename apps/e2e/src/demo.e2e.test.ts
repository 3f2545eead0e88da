import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('the demo goes as docs/demo.md has recorded it', async () => {
  const run = promisify(execFile)(process.execPath, ['tools/record-demo.mjs', '--check'], {
    cwd: root,
    timeout: 120_000,
  });
  // What it says tells which page to record anew.
  const { stderr } = await run.catch((error: { stderr: string }) => error);
  expect(stderr).toBe('');
});
