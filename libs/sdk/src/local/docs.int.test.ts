import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './processes.features.js';

const page = fileURLToPath(new URL('../../../../docs/local.md', import.meta.url));
let directory: string;

beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'handoffs-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The block of the page that has this language and name. */
const blockOf = (text: string, language: string, name: string): string =>
  new RegExp(`^\`\`\`${language} ${name}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1] ?? '';

describe('docs/local.md', () => {
  it.each(['packets', 'handoffs'])('prints what it says: %s', async (name) => {
    const text = await readFile(page, 'utf8');
    const program = blockOf(text, 'ts', name)
      .replace('@handoffrail/sdk/local', '#libs/sdk/local')
      .replace("'handoffs.json'", JSON.stringify(join(directory, `${name}.json`)));
    expect(program).toContain('#libs/sdk/local');
    const { ended, lines } = run(program);
    await ended;
    expect(`${lines.join('\n')}\n`).toBe(blockOf(text, 'text', name));
  });
});
