import { describe, expect, it } from 'vitest';
import { isColored, paintWhen } from './paint.js';
import { manyLines, oneLine, padded, shortened, widthOf } from './plain.js';
import type { Look } from './shape.js';
import { facts, table } from './table.js';
import { ageOf, momentOf } from './moments.js';

const look = (columns: number, colored = false): Look => ({ paint: paintWhen(colored), columns, now: 0 });

describe('text of others', () => {
  it('has nothing that a terminal obeys', () => {
    expect(oneLine('a\u001b[31mred\u001b[0m\n\tb\u0007\u202e')).toBe('a�[31mred�[0m b��');
    expect(manyLines('a\r\n\tb\u009b2J')).toBe('a\n  b�2J');
  });

  it('is measured and cut by what a terminal shows', () => {
    expect([widthOf('abc'), widthOf('世界'), widthOf('e\u0301'), widthOf('👩‍👩‍👧')]).toEqual([3, 4, 1, 2]);
    expect(shortened('世界的', 5)).toBe('世界…');
    expect(shortened('abcdef', 6)).toBe('abcdef');
    expect(shortened('abcdefg', 6)).toBe('abcde…');
    expect(padded('世', 4)).toBe('世  ');
  });
});

describe('a table', () => {
  const columns = [
    { title: 'ID', value: ({ id }: { id: string; text: string }) => id },
    { title: 'TEXT', value: ({ text }: { id: string; text: string }) => text, flexible: true },
  ];
  const rows = [
    { id: '1', text: 'short' },
    { id: '200', text: 'a longer text\nover two lines' },
  ];

  it('is aligned, and whole in a pipe', () => {
    expect(table(columns, rows, look(Infinity))).toBe(
      'ID   TEXT\n1    short\n200  a longer text over two lines',
    );
  });

  it('is as wide as the terminal at most', () => {
    const lines = table(columns, rows, look(20)).split('\n');
    expect(lines).toEqual(['ID   TEXT', '1    short', '200  a longer text…']);
  });

  it('paints what is shown, not what it measures', () => {
    const painted = [
      { ...columns[0]!, paint: (text: string, { red }: Look['paint']) => red(text) },
      columns[1]!,
    ];
    expect(table(painted, rows, look(Infinity, true)).split('\n')[1]).toBe('\u001b[31m1  \u001b[39m  short');
  });

  it('of facts leaves out what is empty', () => {
    expect(
      facts(
        [
          ['a', '1'],
          ['none', null],
          ['longer', 'x\ny'],
        ],
        look(80),
      ),
    ).toBe('  a       1\n  longer  x\n          y');
  });
});

describe('colours', () => {
  const terminal = { isTTY: true } as Parameters<typeof isColored>[0];

  it('are for terminals that want them', () => {
    expect(isColored(terminal, {}, true)).toBe(true);
    expect(isColored(terminal, { NO_COLOR: '' }, true)).toBe(true);
    expect(isColored(terminal, { NO_COLOR: '1' }, true)).toBe(false);
    expect(isColored(terminal, { TERM: 'dumb' }, true)).toBe(false);
    expect(isColored(terminal, {}, false)).toBe(false);
    expect(isColored({ isTTY: false } as Parameters<typeof isColored>[0], {}, true)).toBe(false);
  });
});

it('tells times short', () => {
  expect(
    [0, 59_999, 60_000, 7_300_000, 90_000_000].map((now) => ageOf('1970-01-01T00:00:00.000Z', now)),
  ).toEqual([...['0s', '59s', '1m', '2h', '1d']]);
  expect(momentOf('2026-11-21T12:00:01.123Z')).toBe('2026-11-21 12:00:01Z');
});
