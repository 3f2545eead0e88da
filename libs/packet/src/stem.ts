// The stemmer of M. F. Porter (An algorithm for suffix stripping, 1980): words of one family get one form, so
// that `migrating` finds `migration`. Only for words of the letters a to z.

const consonants = '[^aeiou][^aeiouy]*';
const vowels = '[aeiouy][aeiou]*';
/** At least one, exactly one, at least two sequences of a vowel and a consonant. */
const some = new RegExp(`^(${consonants})?${vowels}${consonants}`);
const one = new RegExp(`^(${consonants})?${vowels}${consonants}(${vowels})?$`);
const several = new RegExp(`^(${consonants})?${vowels}${consonants}${vowels}${consonants}`);
const hasVowel = new RegExp(`^(${consonants})?[aeiouy]`);
/** Ends in consonant, vowel, consonant, the last not w, x or y. */
const short = new RegExp(`^${consonants}[aeiouy][^aeiouwxy]$`);
const doubled = /([^aeiouylsz])\1$/;

type Rule = readonly [suffix: string, replacement: string];

const byNumber: readonly Rule[] = [
  ['sses', 'ss'],
  ['ies', 'i'],
  ['ss', 'ss'],
  ['s', ''],
];
const long: readonly Rule[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['abli', 'able'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
];
const middle: readonly Rule[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const last = /(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|(?<=[st])ion|ou|ism|ate|iti|ous|ive|ize)$/;

/** Replaces the first suffix that the word has, if what stands before it allows. */
const replace = (word: string, rules: readonly Rule[], allows: RegExp | null): string => {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const rest = word.slice(0, -rule[0].length);
  return allows === null || allows.test(rest) ? rest + rule[1] : word;
};

const completed = (rest: string): string => {
  if (/(at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (doubled.test(rest)) return rest.slice(0, -1);
  return short.test(rest) ? `${rest}e` : rest;
};

const withoutTense = (word: string): string => {
  if (word.endsWith('eed')) return some.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const rest = word.replace(/(ed|ing)$/, '');
  return rest !== word && hasVowel.test(rest) ? completed(rest) : word;
};

const withoutY = (word: string): string =>
  word.endsWith('y') && hasVowel.test(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;

const withoutLast = (word: string): string => {
  const rest = word.replace(last, '');
  return several.test(rest) ? rest : word;
};

const withoutE = (word: string): string => {
  const rest = word.slice(0, -1);
  const isSilent = word.endsWith('e') && (several.test(rest) || (one.test(rest) && !short.test(rest)));
  const stem = isSilent ? rest : word;
  return stem.endsWith('ll') && several.test(stem) ? stem.slice(0, -1) : stem;
};

/** The stem of an English word in small letters. */
export const stemOf = (word: string): string => {
  if (word.length < 3) return word;
  const base = withoutY(withoutTense(replace(word, byNumber, null)));
  return withoutE(withoutLast(replace(replace(base, long, some), middle, some)));
};
