import { describe, expect, it } from 'vitest';
import { csvCell, csvLine } from './csv.js';
import { auditAnswerExamples } from './examples.js';

describe('a cell of the audit as CSV', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '\r=1',
    '\uff1d1',
    '\uff0b1',
    '\uff0d1',
    '\uff201',
  ])('shows %j as text, and runs nothing', (text) => {
    expect(csvCell(text)).toBe(`"'${text}"`);
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['a=b', 'a=b'],
    ['', ''],
  ])('writes %j as %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it('keeps a name that is a formula in its place', () => {
    const entry = auditAnswerExamples.AuditEntryDocument;
    const line = csvLine({ ...entry, actor: { ...entry.actor, id: '=HYPERLINK("http://evil")' } });
    expect(line).toContain(`,"'=HYPERLINK(""http://evil"")",`);
    expect(line.endsWith('\r\n')).toBe(true);
  });
});
