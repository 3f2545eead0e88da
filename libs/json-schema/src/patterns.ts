import { RE2JS } from 're2js';

/** A pattern that runs in linear time. */
export interface LinearPattern {
  /** Whether it is found anywhere in the text. */
  test(text: string): boolean;
  /** Instructions of its program: what a character may cost. */
  size: number;
}

const longestPattern = 500;
const largestProgram = 1_000;

/** Compiles a pattern in the syntax of ECMAScript, as far as it is regular. @throws Error saying what it is not */
export const linearPattern = (source: string): LinearPattern => {
  if (source.length > longestPattern) throw new Error(`it is longer than ${longestPattern} characters`);
  const compiled = RE2JS.compile(RE2JS.translateRegExp(source));
  const size = compiled.programSize();
  if (size > largestProgram) throw new Error('it repeats too much');
  return { size, test: (text) => compiled.test(text) };
};
