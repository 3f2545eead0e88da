import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlightsIn } from './highlight.js';
import { parseQuery } from './query.js';
import { tokensOf, wordsOf } from './words.js';

describe('the words of a text', () => {
  it('are stemmed, in small letters, without the words that every text has', () => {
    expect(wordsOf('The Invoices of ACME-17 are über-paid: naïve_user@example.com')).toEqual([
      null,
      'invoic',
      null,
      'acm',
      '17',
      null,
      'über',
      'paid',
      'naïve',
      'user',
      'exampl',
      'com',
    ]);
  });

  it('are single characters where a script has no spaces', () => {
    expect(wordsOf('数据库 agent')).toEqual(['数', '据', '库', 'agent']);
  });

  it('stand where their tokens say, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const tokens = tokensOf(text);
        expect(tokens.map(({ word }) => word)).toEqual(wordsOf(text));
        for (const { from, to } of tokens) expect(wordsOf(text.slice(from, to))).toHaveLength(1);
      }),
    );
  });
});

describe('a search', () => {
  it('asks for all words', () => {
    expect(parseQuery('failed invoices')).toEqual({
      exact: '((fail) & (invoic))',
      loose: '(fail & invoic)',
      words: new Set(['fail', 'invoic']),
    });
  });

  it('takes phrases, with the distance of left-out words, and compounds as phrases', () => {
    expect(parseQuery('"state of the art" customer-17')).toMatchObject({
      exact: '((state <3> art) & (custom <1> 17))',
      loose: '(state & art & custom & 17)',
    });
  });

  it('takes or and minus', () => {
    expect(parseQuery('zebra -database OR "two words" -"not these"')).toEqual({
      exact: '((zebra) & !(databas)) | ((two <1> word))',
      loose: '(zebra & !databas) | (two & word)',
      words: new Set(['zebra', 'two', 'word']),
    });
  });

  it('excludes loosely only what a single word excludes', () => {
    expect(parseQuery('-one')).toMatchObject({ exact: '(!(on))', loose: '(!on)' });
    expect(parseQuery('-"red fox"')).toMatchObject({ exact: '(!(red <1> fox))', loose: '' });
  });

  it('is none without a word', () => {
    for (const q of ['', ' ', 'the', '""', '"', '-', 'or', '& | !', "'; drop table --the"]) {
      expect(parseQuery(q)?.words ?? null, q).toEqual(q.includes('drop') ? new Set(['drop', 'tabl']) : null);
    }
  });
});

describe('highlights', () => {
  it('mark the words in escaped pieces', () => {
    const text = `Move the <billing> zebra & "friends" ${'x '.repeat(40)} to zebras again`;
    expect(highlightsIn(text, new Set(['zebra']))).toEqual([
      `Move the &lt;billing&gt; <mark>zebra</mark> &amp; &quot;friends&quot; ${'x '.repeat(10).trim()}`,
      'x x x x x  to <mark>zebras</mark> again',
    ]);
    expect(highlightsIn(text, new Set(['absent']))).toEqual([]);
  });
});
