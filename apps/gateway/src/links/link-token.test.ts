import { uuidv7 } from '#libs/event-log';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenSeal } from './link-token.js';

const seal = new TokenSeal('a secret that nobody knows, of any length');

describe('the token of a link', () => {
  it('says which link of which checkpoint it is, and is never the same twice', () => {
    const [approval, link] = [uuidv7(), uuidv7()];
    const made = Array.from({ length: 200 }, () => seal.make(approval, link));
    for (const { text, digest } of made) {
      expect(text).toMatch(/^[\w-]{106}[A-Za-z0-9]$/);
      expect(seal.read(text)).toEqual({ approval_id: approval, link_id: link, digest });
    }
    expect(new Set(made.map(({ text }) => text)).size).toBe(200);
  });

  it('does not hold when any character of it is another, more or less', () => {
    const { text } = seal.make(uuidv7(), uuidv7());
    const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
    fc.assert(
      fc.property(fc.nat(text.length - 1), letter, (at, other) => {
        fc.pre(text[at] !== other);
        expect(seal.read(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
      }),
      { numRuns: 500 },
    );
    for (const other of [`${text}A`, text.slice(1), `${text}=`, ` ${text}`, `${text}\n`, '', '.', '%00'])
      expect(seal.read(other)).toBeNull();
  });

  it('holds only under its own secret', () => {
    expect(new TokenSeal('another secret').read(seal.make(uuidv7(), uuidv7()).text)).toBeNull();
  });

  it('may be any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => seal.read(text) === null));
  });
});
