import type { Schema } from './keywords.js';
import { validate } from './validate.js';

const schema: Schema = {
  allOf: Array.from({ length: 8 }, () => ({ additionalProperties: true })),
  properties: {
    id: { type: 'string', pattern: '^x+$', minLength: 1 },
    list: {
      items: { oneOf: [{ type: 'string', minLength: 3 }, { type: 'number' }] },
      uniqueItems: true,
      contains: { const: 1 },
    },
  },
  required: ['id'],
  propertyNames: { maxLength: 3 },
  unevaluatedProperties: false,
};
const value = {
  id: 'xxx',
  list: ['abc', 1, 'x', 4],
  ...Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`k${at}`, at])),
};
const rounds = 100;

let isWarm = false;

/**
 * Makes Node compile what checks values before a request needs it: in a new process the costliest value takes three
 * times the CPU that it takes later. Once per process, some tens of milliseconds; for the start of a service.
 */
export const warmUp = (): void => {
  if (isWarm) return;
  isWarm = true;
  for (let round = 0; round < rounds; round += 1) validate(schema, value);
};
