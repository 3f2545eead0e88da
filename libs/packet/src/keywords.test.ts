import { describe, expect, it } from 'vitest';
import { keywordsOf, wordsMet } from './keywords.js';

const met = (capabilities: string[], ...texts: string[]) => wordsMet(capabilities, keywordsOf(texts));

describe('keywords', () => {
  it('are the stems of words of more than four letters, without punctuation', () => {
    expect([...keywordsOf(['Refunds, "refunded"; and the MIGRATION (of) data!'])]).toEqual([
      'refund',
      'migrat',
    ]);
  });

  it('meet what an agent can do, whole slugs and free words', () => {
    expect(met(['data-migration'], 'Please migrate this')).toEqual(['migration']);
    expect(met(['Translation of contracts'], 'translate the contract')).toEqual(['contracts', 'translation']);
    expect(met(['billing'], 'Nothing of the kind')).toEqual([]);
    expect(met(['übersetzung'], 'Eine ÜBERSETZUNG bitte')).toEqual(['übersetzung']);
    expect(met(['tax'], 'the tax return')).toEqual([]);
  });

  it('count once, however often they come and in whatever form', () => {
    expect(met(['refund', 'refunds'], 'refund refunded refunding', 'refunds')).toHaveLength(1);
  });

  it('are read from the beginning of a text that is very long', () => {
    const long = Array.from({ length: 50_000 }, (_, n) => `word${n}`).join(' ');
    expect(keywordsOf([long, 'refund']).size).toBe(1_000);
  });
});
