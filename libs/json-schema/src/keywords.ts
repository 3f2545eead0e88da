import type { JsonObject } from '#libs/packet';

/** A JSON Schema: an object of keywords, or whether anything goes. */
export type Schema = boolean | JsonObject;

/** What is wrong, and where: `field` is a dotted path, empty for the whole. */
export interface Issue {
  field: string;
  code: string;
  message: string;
}

const holdsOne = [
  ...['not', 'if', 'then', 'else', 'items', 'contains', 'additionalProperties', 'propertyNames'],
  ...['unevaluatedItems', 'unevaluatedProperties'],
];
const holdsList = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const holdsMap = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'];

/** Keywords whose schemas look at the same value as the schema that they stand in. */
export const inPlace: ReadonlySet<string> = new Set([
  ...['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas'],
]);

/** Keywords that would do something else than their author meant, if they were passed over. */
export const refusedKeywords: ReadonlySet<string> = new Set([
  ...['$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor', '$vocabulary'],
  ...['id', 'dependencies', 'additionalItems', 'nullable', 'divisibleBy', 'extends', 'disallow'],
]);

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isSchema = (value: unknown): value is Schema => typeof value === 'boolean' || isObject(value);

/** A step further into a dotted path. */
export const into = (field: string, step: string | number): string =>
  field === '' ? String(step) : `${field}.${step}`;

/** A schema inside another one, and the way to it. */
export interface Held {
  keyword: string;
  steps: string[];
  schema: Schema;
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** The schemas right inside this one. */
export const heldIn = (schema: JsonObject): Held[] =>
  Object.entries(schema).flatMap(([keyword, value]): Held[] => {
    if (holdsOne.includes(keyword))
      return isSchema(value) ? [{ keyword, steps: [keyword], schema: value }] : [];
    if (!holdsList.includes(keyword) && !holdsMap.includes(keyword)) return [];
    return entriesOf(value).flatMap(([step, inner]) =>
      isSchema(inner) ? [{ keyword, steps: [keyword, step], schema: inner }] : [],
    );
  });
