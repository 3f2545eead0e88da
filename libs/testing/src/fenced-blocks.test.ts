import { describe, expect, test } from 'vitest';
import { fencedBlocks } from './fenced-blocks.js';

const page = [
  '# Page',
  '```bash first',
  'echo 1',
  '',
  'echo 2',
  '```',
  '````markdown',
  '```bash first',
  'not run',
  '```',
  '````',
  '```bash',
  'echo 3',
  '```',
].join('\n');

describe('fencedBlocks', () => {
  test('takes the blocks with the info line, and no others', () => {
    expect(fencedBlocks(page, 'bash first')).toEqual(['echo 1\n\necho 2\n']);
    expect(fencedBlocks(page, 'bash')).toEqual(['echo 3\n']);
    expect(fencedBlocks(page, 'json')).toEqual([]);
  });
});
