import { isUtf8 } from 'node:buffer';
import { type BodyClass, type FieldError, maxFieldErrors, validatorOf } from '#libs/contracts';
import type { Json } from '#libs/packet';
import type { ApiRequest } from './call.js';
import { invalid, ProblemError } from './problem-error.js';

/** JSON nested deeper is refused before it is parsed. */
const maxDepth = 64;

const quote = 0x22;
const backslash = 0x5c;

const afterString = (bytes: Buffer, from: number): number => {
  let at = from;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
};

// [ and { differ from their closing brackets by 2, and from each other by the bit 0x20.
const turnOf = (byte: number | undefined): number => {
  if (byte === undefined) return 0;
  const folded = byte | 0x20;
  if (folded === 0x7b) return 1;
  return folded === 0x7d ? -1 : 0;
};

/** Whether brackets outside of strings are ever nested deeper than the limit. */
const isTooDeep = (bytes: Buffer): boolean => {
  if (bytes.length <= maxDepth) return false;
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) at = afterString(bytes, at + 1);
    else depth += turnOf(byte);
    if (depth > maxDepth) return true;
  }
  return false;
};

const malformed = (detail: string): ProblemError => new ProblemError('malformed_json', detail);

const parse = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw malformed('The body is not JSON: send a JSON object in UTF-8.');
  }
};

// What JSON text cannot hold as such, it can hold as an escape.
const unstorable = /[\0\p{Surrogate}]/u;

/** Whether a text is one that a database can hold. */
export const isStorable = (text: string): boolean => !unstorable.test(text);

export const badText: Omit<FieldError, 'field'> = {
  code: 'text_not_storable',
  message: 'Leave out U+0000 and lone surrogates.',
};
const badKey: Omit<FieldError, 'field'> = {
  code: 'key_not_allowed',
  message: 'Choose another name than __proto__.',
};

const keyErrors = (key: string, field: string): FieldError[] => {
  if (key === '__proto__') return [{ field, ...badKey }];
  return unstorable.test(key) ? [{ field, ...badText }] : [];
};

const collect = (value: Json, field: string, found: FieldError[]): void => {
  if (found.length >= maxFieldErrors) return;
  if (typeof value === 'string') {
    if (unstorable.test(value)) found.push({ field, ...badText });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = field === '' ? key : `${field}.${key}`;
    found.push(...keyErrors(key, path));
    collect(inner, path, found);
  }
};

const mayHideText = (text: string): boolean => text.includes('\\u') || text.includes('__proto__');

/**
 * The JSON of a body: UTF-8, at most 64 levels, no text that a database cannot hold. No bytes is `undefined`.
 * @throws ProblemError
 */
export const parseJson = (bytes: Buffer): Json | undefined => {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('The body is not UTF-8: send JSON in UTF-8.');
  if (isTooDeep(bytes))
    throw new ProblemError('nesting_too_deep', `Nest arrays and objects at most ${maxDepth} deep.`);
  const text = bytes.toString('utf8');
  const value = parse(text);
  if (!mayHideText(text)) return value;
  const errors: FieldError[] = [];
  collect(value, '', errors);
  if (errors.length > 0) throw invalid(errors.slice(0, maxFieldErrors));
  return value;
};

/** The JSON of a request's body; `{}` when there is none. @throws ProblemError */
export const jsonOf = ({ body }: ApiRequest): unknown =>
  Buffer.isBuffer(body) ? (parseJson(body) ?? {}) : {};

/** The value, if it satisfies the class. @throws ProblemError naming every field that is wrong */
export const checked = <T extends object>(of: BodyClass<T>, value: unknown): T => {
  const validator = validatorOf(of);
  if (validator.accepts(value)) return value;
  throw invalid(validator.errors(value));
};
