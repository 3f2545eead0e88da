import { getMetadataStorage } from 'class-validator';
import type { JsonSchema } from './json-schema.js';
import type { BodyClass, RuleContext } from './rules.js';

interface Rule {
  type: string;
  name?: string;
  propertyName: string;
  each: boolean;
  constraints: unknown[];
  context?: RuleContext;
}

const number = (value: unknown): number => Number(value);
const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** What each class-validator rule says in JSON Schema. */
const keywordsOf: Record<string, (rule: Rule) => JsonSchema> = {
  isString: () => ({ type: 'string' }),
  characters: ({ constraints: [min, max] }) => ({
    ...(number(min) > 0 && { minLength: number(min) }),
    maxLength: number(max),
  }),
  matches: ({ constraints: [pattern] }) => ({ pattern: (pattern as RegExp).source }),
  instant: () => ({ type: 'string', format: 'date-time' }),
  isIn: ({ constraints: [values] }) => ({ type: 'string', enum: words(values) }),
  isInt: () => ({ type: 'integer' }),
  min: ({ constraints: [limit] }) => ({ minimum: number(limit) }),
  max: ({ constraints: [limit] }) => ({ maximum: number(limit) }),
  isBoolean: () => ({ type: 'boolean' }),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  arrayMinSize: ({ constraints: [limit] }) => ({ minItems: number(limit) }),
  arrayMaxSize: ({ constraints: [limit] }) => ({ maxItems: number(limit) }),
  anyJson: () => ({}),
  shape: ({ constraints: [schema] }) => schema as JsonSchema,
  serverSet: () => ({ type: 'null', readOnly: true, description: 'Set by the server.' }),
};

const refTo = (of: BodyClass): JsonSchema => ({ $ref: `#/$defs/${of.name}` });

const rulesOf = (of: BodyClass): Map<string, Rule[]> => {
  const rules = getMetadataStorage().getTargetValidationMetadatas(of, '', false, false) as Rule[];
  const byField = new Map<string, Rule[]>();
  for (const rule of rules) byField.set(rule.propertyName, [...(byField.get(rule.propertyName) ?? []), rule]);
  return byField;
};

const isOptional = (rules: Rule[]): boolean => rules.some((rule) => rule.name === 'isOptional');
const isNullable = (rules: Rule[]): boolean => rules.some((rule) => rule.type === 'conditionalValidation');
const nestedOf = (rules: Rule[]): Rule | undefined => rules.find((rule) => rule.type === 'nestedValidation');

const merge = (rules: Rule[]): JsonSchema =>
  Object.assign({}, ...rules.map((rule) => keywordsOf[rule.name ?? '']?.(rule) ?? {})) as JsonSchema;

const valueSchema = (rules: Rule[]): JsonSchema => {
  const nested = nestedOf(rules);
  const single = rules.filter((rule) => !rule.each);
  const each = rules.filter((rule) => rule.each);
  const of = nested?.context?.of;
  if (of && !nested.each) return refTo(of);
  if (each.length === 0) return merge(single);
  return { ...merge(single), items: of ? refTo(of) : merge(each) };
};

/** The same schema, open to null. */
const orNull = (schema: JsonSchema): JsonSchema => {
  if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  if (schema.$ref) return { anyOf: [schema, { type: 'null' }] };
  if (schema.type === undefined || schema.type === 'null') return schema;
  return {
    ...schema,
    type: [...[schema.type].flat(), 'null'],
    ...(schema.enum && { enum: [...schema.enum, null] }),
  };
};

const fieldSchema = (rules: Rule[]): JsonSchema => {
  const schema = isNullable(rules) ? orNull(valueSchema(rules)) : valueSchema(rules);
  const description = rules.find((rule) => rule.context?.about)?.context?.about ?? schema.description;
  return { ...schema, ...(description && { description }) };
};

/** The schema of one class; classes that it nests are `$ref`s to `#/$defs/<class name>`. */
const definitionOf = (of: BodyClass): JsonSchema => {
  const fields = [...rulesOf(of)];
  const required = fields.filter(([, rules]) => !isOptional(rules)).map(([name]) => name);
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(fields.map(([name, rules]) => [name, fieldSchema(rules)])),
  };
};

const nestedClasses = (of: BodyClass): BodyClass[] =>
  [...rulesOf(of).values()].flatMap((rules) => nestedOf(rules)?.context?.of ?? []);

/** The schemas of classes and of all that they nest, by class name. */
export const definitionsOf = (...roots: BodyClass[]): Record<string, JsonSchema> => {
  const found = new Map<string, JsonSchema>();
  const add = (of: BodyClass): void => {
    if (found.has(of.name)) return;
    found.set(of.name, definitionOf(of));
    nestedClasses(of).forEach(add);
  };
  roots.forEach(add);
  return Object.fromEntries(found);
};

/** The schema of a class as a document of its own. */
export const schemaOf = (of: BodyClass): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $ref: `#/$defs/${of.name}`,
  $defs: definitionsOf(of),
});
