import { stemOf } from '#libs/packet';

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

/** What a run of letters is indexed as: mostly one word. */
type Words = readonly (string | null)[];

const readRun = (run: string): Words =>
  !ascii.test(run) && unspaced.test(run) ? [...run].map(indexedAs) : [indexedAs(run)];

const mostKnown = 20_000;
const known = new Map<string, Words>();

/** Texts repeat their words: most are looked up here instead of being read again. */
const wordsIn = (run: string): Words => {
  const found = known.get(run);
  if (found !== undefined) return found;
  const words = readRun(run);
  if (known.size >= mostKnown) known.clear();
  if (run.length <= longest) known.set(run, words);
  return words;
};

/** The words of a text, in order, with their places in it. */
export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  for (const { 0: run, index } of text.matchAll(runs)) {
    const words = wordsIn(run);
    const pieces = words.length === 1 ? [run] : [...run];
    let from = index;
    for (const [at, piece] of pieces.entries()) {
      tokens.push({ word: words[at] ?? null, from, to: from + piece.length });
      from += piece.length;
    }
  }
  return tokens;
};

/** The words of a text, in order: what is indexed. */
export const wordsOf = (text: string): (string | null)[] => {
  const words: (string | null)[] = [];
  for (const run of text.match(runs) ?? []) {
    for (const word of wordsIn(run)) words.push(word);
  }
  return words;
};
