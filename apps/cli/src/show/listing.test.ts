import { expect, test } from 'vitest';
import { cardText, doneLine, listShape } from './listing.js';
import { paintWhen } from './paint.js';

const plain = { paint: paintWhen(false), columns: Infinity, now: 0 };

const names = listShape({
  rows: ({ names: rows }: { names: string[]; next_cursor: string | null; total?: number }) => rows,
  columns: () => [{ title: 'NAME', value: (name) => name }],
  none: 'No names.',
  id: (name) => name,
});

test('a list says what it leaves out', () => {
  expect(names.text({ names: [], next_cursor: null }, plain)).toBe('No names.');
  expect(names.text({ names: ['a'], next_cursor: null, total: 1 }, plain)).toBe('NAME\na');
  expect(names.text({ names: ['a'], next_cursor: 'c', total: 3 }, plain)).toBe(
    'NAME\na\n\n1 of 3; --all shows everything.',
  );
  expect(names.text({ names: ['a'], next_cursor: 'c' }, plain)).toMatch(/\n1 and more; --all/);
  expect(names.ids?.({ names: ['a', 'b'], next_cursor: null })).toEqual(['a', 'b']);
});

test('a card leaves out what is not known, and obeys nobody', () => {
  const known = cardText(
    'id\u001b[2J',
    [
      ['empty', ''],
      ['none', null],
      ['off', false],
      ['zero', 0],
      ['on', true],
      ['evil', 'red\u001b[31m\u202e'],
      ['lines', 'one\ntwo'],
    ],
    plain,
  );
  expect(known).toBe('id�[2J\n  zero   0\n  on     yes\n  evil   red�[31m�\n  lines  one\n         two');
});

test('what is done is told by its id', () => {
  expect(doneLine('Removed').text({ id: 'a', removed: true }, plain)).toBe('Removed a.');
});
