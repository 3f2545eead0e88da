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

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const joined = /^[\p{Mark}\u200d\ufe0f]/u;

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const widthOfLetter = (letter: string): number => {
  if (joined.test(letter)) return 0;
  return wide.test(letter) ? 2 : 1;
};

/** Columns that a text takes on a terminal. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const { segment } of letters.segment(text)) width += widthOfLetter(segment);
  return width;
};

/** The text in at most so many columns; an ellipsis stands for what is left out. */
export const shortened = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of letters.segment(text)) {
    width += widthOfLetter(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
};

export const padded = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)));
