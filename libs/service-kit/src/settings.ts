import { makeValidator, type OptionalValidatorSpec, type RequiredValidatorSpec } from 'envalid';

/** What the table in the docs and a refusal say about a setting, beside its type. */
export interface Described {
  /** What a value must be, to follow "must be". */
  expected: string;
  desc: string;
  /** Its value is never printed. */
  secret?: true;
  /** How the docs print the default when it is not the plain value. */
  shown?: string;
}

type About = Pick<Described, 'desc'> & Partial<Pick<Described, 'secret' | 'shown'>>;
export type Given<T> = RequiredValidatorSpec<T> & Described;
export type Optional<T> = OptionalValidatorSpec<T> & Described;

const parser = <T>(read: (text: string) => T | undefined) =>
  makeValidator<T>((text) => {
    const value = read(text.trim());
    if (value === undefined) throw new TypeError('not what is expected');
    return value;
  });

/** A setting that always has a value. */
export const setting = <T>(
  expected: string,
  read: (text: string) => T | undefined,
  about: About & { default: NonNullable<T> },
): Given<T> => ({ ...parser(read)<T>(about), ...about, expected });

/** A setting that may be left out. */
export const optional = <T>(
  expected: string,
  read: (text: string) => T | undefined,
  about: About,
): Optional<T> => ({
  ...parser(read)<T>({ ...about, default: undefined }),
  ...about,
  expected,
});

/** Reads a whole number in a range; undefined when the text is none. */
export const wholeNumber =
  (from: number, to: number) =>
  (text: string): number | undefined => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= from && value <= to ? value : undefined;
  };

/** Reads one of a few words. */
export const oneOf =
  <T extends string>(words: readonly T[]) =>
  (text: string): T | undefined =>
    words.find((word) => word === text);

/** Reads a URL with one of the given schemes, as it was written. */
export const urlOf =
  (...schemes: string[]) =>
  (text: string): string | undefined =>
    URL.canParse(text) && schemes.includes(new URL(text).protocol) ? text : undefined;
