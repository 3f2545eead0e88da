import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RegisterAgentBody, SetEdgesBody } from './agent-bodies.js';
import { validatorOf } from './body-validator.js';
import * as commands from './command-bodies.js';
import * as control from './control-bodies.js';
import type { JsonSchema } from './json-schema.js';
import { ChainPacketBody, CreatePacketBody, UpdatePacketBody } from './packet-bodies.js';
import type { BodyClass } from './rules.js';
import { schemaOf } from './schema-of.js';

const bodies: BodyClass[] = [
  CreatePacketBody,
  ChainPacketBody,
  UpdatePacketBody,
  RegisterAgentBody,
  SetEdgesBody,
  ...Object.values(commands),
  ...Object.values(control),
];

const reference = (of: BodyClass, value: object): boolean =>
  validateSync(plainToInstance(of, value), { whitelist: true, forbidNonWhitelisted: true }).length === 0;

const oddValues = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    'x',
    'human',
    0,
    -1,
    1.5,
    11,
    true,
    [],
    {},
    [[]],
    [{}],
    [null],
    '2026-01-31',
  ),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.integer({ min: -2, max: 200_000 }),
);

const instants = ['2026-01-31T12:00:00Z', '2028-02-29T23:59:59.5+02:00'];
const forms = ['1.0.0', 'a-b', 'https://x', '00000000-0000-7000-8000-000000000000'];

const leaf = (schema: JsonSchema): fc.Arbitrary<unknown> => {
  const type = [schema.type ?? 'any'].flat()[0];
  if (schema.enum) return fc.constantFrom<unknown>(...schema.enum);
  if (schema.format) return fc.constantFrom(...instants);
  const { pattern, minLength, minimum, maximum } = schema;
  if (pattern) return fc.constantFrom(...forms.filter((form) => new RegExp(pattern).test(form)));
  if (type === 'string') return fc.string({ unit: 'grapheme', minLength: minLength ?? 0, maxLength: 12 });
  if (type === 'integer') return fc.integer({ min: minimum ?? 0, max: maximum ?? 9 });
  if (type === 'boolean') return fc.boolean();
  return fc.constantFrom<unknown>({}, { free: [1, { deep: null }] });
};

type Defs = Record<string, JsonSchema>;

/** Bodies of the right form, and with `odd` here and there a value that may be wrong. */
const bodyOf = (schema: JsonSchema, defs: Defs, odd: boolean): fc.Arbitrary<unknown> => {
  const inner = innerOf(schema, defs, odd);
  const orNull = [schema.type].flat().includes('null') ? fc.option(inner, { freq: 6 }) : inner;
  return odd ? fc.oneof({ weight: 50, arbitrary: orNull }, { weight: 1, arbitrary: oddValues }) : orNull;
};

const innerOf = (schema: JsonSchema, defs: Defs, odd: boolean): fc.Arbitrary<unknown> => {
  if (schema.$ref) return bodyOf(defs[schema.$ref.slice(8)] ?? {}, defs, odd);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((branch) => bodyOf(branch, defs, odd)));
  if (schema.type === 'null') return fc.constant(null);
  const { items, minItems } = schema;
  if (items) return fc.array(bodyOf(items, defs, odd), { minLength: minItems ?? 0, maxLength: 3 });
  if (!schema.properties) return leaf(schema);
  const fields: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
    Object.entries(schema.properties).map(([name, field]) => [name, bodyOf(field, defs, odd)]),
  );
  return fc.record(fields, { requiredKeys: schema.required ?? [] });
};

describe('a body validator', () => {
  it.each(bodies.map((of) => [of.name, of] as const))('agrees with class-validator on %s', (_name, of) => {
    const schema = schemaOf(of);
    const validator = validatorOf(of);
    const seen = { accepted: 0, refused: 0 };
    const defs = schema.$defs ?? {};
    const arbitrary = fc.oneof(bodyOf(schema, defs, false), bodyOf(schema, defs, true));
    const property = fc.property(arbitrary, fc.boolean(), (generated, misspelt) => {
      if (typeof generated !== 'object' || generated === null || Array.isArray(generated)) return;
      const value = misspelt && seen.refused < 20 ? { ...generated, sumary: 1 } : generated;
      const verdict = validator.accepts(value);
      seen[verdict ? 'accepted' : 'refused']++;
      expect({ verdict, errors: validator.errors(value).length === 0 }).toEqual({ verdict, errors: verdict });
      expect(reference(of, structuredClone(value))).toBe(verdict);
    });
    fc.assert(property, { numRuns: 400 });
    expect(seen.accepted).toBeGreaterThan(10);
    expect(seen.refused).toBeGreaterThan(10);
  });
});
