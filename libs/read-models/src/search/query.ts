import { wordsOf } from './words.js';

/** A search as Postgres takes it. */
export interface SearchQuery {
  /** What a packet must hold, as tsquery text. */
  exact: string;
  /** What every such packet holds, without phrases: an index alone can answer it. Empty: anything. */
  loose: string;
  /** The words that are looked for. */
  words: ReadonlySet<string>;
}

interface Term {
  isNegated: boolean;
  /** The words of the term with their distance from the one before. */
  words: { word: string; distance: number }[];
}

const mostCharacters = 1_000;
const terms = /(-?)"([^"]*)"?|(-?)([^\s"]+)/g;

const termOf = (text: string, isNegated: boolean): Term => {
  const words: Term['words'] = [];
  let distance = 1;
  for (const word of wordsOf(text)) {
    if (word === null) distance += 1;
    else words.push({ word, distance });
    if (word !== null) distance = 1;
  }
  return { isNegated, words };
};

const isOr = (match: RegExpMatchArray): boolean => match[3] === '' && match[4]?.toLowerCase() === 'or';

/** The alternatives between the `or`s, each a list of terms that must all hold. */
const alternativesOf = (q: string): Term[][] => {
  const alternatives: Term[][] = [[]];
  for (const match of q.slice(0, mostCharacters).matchAll(terms)) {
    if (isOr(match)) alternatives.push([]);
    else alternatives.at(-1)?.push(termOf(match[2] ?? match[4] ?? '', (match[1] ?? match[3]) === '-'));
  }
  return alternatives
    .map((alternative) => alternative.filter(({ words }) => words.length > 0))
    .filter((alternative) => alternative.length > 0);
};

const exactTerm = ({ isNegated, words }: Term): string => {
  const phrase = words.map(({ word, distance }, index) => (index === 0 ? word : `<${distance}> ${word}`));
  return `${isNegated ? '!' : ''}(${phrase.join(' ')})`;
};

/** A packet without a phrase may still hold its words: only a single word can be excluded loosely. */
const looseTerm = ({ isNegated, words }: Term): string[] => {
  if (isNegated && words.length > 1) return [];
  return words.map(({ word }) => `${isNegated ? '!' : ''}${word}`);
};

const anyOf = (alternatives: readonly string[]): string => alternatives.map((one) => `(${one})`).join(' | ');

/**
 * Reads a search as people type it: all words, `"a phrase"`, `or`, `-without`. Null when there is no word in
 * it that could be found. Whatever the input, only letters and digits reach the query.
 */
export const parseQuery = (q: string): SearchQuery | null => {
  const alternatives = alternativesOf(q);
  if (alternatives.length === 0) return null;
  const loose = alternatives.map((all) => all.flatMap(looseTerm).join(' & '));
  const wanted = alternatives.flat().filter(({ isNegated }) => !isNegated);
  return {
    exact: anyOf(alternatives.map((all) => all.map(exactTerm).join(' & '))),
    loose: loose.includes('') ? '' : anyOf(loose),
    words: new Set(wanted.flatMap(({ words }) => words.map(({ word }) => word))),
  };
};
