import { LRUCache } from 'lru-cache';
import { stemOf } from './stem.js';

/** A word in a text: what it is indexed as, and where it stands. */
export interface Token {
  /** Null for a word that every text has: it is not indexed, but counts as a place between others. */
  word: string | null;
  from: number;
  to: number;
}

const runs = /[\p{L}\p{N}\p{M}]+/gu;
const ascii = /^[A-Za-z0-9]+$/;
/** Scripts that are written without spaces: each character is a word, and a word in a query is a phrase. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}]/u;

const stopWords = new Set(
  (
    'a an and are as at be been but by can do does for from had has have he her his how i if in into is it its ' +
    'me my no not of on or our she so than that the their them then there these they this to up us was we were ' +
    'what when where which who why will with would you your'
  ).split(' '),
);

/** Longer words are cut: a lexeme has its limit, and nobody searches for the end of a blob. */
const longest = 64;

const indexedAs = (run: string): string | null => {
  const word = (ascii.test(run) ? run : run.normalize('NFKC')).toLowerCase().slice(0, longest);
  if (stopWords.has(word)) return null;
  return /^[a-z]+$/.test(word) ? stemOf(word) : word;
};

const known = new LRUCache<string, { word: string | null }>({ max: 20_000 });

/** Texts repeat their words: most are looked up here instead of being stemmed again. */
const wordOf = (run: string): string | null => {
  const found = known.get(run);
  if (found !== undefined) return found.word;
  const word = indexedAs(run);
  if (run.length <= longest) known.set(run, { word });
  return word;
};

const split = (run: string, from: number): Token[] => {
  let at = from;
  return [...run].map((char) => {
    const token = { word: wordOf(char), from: at, to: at + char.length };
    at = token.to;
    return token;
  });
};

/** The words of a text, in order, with their places in it. */
export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  for (const { 0: run, index } of text.matchAll(runs)) {
    if (!ascii.test(run) && unspaced.test(run)) tokens.push(...split(run, index));
    else tokens.push({ word: wordOf(run), from: index, to: index + run.length });
  }
  return tokens;
};

/** The words of a text, in order: what is indexed. */
export const wordsOf = (text: string): (string | null)[] => {
  const words: (string | null)[] = [];
  for (const run of text.match(runs) ?? []) {
    if (!ascii.test(run) && unspaced.test(run)) words.push(...split(run, 0).map(({ word }) => word));
    else words.push(wordOf(run));
  }
  return words;
};
