import { canonicalJson, type Json } from '#libs/packet';
import type { At } from './evaluate.js';
import { formats } from './formats.js';
import { isObject, type Issue } from './keywords.js';

type Complaint = Omit<Issue, 'field'> | false | undefined;
export type Assertion = (operand: Json | undefined, at: At) => Complaint;

const say = (code: string, message: string): Complaint => ({ code, message });

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
};

const isOfType = (value: unknown, type: unknown): boolean =>
  type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;

const canonicalAt = ({ run, place }: Pick<At, 'run' | 'place'>): string => {
  const text = place.canonical;
  run.spend(Math.ceil(text.length / 50));
  return text;
};

const isChosen = (at: At): boolean => {
  const choices = at.run.prepared.choices.get(at.schema);
  return choices?.has(canonicalAt(at)) ?? true;
};

const isMultiple = (value: number, step: number): boolean => {
  const quotient = value / step;
  return Number.isFinite(quotient) && Math.abs(quotient - Math.round(quotient)) < 1e-9;
};

const isFound = (text: string, source: string, { run }: At): boolean => {
  const pattern = run.prepared.patterns.get(source);
  if (pattern === undefined) return true;
  run.spend(Math.ceil((text.length * pattern.size) / 200));
  return pattern.test(text);
};

/** Names of a value that matter to `patternProperties`. */
export const matches = isFound;

const isUnique = (values: readonly unknown[], { run, place }: At): boolean => {
  const seen = new Set<string>();
  return values.every((_value, index) => {
    const text = canonicalAt({ run, place: place.child(index) });
    return seen.size < seen.add(text).size;
  });
};

type Numbers = (value: number, limit: number) => Complaint;
type Texts = (text: string, operand: Json | undefined, at: At) => Complaint;
type Lists = (list: readonly unknown[], operand: Json | undefined, at: At) => Complaint;
type Objects = (object: object, operand: Json | undefined) => Complaint;

const onNumbers =
  (check: Numbers): Assertion =>
  (operand, { place }) =>
    typeof place.value === 'number' && check(place.value, Number(operand));
const onTexts =
  (check: Texts): Assertion =>
  (operand, at) =>
    typeof at.place.value === 'string' && check(at.place.value, operand, at);
const onLists =
  (check: Lists): Assertion =>
  (operand, at) =>
    Array.isArray(at.place.value) && check(at.place.value, operand, at);
const onObjects =
  (check: Objects): Assertion =>
  (operand, { place }) =>
    isObject(place.value) && check(place.value, operand);

const sized = (kind: 'few' | 'many', size: number, limit: Json | undefined): Complaint => {
  const most = Number(limit);
  return kind === 'few'
    ? size < most && say('too_few', `Send at least ${most}.`)
    : size > most && say('too_many', `Send at most ${most}.`);
};

const namesOf = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);

const missing = (object: object, names: readonly string[]): Complaint => {
  const lacking = names.filter((name) => !Object.hasOwn(object, name)).slice(0, 10);
  return lacking.length > 0 && say('required', `Send ${lacking.join(', ')}.`);
};

const missingDependents = (object: object, dependents: Json | undefined): Complaint => {
  if (!isObject(dependents)) return false;
  const asking = Object.keys(dependents).filter((name) => Object.hasOwn(object, name));
  return missing(
    object,
    asking.flatMap((name) => namesOf(dependents[name])),
  );
};

/** The keywords that ask something of the value itself: what is wrong with it, if anything. */
export const assertions: ReadonlyMap<string, Assertion> = new Map<string, Assertion>([
  [
    'type',
    (types, { place }) =>
      ![types].flat().some((type) => isOfType(place.value, type)) &&
      say('wrong_type', `Send ${[types].flat().join(' or ')}.`),
  ],
  ['enum', (_values, at) => !isChosen(at) && say('not_one_of', 'Send one of the values that are allowed.')],
  [
    'const',
    (value, at) =>
      canonicalAt(at) !== canonicalJson(value) && say('not_one_of', 'Send the one value that is allowed.'),
  ],
  [
    'multipleOf',
    onNumbers((value, step) => !isMultiple(value, step) && say('wrong_form', `Send a multiple of ${step}.`)),
  ],
  ['maximum', onNumbers((value, most) => value > most && say('too_big', `Send ${most} or less.`))],
  [
    'exclusiveMaximum',
    onNumbers((value, most) => value >= most && say('too_big', `Send less than ${most}.`)),
  ],
  ['minimum', onNumbers((value, least) => value < least && say('too_small', `Send ${least} or more.`))],
  [
    'exclusiveMinimum',
    onNumbers((value, least) => value <= least && say('too_small', `Send more than ${least}.`)),
  ],
  [
    'maxLength',
    onTexts(
      (_text, most, { place }) =>
        place.characters > Number(most) && say('too_long', `Send at most ${Number(most)} characters.`),
    ),
  ],
  [
    'minLength',
    onTexts(
      (_text, least, { place }) =>
        place.characters < Number(least) && say('too_short', `Send at least ${Number(least)} characters.`),
    ),
  ],
  [
    'pattern',
    onTexts(
      (text, source, at) =>
        !isFound(text, String(source), at) && say('wrong_form', `Send text that matches ${String(source)}.`),
    ),
  ],
  [
    'format',
    onTexts(
      (text, format) =>
        formats.get(String(format))?.(text) === false && say('wrong_form', `Send a valid ${String(format)}.`),
    ),
  ],
  ['maxItems', onLists((list, most) => sized('many', list.length, most))],
  ['minItems', onLists((list, least) => sized('few', list.length, least))],
  [
    'uniqueItems',
    onLists(
      (list, wanted, at) => wanted === true && !isUnique(list, at) && say('duplicate', 'Send no item twice.'),
    ),
  ],
  ['maxProperties', onObjects((object, most) => sized('many', Object.keys(object).length, most))],
  ['minProperties', onObjects((object, least) => sized('few', Object.keys(object).length, least))],
  ['required', onObjects((object, names) => missing(object, namesOf(names)))],
  ['dependentRequired', onObjects(missingDependents)],
]);
