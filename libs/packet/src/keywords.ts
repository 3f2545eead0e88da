import { stemOf } from './stem.js';

const runs = /[\p{L}\p{N}\p{M}]+/gu;
/** Shorter words are in every text. */
const shortest = 5;
const longest = 64;
/** What a text is read for at most: a router that reads a megabyte holds up everybody else. */
const mostCharacters = 100_000;
const mostWords = 1_000;

const familyOf = (word: string): string => (/^[a-z]+$/.test(word) ? stemOf(word) : word);

const wordsOf = (text: string): string[] => text.toLowerCase().match(runs) ?? [];

/**
 * What texts are about: the stems of their words of more than four letters, each once. Of long texts the
 * first 100,000 characters and the first 1,000 different words count.
 */
export const keywordsOf = (texts: readonly string[]): ReadonlySet<string> => {
  const words = new Set<string>();
  for (const word of wordsOf(texts.join('\n').slice(0, mostCharacters))) {
    const { length } = word;
    if (length >= shortest && length <= longest && words.size < mostWords) words.add(word);
  }
  return new Set([...words].map(familyOf));
};

type Families = ReadonlyMap<string, string>;

// An agent's list is asked about for every packet and never written to: its stems are made once.
const known = new WeakMap<readonly string[], Families>();

const familiesOf = (capabilities: readonly string[]): Families => {
  const made = known.get(capabilities);
  if (made !== undefined) return made;
  const families = new Map(capabilities.flatMap(wordsOf).map((word) => [familyOf(word), word] as const));
  known.set(capabilities, families);
  return families;
};

/** The words of the capabilities that the keywords speak of, in alphabetical order. */
export const wordsMet = (capabilities: readonly string[], keywords: ReadonlySet<string>): string[] =>
  [...familiesOf(capabilities)].flatMap(([family, word]) => (keywords.has(family) ? [word] : [])).sort();
