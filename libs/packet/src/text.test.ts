import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLength, hasUnstorableText } from './text.js';

describe('byteLength', () => {
  it('counts what UTF-8 takes', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(byteLength(text)).toBe(new TextEncoder().encode(text).length);
      }),
    ));
});

describe('hasUnstorableText', () => {
  it('finds nothing in ordinary text, pairs included', () => {
    expect(hasUnstorableText({ a: ['plain', 'é😀', 7, null, true], '😀': {} })).toBeNull();
    expect(hasUnstorableText('')).toBeNull();
    expect(hasUnstorableText(null)).toBeNull();
  });

  it('names where U+0000 or half a pair stands, in keys too', () => {
    expect(hasUnstorableText({ context: { custom: { a: ['ok', 'no\u0000'] } } })).toBe('context.custom.a.1');
    expect(hasUnstorableText({ a: 'x\ud800' })).toBe('a');
    expect(hasUnstorableText({ a: '\udc00\ud800' })).toBe('a');
    expect(hasUnstorableText({ a: { 'k\u0000': 1 } })).toBe('a.k\u0000');
    expect(hasUnstorableText('\u0000')).toBe('');
  });
});
