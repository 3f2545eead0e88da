import * as contracts from '#libs/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BodyName, bodySchemas } from '../generated/bodies.js';
import { checked } from './checked.js';
import { Refusal } from './refusal.js';

const { validatorOf } = contracts;

/** The classes that the server checks bodies with, by name. */
const classes = Object.entries(contracts).filter(
  (entry): entry is [BodyName, contracts.BodyClass] =>
    typeof entry[1] === 'function' && entry[0].endsWith('Body') && entry[0] in bodySchemas,
);

const plain = fc.constantFrom<unknown>(
  ...[null, '', 'text', 'a'.repeat(300), 'high', 'open', 'approve', 'completed', '2026-01-31T12:00:00Z'],
  ...['2026-02-30T12:00:00Z', '01980000-0000-7000-8000-000000000001', '1.0.0', 'https://example.org', 'all'],
  ...[0, 1, 5, 11, 1.5, -1, 1e9, true, false],
);
const words = fc.constantFrom(
  'id',
  'name',
  'summary',
  'key',
  'value',
  'reason',
  'decision',
  'rationale',
  'x',
);
const value = fc.oneof(
  { weight: 5, arbitrary: plain },
  { weight: 1, arbitrary: fc.array(fc.oneof(plain, fc.dictionary(words, plain)), { maxLength: 2 }) },
  { weight: 2, arbitrary: fc.dictionary(words, plain) },
);
const agent = { id: 'ana', name: 'Ana' };

/** What makes a body good, to have more than refusals. */
const good: Record<string, unknown> = {
  ...{
    agent_id: 'bo',
    claim_id: 'c',
    reason: 'So',
    percent: 5,
    name: 'Bo',
    response: 'Yes',
    responded_by: 'mira',
  },
  ...{ packet_ids: ['1'], packets: [{}], hitl: { reason: 'Sure?' }, context: { summary: 'Do it' } },
  metadata: { source_agent: agent, target_agent: agent },
};

const bodiesOf = (name: BodyName) => {
  const { properties, ...schema } = bodySchemas[name] as { properties: object; required?: string[] };
  const base = Object.fromEntries((schema.required ?? []).map((field) => [field, good[field]]));
  const fields = fc.constantFrom(...Object.keys(properties), 'unknown_field');
  return fc.dictionary(fields, value, { maxKeys: 3 }).map((more) => ({ ...base, ...more }));
};

const isTaken = (name: BodyName, body: object): boolean => {
  try {
    checked(name, body);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
};

describe('the bodies of local mode', () => {
  it('are all that are generated', () => {
    expect(classes.length).toBeGreaterThanOrEqual(18);
  });

  it.each(classes)('%s are the ones that the server takes', (name, of) => {
    const taken = new Set<boolean>();
    fc.assert(
      fc.property(bodiesOf(name), (body) => {
        const expected = validatorOf(of).accepts(body);
        taken.add(expected);
        expect(isTaken(name, body)).toBe(expected);
      }),
      { numRuns: 300 },
    );
    expect(taken.size).toBe(2);
  });
});
