import { countCharacters, isInstantText } from './formats.js';
import type { JsonSchema } from './json-schema.js';

/** One field that is wrong: its dotted path, a stable code, and what to do. */
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

/** How many errors one answer names. */
export const maxFieldErrors = 100;

type Complaint = [code: string, message: string];

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

const nouns: Record<string, string> = {
  string: 'a string',
  integer: 'an integer',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

const named = (types: string | string[]): string =>
  [types]
    .flat()
    .filter((type) => type !== 'null')
    .map((type) => nouns[type] ?? type)
    .join(' or ');

const length = (value: unknown): number => (typeof value === 'string' ? countCharacters(value) : 0);
const size = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** What each keyword says of a value that breaks it; the first one that does is named. */
const keywords: ((value: unknown, schema: JsonSchema) => Complaint | undefined | false)[] = [
  (value, { type }) =>
    type !== undefined && ![type].flat().includes(typeOf(value)) && ['wrong_type', `Send ${named(type)}.`],
  (value, schema) =>
    schema.enum !== undefined &&
    !schema.enum.includes(value as string) && [
      'not_one_of',
      `Send one of ${schema.enum.filter((word) => word !== null).join(', ')}.`,
    ],
  (value, { format }) =>
    format === 'date-time' &&
    value !== null &&
    !isInstantText(value) && ['not_an_instant', 'Send an RFC 3339 instant, such as 2026-01-31T12:00:00Z.'],
  (value, { minLength: limit }) =>
    limit !== undefined &&
    typeof value === 'string' &&
    length(value) < limit && ['too_short', `Send at least ${limit} character${limit === 1 ? '' : 's'}.`],
  (value, { maxLength: limit }) =>
    limit !== undefined && length(value) > limit && ['too_long', `Send at most ${limit} characters.`],
  (value, { pattern, description }) =>
    pattern !== undefined &&
    typeof value === 'string' &&
    !new RegExp(pattern).test(value) && ['wrong_form', `Send another form: ${description ?? pattern}`],
  (value, { minimum }) =>
    minimum !== undefined &&
    typeof value === 'number' &&
    value < minimum && ['too_small', `Send ${minimum} or more.`],
  (value, { maximum }) =>
    maximum !== undefined &&
    typeof value === 'number' &&
    value > maximum && ['too_big', `Send ${maximum} or less.`],
  (value, { minItems: limit }) =>
    limit !== undefined &&
    Array.isArray(value) &&
    size(value) < limit && ['too_few', `Send at least ${limit}.`],
  (value, { maxItems: limit }) =>
    limit !== undefined && size(value) > limit && ['too_many', `Send at most ${limit} items.`],
];

const serverSet: Complaint = ['server_set', 'The server sets this field: leave it out.'];
const unknown: Complaint = [
  'unknown_field',
  'There is no such field here: correct its name or leave it out.',
];
const required: Complaint = ['required', 'Send this field.'];

const isMap = (value: unknown): value is Record<string, unknown> => typeOf(value) === 'object';
const isNullSchema = (schema: JsonSchema): boolean => schema.type === 'null';

/** A value and where it stands in the body. */
interface Place {
  value: unknown;
  path: string;
}

const under = (path: string, name: string | number): string =>
  path === '' ? String(name) : `${path}.${name}`;

const complaintOf = (schema: JsonSchema, value: unknown): Complaint | undefined => {
  if (schema.readOnly && value !== null) return serverSet;
  for (const keyword of keywords) {
    const complaint = keyword(value, schema);
    if (complaint) return complaint;
  }
  return undefined;
};

/** Walks a value along its schema and names what is wrong; it stops after `maxFieldErrors`. */
class Explanation {
  readonly errors: FieldError[] = [];

  constructor(private readonly definitions: Record<string, JsonSchema>) {}

  walk(schema: JsonSchema, place: Place): void {
    if (this.#isFull) return;
    if (schema.$ref !== undefined) return this.walk(this.#definition(schema.$ref), place);
    if (schema.anyOf) return this.#branches(schema, schema.anyOf, place);
    const complaint = complaintOf(schema, place.value);
    if (complaint) return this.#add(place.path, complaint);
    this.#inside(schema, place);
  }

  get #isFull(): boolean {
    return this.errors.length >= maxFieldErrors;
  }

  #definition(ref: string): JsonSchema {
    return this.definitions[ref.slice(ref.lastIndexOf('/') + 1)] ?? {};
  }

  #add(path: string, [code, message]: Complaint): void {
    if (!this.#isFull) this.errors.push({ field: path, code, message });
  }

  #accepts(schema: JsonSchema, value: unknown): boolean {
    const inner = new Explanation(this.definitions);
    inner.walk(schema, { value, path: '' });
    return inner.errors.length === 0;
  }

  #branches(schema: JsonSchema, anyOf: JsonSchema[], place: Place): void {
    if (place.value === null && anyOf.some(isNullSchema)) return;
    const branches = anyOf.filter((branch) => !isNullSchema(branch));
    const [only] = branches;
    if (only && branches.length === 1) return this.walk(only, place);
    if (branches.some((branch) => this.#accepts(branch, place.value))) return;
    this.#add(place.path, ['wrong_form', `Send ${schema.description ?? 'another form.'}`]);
  }

  #inside(schema: JsonSchema, { value, path }: Place): void {
    if (isMap(value)) this.#fields(schema, value, path);
    if (schema.items === undefined || !Array.isArray(value)) return;
    for (const [index, item] of value.entries()) {
      if (this.#isFull) return;
      this.walk(schema.items, { value: item, path: under(path, index) });
    }
  }

  #fields(schema: JsonSchema, value: Record<string, unknown>, path: string): void {
    const missing = (schema.required ?? []).filter((name) => this.#isMissing(schema, value, name));
    for (const name of missing) this.#add(under(path, name), required);
    for (const [name, inner] of Object.entries(value)) {
      if (this.#isFull) return;
      if (!missing.includes(name))
        this.#field(schema, name, { value: inner, path: under(path, name.slice(0, 256)) });
    }
  }

  #isMissing(schema: JsonSchema, value: Record<string, unknown>, name: string): boolean {
    if (!Object.hasOwn(value, name)) return true;
    const inner = schema.properties?.[name];
    return value[name] === null && inner !== undefined && !this.#accepts(inner, null);
  }

  #field(schema: JsonSchema, name: string, place: Place): void {
    const known = schema.properties && Object.hasOwn(schema.properties, name) && schema.properties[name];
    if (known) return this.walk(known, place);
    const { additionalProperties: others } = schema;
    if (others === false) return this.#add(place.path, unknown);
    if (typeof others === 'object') this.walk(others, place);
  }
}

/** What is wrong with a value, at most `maxFieldErrors` entries; none when it satisfies the schema. */
export const explain = (schema: JsonSchema, value: unknown): FieldError[] => {
  const explanation = new Explanation(schema.$defs ?? {});
  explanation.walk(schema, { value, path: '' });
  return explanation.errors;
};
