import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSchema, type Schema, validate } from './index.js';

const fieldsOf = (schema: Schema, value: unknown) =>
  validate(schema, value).map(({ field, code }) => `${field} ${code}`);

describe('a value', () => {
  const refund = {
    type: 'object',
    required: ['amount', 'currency'],
    additionalProperties: false,
    properties: {
      amount: { type: 'number', exclusiveMinimum: 0, maximum: 5_000, multipleOf: 0.01 },
      currency: { enum: ['EUR', 'USD'] },
      note: { type: 'string', maxLength: 3 },
      lines: { type: 'array', items: { $ref: '#/$defs/line' }, minItems: 1, uniqueItems: true },
    },
    $defs: {
      line: { type: 'object', properties: { sku: { pattern: '^[A-Z]{2}\\d+$' } }, required: ['sku'] },
    },
  };

  it('that satisfies its schema has nothing wrong', () => {
    const lines = [{ sku: 'AB12' }, { sku: 'AB13' }];
    expect(checkSchema(refund)).toEqual([]);
    expect(validate(refund, { amount: 0.07, currency: 'EUR', note: '😀😀😀', lines })).toEqual([]);
  });

  it('that does not is told where and what', () => {
    const bad = { amount: 5_000.5, note: 'long', lines: [{ sku: 'AB1' }, {}, { sku: 'x' }, {}], more: 1 };
    expect(fieldsOf(refund, bad).sort()).toEqual([
      ' required',
      'amount too_big',
      'lines duplicate',
      'lines.1 required',
      'lines.2.sku wrong_form',
      'lines.3 required',
      'more not_allowed',
      'note too_long',
    ]);
    expect(fieldsOf(refund, null)).toEqual([' wrong_type']);
    expect(validate(refund, { amount: 1, currency: 'X' })[0]?.message).toMatch(/allowed/);
  });

  it('with names of every object is no exception', () => {
    const schema = { properties: { constructor: { type: 'string' } }, required: ['toString'] };
    const value = JSON.parse('{"__proto__": 1}') as unknown;
    expect(fieldsOf(schema, value)).toEqual([' required']);
    const closed = { properties: { __proto__x: true }, additionalProperties: false };
    expect(fieldsOf(closed, value)).toEqual(['__proto__ not_allowed']);
  });

  it('is told of at most 20 things', () => {
    const numbers = Array.from({ length: 100 }, () => 1);
    expect(validate({ items: { type: 'string' } }, numbers)).toHaveLength(20);
  });

  it.each([
    ['date-time', '2026-01-31T12:00:00Z', '2026-02-30T12:00:00Z'],
    ['date', '2024-02-29', '2023-02-29'],
    ['time', '12:00:00.5+01:00', '25:00:00Z'],
    ['email', 'ana@example.com', 'ana at example'],
    ['uri', 'https://example.com/a', 'a b'],
    ['uuid', '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60', '019ab2f4'],
    ['ipv4', '127.0.0.1', '1.2.3'],
    ['ipv6', '::1', '1.2.3.4'],
    ['color', 'anything', undefined],
  ])('has the format %s', (format, good, bad) => {
    expect(validate({ format }, good)).toEqual([]);
    if (bad !== undefined) expect(fieldsOf({ format }, bad)).toEqual([' wrong_form']);
  });

  it('is looked at item by item: what nobody has looked at is known', () => {
    const schema = { prefixItems: [true], contains: { type: 'string' }, unevaluatedItems: false };
    expect(fieldsOf(schema, [1, 'a', 2, 'b'])).toEqual(['2 not_allowed']);
    expect(fieldsOf(schema, [])).toEqual([' too_few']);
    const open = { anyOf: [{ properties: { a: true }, required: ['a'] }, { properties: { b: true } }] };
    expect(fieldsOf({ ...open, unevaluatedProperties: false }, { a: 1, b: 1, c: 1 })).toEqual([
      'c not_allowed',
    ]);
  });

  it('that was looked at in vain counts as not looked at', () => {
    const failed = { if: { properties: { a: true }, required: ['b'] }, unevaluatedProperties: false };
    expect(fieldsOf(failed, { a: 1 })).toEqual(['a not_allowed']);
    expect(fieldsOf({ ...failed, if: { properties: { a: true } } }, { a: 1 })).toEqual([]);
  });

  it('may be as deep as the schema leads into itself', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: { node: { properties: { next: { $ref: '#/$defs/node' } }, required: ['id'] } },
    };
    const deep = Array.from({ length: 60 }).reduce<object>((next) => ({ id: 1, next }), { id: 1 });
    expect(validate(tree, deep)).toEqual([]);
    expect(fieldsOf(tree, { id: 1, next: { id: 1, next: {} } })).toEqual(['next.next required']);
  });
});

describe('the work for a value', () => {
  const names = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));

  /** CPU, not time: others use the machine, too. The best of three: so does the garbage of other tests. */
  const within = (ms: number, task: () => void) => {
    const spent = [1, 2, 3].map(() => {
      const before = process.cpuUsage();
      task();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
    expect(Math.min(...spent)).toBeLessThan(ms);
  };

  it('does not double with each level of references', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => {
        const next = { $ref: `#/$defs/d${level + 1}` };
        return [
          `d${level}`,
          { anyOf: [next, { allOf: [next, next] }], unevaluatedProperties: { type: 'number' } },
        ];
      }),
    );
    const schema = { $ref: '#/$defs/d0', $defs: { ...$defs, d40: { required: ['b'] } } };
    expect(checkSchema(schema)).toEqual([]);
    within(50, () => expect(validate(schema, { a: 1 }).length).toBeGreaterThan(0));
  });

  it('does not double with each level of a value that recursion goes into twice', () => {
    const node = { anyOf: [0, 1].map(() => ({ properties: { n: { $ref: '#' } }, required: ['n'] })) };
    const deep = Array.from({ length: 60 }).reduce<object>((n) => ({ n }), {});
    within(50, () => expect(validate(node, deep)).not.toEqual([]));
  });

  it.each([
    ['required names', { items: { required: Array.from({ length: 5_000 }, (_, at) => `n${at}`) } }, [{}]],
    [
      'properties',
      { items: { properties: Object.fromEntries(Array.from({ length: 450 }, (_, at) => [at, true])) } },
      [{}],
    ],
    ['constants', { items: { const: 'x'.repeat(60_000) } }, ['x'.repeat(1_000)]],
    [
      'texts',
      { allOf: Array.from({ length: 450 }, (_, at) => ({ maxLength: 2_000_000 + at })) },
      ['y'.repeat(1_000)],
    ],
    ['patterns', { items: { pattern: '^((a{1,20}){1,20})*b$' } }, ['a'.repeat(1_000)]],
    ['unique items', { allOf: Array.from({ length: 450 }, () => ({ uniqueItems: true })) }, [[1, 2, 3]]],
  ])('is bounded for %s', (_what, schema, [item]) => {
    expect(checkSchema(schema)).toEqual([]);
    const many = Array.from({ length: 100_000 }, () => item);
    within(50, () => validate(schema, 'items' in schema ? many : many.slice(0, 1_000)));
  });

  it.each<[string, Schema, unknown]>([
    ['items', { items: { type: 'string' } }, Array.from({ length: 300_000 }, () => 1)],
    ['items that differ', { uniqueItems: true }, Array.from({ length: 100_000 }, (_, at) => at)],
    ['items that are looked for', { contains: { const: 1 } }, Array.from({ length: 200_000 }, () => 'x')],
    [
      'names',
      { propertyNames: { maxLength: 3 } },
      Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`abc${at}`, 1])),
    ],
    ['names of which none may be there', { additionalProperties: false }, names(80_000)],
    ['names that nothing else has looked at', { unevaluatedProperties: false }, names(50_000)],
    [
      'names that much has looked at',
      {
        allOf: Array.from({ length: 40 }, () => ({ additionalProperties: true })),
        unevaluatedProperties: false,
      },
      names(7_000),
    ],
    ['names that are all bad', { propertyNames: false }, names(60_000)],
    ['items of which none is the one', { contains: false }, Array.from({ length: 79_000 }, () => 1)],
    [
      'alternatives',
      { items: { oneOf: Array.from({ length: 100 }, (_, minLength) => ({ type: 'string', minLength })) } },
      Array.from({ length: 10_000 }, () => 'abcdef'),
    ],
    [
      'large values that are compared at each level',
      Array.from({ length: 47 }).reduce<Schema>((n) => ({ const: 1, properties: { n } }), true),
      Array.from({ length: 46 }).reduce<unknown>(
        (n) => ({ n }),
        Array.from({ length: 90_000 }, () => 12_345),
      ),
    ],
  ])('is bounded for %s', (_what, schema, value) => {
    within(50, () => expect(validate(schema, value)).not.toEqual([]));
  });

  it('is little where everything is allowed', () => {
    const schema = { additionalProperties: true, required: ['k1'] };
    within(50, () => expect(validate(schema, names(50_000))).toEqual([]));
    const looked = { additionalProperties: true, unevaluatedProperties: false };
    within(50, () => expect(validate(looked, names(20_000))).toEqual([]));
  });

  it('is enough for as many turns as a conversation may have', () => {
    const role = { enum: ['user', 'agent', 'system', 'human'] };
    const turn = { required: ['role', 'content'], properties: { role, content: { minLength: 1 } } };
    const turns = Array.from({ length: 2_000 }, () => ({ role: 'user', content: 'Please.' }));
    expect(validate({ items: turn }, turns)).toEqual([]);
  });

  it('that is too much is refused', () => {
    const schema = { items: { pattern: '^((a{1,20}){1,20})*b$' } };
    expect(
      fieldsOf(
        schema,
        Array.from({ length: 50_000 }, () => 'aaaaaaaa'),
      ),
    ).toEqual([' too_costly']);
  });

  it('runs patterns in linear time', () => {
    within(50, () => expect(validate({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}b`)).toHaveLength(1));
  });
});

const name = fc.constantFrom('a', 'b', 'c');
const small = fc.integer({ min: 0, max: 3 });
const value = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, false, 'a', 'ab', 'b1', ''),
    fc.integer({ min: -3, max: 6 }),
    fc.constantFrom(0.5, 1.5),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(name, tie('json'), { maxKeys: 3 }),
  ),
})).json;
const types = fc.constantFrom('null', 'boolean', 'string', 'number', 'integer', 'array', 'object');

const schemas = fc.letrec((tie) => {
  const one = tie('schema');
  const list = fc.array(one, { minLength: 1, maxLength: 3 });
  const map = fc.dictionary(name, one, { maxKeys: 3 });
  return {
    schema: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.boolean(), tie('object')),
    object: fc.oneof(
      fc.record(
        {
          type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })),
          ...{ minimum: small, maximum: small, exclusiveMinimum: small, exclusiveMaximum: small },
          multipleOf: fc.constantFrom(1, 2, 0.5),
          ...{ minLength: small, maxLength: small, minItems: small, maxItems: small },
          ...{ minProperties: small, maxProperties: small },
          pattern: fc.constantFrom('^a', '\\d', 'b$'),
        },
        { requiredKeys: [] },
      ),
      fc.record(
        {
          enum: fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) }),
          const: value,
          uniqueItems: fc.boolean(),
          required: fc.uniqueArray(name, { maxLength: 2 }),
          dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { maxLength: 2 }), { maxKeys: 2 }),
        },
        { requiredKeys: [] },
      ),
      fc.record(
        {
          ...{ properties: map, dependentSchemas: map, additionalProperties: one, propertyNames: one },
          patternProperties: fc.dictionary(fc.constantFrom('^a', 'b|c'), one, { maxKeys: 2 }),
          unevaluatedProperties: one,
        },
        { requiredKeys: [] },
      ),
      fc.record({ prefixItems: list, items: one, unevaluatedItems: one }, { requiredKeys: [] }),
      // Ajv takes an empty array for one that contains something, where prefixItems stands beside contains.
      fc.record(
        { contains: tie('object'), minContains: small, maxContains: small },
        { requiredKeys: ['contains'] },
      ),
      fc.record({ ...{ allOf: list, anyOf: list, oneOf: list }, not: one }, { requiredKeys: [] }),
      fc.record({ if: one, then: one, else: one }, { requiredKeys: [] }),
      fc.record(
        { $ref: fc.constantFrom('#/$defs/x', '#/$defs/y'), unevaluatedItems: one },
        { requiredKeys: ['$ref'] },
      ),
    ),
  };
}).object;

/** As it comes over the wire: plain objects. */
const sent = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

// Ajv lets unevaluatedItems know nothing of contains, and counts what an `if` has looked at that does not hold.
const asAjvKnowsIt = (schema: object): unknown => {
  const mixes = /"(contains|if)"/.test(JSON.stringify(schema));
  return JSON.parse(
    JSON.stringify(schema, (key, one: unknown) => (mixes && key.startsWith('uneval') ? undefined : one)),
  );
};

// Of some mixtures it makes code that does not run.
const verdictOfAjv = (schema: Schema, json: unknown): boolean | undefined => {
  try {
    return new Ajv2020({ strict: false, validateFormats: false, logger: false }).validate(
      schema as object,
      json,
    );
  } catch {
    return undefined;
  }
};

describe('the verdict', () => {
  it('is that of another implementation, whatever the schema and the value', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.tuple(schemas, schemas, schemas), value, ([root, x, y], made) => {
        const json = sent(made);
        const schema = asAjvKnowsIt({ ...root, $defs: { x, y } }) as Schema;
        if (checkSchema(schema).length > 0) return;
        const verdict = verdictOfAjv(schema, json);
        if (verdict === undefined) return;
        compared += 1;
        expect([schema, json, validate(schema, json).length === 0]).toEqual([schema, json, verdict]);
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});
