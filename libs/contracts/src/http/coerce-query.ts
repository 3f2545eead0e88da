import type { JsonSchema } from './json-schema.js';

const typesOf = (schema: JsonSchema): string[] => [
  ...[schema.type ?? []].flat(),
  ...(schema.anyOf ?? []).flatMap(typesOf),
];

const coerce = (value: unknown, schema: JsonSchema): unknown => {
  const types = typesOf(schema);
  if (types.includes('array')) return [value].flat().join(',').split(',');
  if (typeof value !== 'string') return value;
  if (types.includes('integer') && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (types.includes('boolean') && /^(true|false)$/.test(value)) return value === 'true';
  return value;
};

/**
 * The values of a query string as the types that their schema asks for. What does not look like its type is
 * left as it came, for the validator to name.
 */
export const coerceQuery = (schema: JsonSchema, query: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const field = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
      return [name, field ? coerce(value, field) : value];
    }),
  );
