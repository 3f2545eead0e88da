// What other agents wrote must not move the cursor of whoever reads it, or turn the order of letters around.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of others on one line, without anything that a terminal would obey. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replace(unsafe, '�').trim();

/** The same with its lines kept. */
export const manyLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.replace(/\t/g, '  ').replace(unsafe, '�'))
    .join('\n');

const simple = /^[\x20-\x7e]*$/;
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;

interface Letter {
  letter: string;
  width: number;
}

// To load the rules of Unicode takes longer than to start, and most text does without.
let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for one letter, and how many columns it takes. */
const lettersOf = (text: string): Letter[] => {
  if (simple.test(text)) return Array.from(text, (letter) => ({ letter, width: 1 }));
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => ({
    letter: segment,
    width: wide.test(segment) ? 2 : 1,
  }));
};

/** Columns that a text takes on a terminal. */
export const widthOf = (text: string): number =>
  simple.test(text) ? text.length : lettersOf(text).reduce((sum, { width }) => sum + width, 0);

/** The text in at most so many columns; an ellipsis stands for what is left out. */
export const shortened = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let taken = 0;
  for (const { letter, width } of lettersOf(text)) {
    taken += width;
    if (taken > columns - 1) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
};

export const padded = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)));
