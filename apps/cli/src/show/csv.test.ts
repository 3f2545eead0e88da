import { expect, test } from 'vitest';
import { csvCell } from './csv.js';

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', '"\'=1+1"'],
  [' @SUM(A1)', '"\' @SUM(A1)"'],
  ['－1', '"\'－1"'],
  ['\tx', '"\'\tx"'],
])('%j is the cell %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});
