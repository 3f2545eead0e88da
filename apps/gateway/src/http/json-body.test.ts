import { CreatePacketBody } from '#libs/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checked, parseJson } from './json-body.js';
import { ProblemError } from './problem-error.js';

const refusal = (run: () => unknown): ProblemError => {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('It was taken.');
};

const parse = (text: string) => parseJson(Buffer.from(text));
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('the JSON of a body', () => {
  it('is what JSON.parse says, for any value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        if (text.includes('__proto__') || text.includes('\\u')) return;
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('may be left out', () => expect(parse('')).toBeUndefined());

  it.each(['{', '{"a":1,}', 'undefined', '{"a":\u0000}', "{'a':1}"])(
    'is refused when it is not JSON: %s',
    (text) => {
      expect(refusal(() => parse(text)).code).toBe('malformed_json');
    },
  );

  it('is refused when it is not UTF-8', () => {
    expect(refusal(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).code).toBe('malformed_json');
  });

  it('may be nested 64 deep and no deeper', () => {
    expect(parse(nested(64))).toBeDefined();
    expect(refusal(() => parse(nested(65))).code).toBe('nesting_too_deep');
    expect(refusal(() => parse(nested(500_000))).code).toBe('nesting_too_deep');
  });

  it('counts brackets outside of strings only', () => {
    const text = JSON.stringify({ a: '[{'.repeat(100), 'b"\\"{[': ']}'.repeat(100), c: '\\' });
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    [String.raw`{"a":{"b":["x\u0000"]}}`, 'a.b.0'],
    [String.raw`{"a":"\ud800"}`, 'a'],
    [String.raw`{"a":"\udc00\ud800"}`, 'a'],
    [String.raw`{"a\u0000":1}`, 'a\u0000'],
  ])('is refused with the path of a text that cannot be stored: %s', (text, field) => {
    expect(refusal(() => parse(text)).facts).toMatchObject({
      errors: [{ field, code: 'text_not_storable' }],
    });
  });

  it('takes escapes of characters that can be stored', () => {
    expect(parse(String.raw`{"a":"\u00e9\ud83d\ude00"}`)).toEqual({ a: 'é😀' });
  });

  it.each(['{"a":{"__proto__":{"b":1}}}', String.raw`{"a":{"\u005f_proto__":1}}`])('refuses %s', (text) => {
    expect(refusal(() => parse(text)).facts).toMatchObject({
      errors: [{ field: 'a.__proto__', code: 'key_not_allowed' }],
    });
  });
});

describe('a checked body', () => {
  const agent = { id: 'a', name: 'A' };
  const packet = { metadata: { source_agent: agent, target_agent: agent }, context: { summary: 's' } };
  const errorsOf = (body: unknown) => refusal(() => checked(CreatePacketBody, body)).facts.errors;

  it('names each wrong field, what is wrong and what to do', () => {
    const body = {
      ...packet,
      status: 'completed',
      sumary: 1,
      metadata: { ...packet.metadata, source_agent: { id: '' }, created_at: 'x', tags: ['ok', ''] },
      actions: { pending: [{ id: 'a', description: 'd' }] },
      ttl_seconds: 0,
    };
    const told = (errorsOf(body) ?? []).map(({ field, code }) => `${field} ${code}`);
    expect(told.sort()).toEqual([
      'actions.pending.0.assignee required',
      'metadata.created_at server_set',
      'metadata.source_agent.id too_short',
      'metadata.source_agent.name required',
      'metadata.tags.1 too_short',
      'status server_set',
      'sumary unknown_field',
      'ttl_seconds too_small',
    ]);
    expect(errorsOf({ ...packet, ttl_seconds: 0 })).toEqual([
      { field: 'ttl_seconds', code: 'too_small', message: 'Send 1 or more.' },
    ]);
  });

  it('takes an explicit null as left out', () => {
    const body = { ...packet, decisions: null, hitl: null, status: null, parent_packet_id: null };
    expect(checked(CreatePacketBody, body)).toBe(body);
    expect(errorsOf({ ...packet, context: null })).toMatchObject([{ field: 'context', code: 'required' }]);
  });

  it('names at most a hundred errors of a body that is all wrong', () => {
    expect(errorsOf({ ...packet, decisions: Array.from({ length: 900 }, () => 1) })).toHaveLength(100);
  });

  it.each([null, 1, 'x', [], [packet]])('refuses %j as a whole', (body) => {
    expect(errorsOf(body)).toMatchObject([{ field: '', code: 'wrong_type' }]);
  });
});
