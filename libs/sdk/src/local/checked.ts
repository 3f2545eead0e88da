import { type Issue, validate } from '#libs/json-schema';
import type { JsonObject } from '#libs/packet';
import { type BodyName, bodySchemas } from '../generated/bodies.js';
import { invalid } from './refusal.js';

const schemas: Record<string, object> = bodySchemas;

const refsIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner.slice('#/$defs/'.length)] : refsIn(inner),
  );
};

/** The schema of a body with those that it refers to, and no others. */
const whole = (name: BodyName): JsonObject => {
  const found = new Set<string>([name]);
  for (const one of found) for (const ref of refsIn(schemas[one])) found.add(ref);
  const $defs = Object.fromEntries([...found].map((one) => [one, schemas[one]]));
  return { $ref: `#/$defs/${name}`, $defs } as unknown as JsonObject;
};

const ready = new Map<BodyName, JsonObject>();

const schemaOf = (name: BodyName): JsonObject => {
  const known = ready.get(name) ?? whole(name);
  ready.set(name, known);
  return known;
};

/** The body, if it is what the API takes; what is sent as nothing is an empty object. @throws Refusal */
export const checked = <T extends object>(name: BodyName, value: unknown = {}): T => {
  const issues: Issue[] = validate(schemaOf(name), value);
  if (issues.length > 0) throw invalid(issues);
  return value as T;
};
