import { describe, expect, it } from 'vitest';
import { checkSchema, type Schema, validate } from './index.js';

const nested = (levels: number): Schema =>
  Array.from({ length: levels }).reduce<Schema>((items) => ({ items }), true);

const many = (entry: (at: number) => [string, Schema]) =>
  Object.fromEntries(Array.from({ length: 490 }, (_, at) => entry(at)));

describe('a schema', () => {
  it.each<[string, Schema]>([
    ['anything', true],
    ['a dialect', { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://a.example/s' }],
    ['annotations and keywords that nobody knows', { title: 'T', default: 1, 'x-widget': 'slider' }],
    ['an anchor', { $ref: '#here', $defs: { a: { $anchor: 'here', type: 'string' } } }],
    ['escapes in a pointer', { $ref: '#/$defs/a~1b%20c', $defs: { 'a/b c': {} } }],
    ['definitions of before', { $ref: '#/definitions/a', definitions: { a: {} } }],
    ['itself, a level down', { properties: { child: { $ref: '#' } } }],
    ['many levels', nested(40)],
  ])('may use %s', (_what, schema) => {
    expect(checkSchema(schema)).toEqual([]);
    expect(validate(schema, 'text')).toEqual([]);
  });

  it.each<[string, Schema, string, string]>([
    ['a type that there is not', { type: 'text' }, 'type', 'not_a_schema'],
    [
      'an operand of another form',
      { properties: { a: { required: 'b' } } },
      'properties.a.required',
      'not_a_schema',
    ],
    [
      'a pattern that is none',
      { properties: { a: { pattern: '(' } } },
      'properties.a.pattern',
      'bad_pattern',
    ],
    ['a pattern that looks ahead', { pattern: '(?=a)b' }, 'pattern', 'bad_pattern'],
    [
      'a pattern that refers back',
      { patternProperties: { '(a)\\1': true } },
      'patternProperties',
      'bad_pattern',
    ],
    ['a pattern that repeats too much', { pattern: '((a{30}){30}){30}' }, 'pattern', 'bad_pattern'],
    [
      'too many patterns',
      { allOf: Array.from({ length: 20 }, (_, at) => ({ pattern: `^${at}(a{30}){10}$` })) },
      'allOf.8.pattern',
      'too_big',
    ],
    ['a reference to elsewhere', { $ref: 'https://a.example/schema' }, '$ref', 'unknown_reference'],
    ['a file', { items: { $ref: 'file:///etc/passwd' } }, 'items.$ref', 'unknown_reference'],
    ['a reference to nothing', { $ref: '#/$defs/none' }, '$ref', 'unknown_reference'],
    ['a reference to what is no schema', { $ref: '#/enum/0', enum: [{}] }, '$ref', 'unknown_reference'],
    ['itself', { $ref: '#' }, '', 'endless'],
    [
      'itself round a corner',
      { allOf: [{ $ref: '#/$defs/a' }], $defs: { a: { not: { $ref: '#' } } } },
      '',
      'endless',
    ],
    ['another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, '$schema', 'unsupported'],
    ['an id inside', { items: { $id: 'https://a.example/b' } }, 'items.$id', 'unsupported'],
    ['a dynamic reference', { $dynamicRef: '#a' }, '$dynamicRef', 'unsupported'],
    [
      'what other dialects have',
      { properties: { a: { nullable: true } } },
      'properties.a.nullable',
      'unsupported',
    ],
    ['too many levels', nested(60), 'items', 'too_deep'],
    ['too many schemas', { anyOf: Array.from({ length: 1_100 }, () => ({})) }, '', 'too_big'],
    ['too many values', { enum: Array.from({ length: 2_001 }, (_, at) => at) }, 'enum', 'too_big'],
    ['too many characters', { title: 'x'.repeat(70_000) }, '', 'too_big'],
  ])('may not use %s', (...[, schema, field, code]) => {
    const [issue, ...others] = checkSchema(schema);
    expect(others).toEqual([]);
    expect(issue?.code).toBe(code);
    expect(code === 'too_deep' ? issue?.field.split('.')[0] : issue?.field).toBe(field);
    expect(validate(schema, 1)).toMatchObject([{ code: 'bad_schema' }]);
  });

  it.each<[string, (salt: number) => Schema]>([
    ['properties', (salt) => ({ properties: many((at) => [`p${at}-${salt}`, { type: 'string' }]) })],
    [
      'alternatives',
      (salt) => ({ anyOf: Array.from({ length: 490 }, (_, at) => ({ required: [`${at}-${salt}`] })) }),
    ],
    ['patterns', (salt) => ({ patternProperties: many((at) => [`^${at}[a-z]${salt}$`, true]) })],
    [
      'classes of characters',
      (salt) => ({
        allOf: Array.from({ length: 12 }, (_, at) => ({ pattern: `${salt}${at}${'\\p{L}'.repeat(90)}` })),
      }),
    ],
    [
      'repeats',
      (salt) => ({
        allOf: Array.from({ length: 20 }, (_, at) => ({ pattern: `^${at}-${salt}(a{30}){10}$` })),
      }),
    ],
    ['values', (salt) => ({ enum: Array.from({ length: 1_900 }, (_, at) => ({ at, salt })) })],
  ])('is checked within 50 ms of CPU, whatever its %s', (_what, schemaOf) => {
    const spent = [1, 2, 3].map((salt) => {
      const schema = schemaOf(salt);
      const before = process.cpuUsage();
      checkSchema(schema);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
    expect(Math.min(...spent)).toBeLessThan(50);
  });

  it('is not changed by what becomes of it later', () => {
    const schema = { type: 'string' };
    expect(validate(schema, 'a')).toEqual([]);
    schema.type = 'number';
    expect(validate(schema, 'a')).toHaveLength(1);
  });
});
