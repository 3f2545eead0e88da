import type { Json } from '#libs/packet';
import { matches } from './assertions.js';
import type { At } from './evaluate.js';
import { join, track } from './join.js';
import { isObject, isSchema, type Issue, type Schema } from './keywords.js';
import type { Outcome } from './place.js';

export type Applicator = (operand: Json | undefined, at: At) => void;

const holds = ({ issues }: Outcome): boolean => issues.length === 0;

const complain = (at: At, issue: Omit<Issue, 'field'>, { field }: { field: string } = at.place): void =>
  join(at, [{ field, ...issue }]);

/** Applies a schema to the same value. */
const here = (schema: Schema, at: At): Outcome => {
  const outcome = at.run.evaluate(schema, at.place);
  track(at, outcome);
  return outcome;
};

const schemasOf = (operand: Json | undefined): Schema[] =>
  Array.isArray(operand) ? operand.filter(isSchema) : [];

const entriesOf = (operand: Json | undefined): [string, Schema][] =>
  isObject(operand)
    ? Object.entries(operand).filter((entry): entry is [string, Schema] => isSchema(entry[1]))
    : [];

const namesOf = ({ place, run }: At): string[] => {
  if (!isObject(place.value)) return [];
  const names = Object.keys(place.value);
  run.spend(Math.ceil(names.length / 4));
  return names;
};

const itemsOf = ({ place, run }: At): number[] => {
  if (!Array.isArray(place.value)) return [];
  run.spend(Math.ceil(place.value.length / 4));
  return [...place.value.keys()];
};

/** Applies a schema to values inside this one. What allows everything looks at nothing: they may be very many. */
const inside = (schema: Schema, steps: readonly (string | number)[], at: At): void => {
  for (const step of steps) {
    if (schema !== true) join(at, at.run.evaluate(schema, at.place.child(step)).issues);
    if (at.run.prepared.tracks) at.outcome.evaluated.add(step);
  }
};

const reference: Applicator = (operand, at) => {
  const target = at.run.prepared.references.get(String(operand));
  if (target !== undefined) join(at, here(target, at).issues);
};

const allOf: Applicator = (operand, at) => {
  for (const schema of schemasOf(operand)) join(at, here(schema, at).issues);
};

const anyOf: Applicator = (operand, at) => {
  const outcomes = schemasOf(operand).map((schema) => here(schema, at));
  if (!outcomes.some(holds))
    complain(at, { code: 'no_match', message: 'Send what at least one of the alternatives allows.' });
};

const oneOf: Applicator = (operand, at) => {
  const outcomes = schemasOf(operand).map((schema) => at.run.evaluate(schema, at.place));
  const good = outcomes.filter(holds);
  good.forEach((outcome) => track(at, outcome));
  if (good.length === 0)
    complain(at, { code: 'no_match', message: 'Send what one of the alternatives allows.' });
  if (good.length > 1)
    complain(at, { code: 'ambiguous', message: 'Send what only one of the alternatives allows.' });
};

const not: Applicator = (operand, at) => {
  if (isSchema(operand) && holds(at.run.evaluate(operand, at.place)))
    complain(at, { code: 'not_allowed', message: 'Send something else: this is what is not allowed.' });
};

const condition: Applicator = (operand, at) => {
  if (!isSchema(operand)) return;
  const branch = at.schema[holds(here(operand, at)) ? 'then' : 'else'];
  if (isSchema(branch)) join(at, here(branch, at).issues);
};

const dependentSchemas: Applicator = (operand, at) => {
  const { value } = at.place;
  if (!isObject(value)) return;
  for (const [name, schema] of entriesOf(operand))
    if (Object.hasOwn(value, name)) join(at, here(schema, at).issues);
};

const properties: Applicator = (operand, at) => {
  const { value } = at.place;
  if (!isObject(value)) return;
  for (const [name, schema] of entriesOf(operand)) if (Object.hasOwn(value, name)) inside(schema, [name], at);
};

const patternProperties: Applicator = (operand, at) => {
  const names = namesOf(at);
  for (const [source, schema] of entriesOf(operand)) {
    inside(
      schema,
      names.filter((name) => matches(name, source, at)),
      at,
    );
  }
};

const additionalProperties: Applicator = (operand, at) => {
  if (!isSchema(operand)) return;
  const known = new Set(entriesOf(at.schema['properties']).map(([name]) => name));
  const sources = entriesOf(at.schema['patternProperties']).map(([source]) => source);
  const others = namesOf(at).filter(
    (name) => !known.has(name) && !sources.some((source) => matches(name, source, at)),
  );
  inside(operand, others, at);
};

const propertyNames: Applicator = (operand, at) => {
  if (!isSchema(operand)) return;
  for (const name of namesOf(at)) {
    const place = at.place.nameOf(name);
    if (!holds(at.run.evaluate(operand, place)))
      complain(at, { code: 'bad_name', message: 'Use a name that is allowed.' }, place);
  }
};

const prefixItems: Applicator = (operand, at) => {
  const count = itemsOf(at).length;
  schemasOf(operand)
    .slice(0, count)
    .forEach((schema, index) => inside(schema, [index], at));
};

const items: Applicator = (operand, at) => {
  if (!isSchema(operand)) return;
  inside(operand, itemsOf(at).slice(schemasOf(at.schema['prefixItems']).length), at);
};

const contains: Applicator = (operand, at) => {
  if (!isSchema(operand) || !Array.isArray(at.place.value)) return;
  const found = itemsOf(at).filter((index) => holds(at.run.evaluate(operand, at.place.child(index))));
  if (at.run.prepared.tracks) found.forEach((index) => at.outcome.evaluated.add(index));
  const { minContains = 1, maxContains = Infinity } = at.schema;
  if (found.length < Number(minContains))
    complain(at, { code: 'too_few', message: 'Send more items of the kind asked for.' });
  if (found.length > Number(maxContains))
    complain(at, { code: 'too_many', message: 'Send fewer items of this kind.' });
};

const unevaluated =
  (stepsOf: (at: At) => (string | number)[]): Applicator =>
  (operand, at) => {
    if (!isSchema(operand)) return;
    const others = stepsOf(at).filter((step) => !at.outcome.evaluated.has(step));
    inside(operand, others, at);
  };

/** The keywords that apply schemas, in the order in which one needs to know what those before have looked at. */
export const applicators: ReadonlyMap<string, Applicator> = new Map<string, Applicator>([
  ['$ref', reference],
  ['allOf', allOf],
  ['anyOf', anyOf],
  ['oneOf', oneOf],
  ['not', not],
  ['if', condition],
  ['dependentSchemas', dependentSchemas],
  ['properties', properties],
  ['patternProperties', patternProperties],
  ['additionalProperties', additionalProperties],
  ['propertyNames', propertyNames],
  ['prefixItems', prefixItems],
  ['items', items],
  ['contains', contains],
  ['unevaluatedItems', unevaluated(itemsOf)],
  ['unevaluatedProperties', unevaluated(namesOf)],
]);
