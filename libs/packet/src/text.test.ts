import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLength } from './text.js';

describe('byteLength', () => {
  it('counts what UTF-8 takes', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(byteLength(text)).toBe(new TextEncoder().encode(text).length);
      }),
    ));
});
