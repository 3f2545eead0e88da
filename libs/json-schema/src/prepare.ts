import { canonicalJson, type JsonObject } from '#libs/packet';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { heldIn, inPlace, into, isObject, type Issue, refusedKeywords, type Schema } from './keywords.js';
import { linearPattern, type LinearPattern } from './patterns.js';

/** A schema that has been found good, with what its keywords need at hand. */
export interface Prepared {
  root: Schema;
  /** The schemas that references name, by the text of the reference. */
  references: ReadonlyMap<string, Schema>;
  patterns: ReadonlyMap<string, LinearPattern>;
  /** The values of each `enum`, in canonical form. */
  choices: ReadonlyMap<JsonObject, ReadonlySet<string>>;
  /** What it costs to apply each schema once, those inside it apart. */
  weights: ReadonlyMap<JsonObject, number>;
  /** Somewhere it is asked what no other keyword has looked at. */
  tracks: boolean;
}

const mostCharacters = 65_536;
const mostSchemas = 500;
const mostLevels = 48;
const mostChoices = 2_000;
/** Characters and instructions of all patterns: some milliseconds to compile. */
const mostOfPatterns = 3_000;
/** What any pattern costs, and what a class of Unicode does: in characters of others. */
const patternCost = 10;
const classCost = 30;
const dialect = 'https://json-schema.org/draft/2020-12/schema';

interface Node {
  field: string;
  /** As a JSON pointer names it: `#/properties/a`. */
  pointer: string;
  schema: Schema;
  level: number;
}

/** The first thing that is wrong ends the preparation: a schema has one author, who mends it step by step. */
export class BadSchema extends Error {
  constructor(readonly issue: Issue) {
    super(issue.message);
  }
}

const refuse = (field: string, code: string, message: string): never => {
  throw new BadSchema({ field, code, message });
};

const stepOf = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');

const nodesOf = (root: Schema): Node[] => {
  const nodes: Node[] = [{ field: '', pointer: '#', schema: root, level: 0 }];
  // The list grows while it is walked.
  for (const { schema, field, pointer, level } of nodes) {
    if (!isObject(schema)) continue;
    if (level > mostLevels) refuse(field, 'too_deep', `Nest at most ${mostLevels} schemas.`);
    for (const { steps, schema: inner } of heldIn(schema)) {
      const way = { field: steps.reduce(into, field), pointer: [pointer, ...steps.map(stepOf)].join('/') };
      nodes.push({ ...way, schema: inner, level: level + 1 });
    }
    if (nodes.length > mostSchemas) refuse('', 'too_big', `Use at most ${mostSchemas} schemas in one.`);
  }
  return nodes;
};

const checkIdentity = ({ field, schema }: Node & { schema: JsonObject }): void => {
  const { $schema, $id } = schema;
  if ($schema !== undefined && (field !== '' || String($schema).replace(/#$/, '') !== dialect))
    refuse(into(field, '$schema'), 'unsupported', `Leave it out, or name ${dialect} at the root.`);
  if ($id !== undefined && field !== '')
    refuse(into(field, '$id'), 'unsupported', 'Only the root may have an $id.');
};

const checkKeywords = ({ field, schema }: Node & { schema: JsonObject }): void => {
  for (const keyword of Object.keys(schema)) {
    if (refusedKeywords.has(keyword))
      refuse(into(field, keyword), 'unsupported', `Do without ${keyword}: it is not supported.`);
  }
};

const meta = new Ajv2020({ strict: false, validateFormats: false, logger: false });
// The first use compiles it, which no request should pay for.
void meta.validateSchema({});

const checkForm = (root: Schema): void => {
  if (meta.validateSchema(root) === true) return;
  const [error] = meta.errors ?? [];
  const field = (error?.instancePath ?? '').split('/').slice(1).join('.');
  refuse(field, 'not_a_schema', `It is no valid JSON Schema: it ${error?.message ?? 'has another form'}.`);
};

type Objects = readonly (Node & { schema: JsonObject })[];

/** Each pattern and where it stands. */
const sourcesOf = (nodes: Objects): [source: string, field: string][] =>
  nodes.flatMap(({ schema: { pattern, patternProperties }, field }) => [
    ...(typeof pattern === 'string' ? [[pattern, into(field, 'pattern')] as [string, string]] : []),
    ...Object.keys(isObject(patternProperties) ? patternProperties : {}).map((source): [string, string] => [
      source,
      into(field, 'patternProperties'),
    ]),
  ]);

const compiled = (source: string, field: string): LinearPattern => {
  try {
    return linearPattern(source);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    return refuse(field, 'bad_pattern', `The pattern cannot run in linear time: ${why}.`);
  }
};

const costOf = (source: string): number =>
  source.length + patternCost + classCost * (source.match(/\\[pP]|\(\?/g)?.length ?? 0);

const patternsOf = (nodes: Objects): Map<string, LinearPattern> => {
  let left = mostOfPatterns;
  const patterns = new Map<string, LinearPattern>();
  for (const [source, field] of sourcesOf(nodes)) {
    if (patterns.has(source)) continue;
    const spend = (cost: number): void => {
      left -= cost;
      if (left < 0) refuse(field, 'too_big', 'Use fewer and shorter patterns: together they are too much.');
    };
    spend(costOf(source));
    const pattern = compiled(source, field);
    spend(pattern.size);
    patterns.set(source, pattern);
  }
  return patterns;
};

const choicesOf = (nodes: Objects): Map<JsonObject, Set<string>> => {
  let left = mostChoices;
  const choices = new Map<JsonObject, Set<string>>();
  for (const { schema, field } of nodes) {
    const values = schema['enum'];
    if (!Array.isArray(values)) continue;
    left -= values.length;
    if (left < 0) refuse(into(field, 'enum'), 'too_big', `List at most ${mostChoices} values in all.`);
    choices.set(schema, new Set(values.map(canonicalJson)));
  }
  return choices;
};

const decoded = (reference: string): string => {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
};

const referencesOf = (all: readonly Node[], nodes: Objects): Map<string, Schema> => {
  const known = new Map(all.map(({ pointer, schema }) => [pointer, schema]));
  for (const { schema } of nodes) {
    if (typeof schema['$anchor'] === 'string') known.set(`#${schema['$anchor']}`, schema);
  }
  const references = new Map<string, Schema>();
  for (const { schema, field } of nodes) {
    const reference = schema['$ref'];
    if (typeof reference !== 'string') continue;
    const target = known.get(decoded(reference));
    if (target === undefined)
      return refuse(
        into(field, '$ref'),
        'unknown_reference',
        'Refer to a schema inside this one: #/$defs/name.',
      );
    references.set(reference, target);
  }
  return references;
};

/** A schema that leads back to itself without going into the value would be walked for ever. */
const checkEnds = (nodes: Objects, references: ReadonlyMap<string, Schema>): void => {
  const done = new Set<Schema>();
  const open = new Set<Schema>();
  const fields = new Map<Schema, string>(nodes.map(({ schema, field }) => [schema, field]));
  const visit = (schema: Schema): void => {
    if (!isObject(schema) || done.has(schema)) return;
    if (open.has(schema))
      refuse(fields.get(schema) ?? '', 'endless', 'It refers to itself without going deeper into the value.');
    open.add(schema);
    const target = references.get(String(schema['$ref']));
    if (target !== undefined) visit(target);
    for (const { keyword, schema: inner } of heldIn(schema)) if (inPlace.has(keyword)) visit(inner);
    open.delete(schema);
    done.add(schema);
  };
  for (const { schema } of nodes) visit(schema);
};

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;

/** Every entry of an operand may have to be looked at: names that are required, properties, constants. */
const weightOf = (schema: JsonObject): number => {
  const dependents = Object.values(schema['dependentRequired'] ?? {}).map(sizeOf);
  const sizes = [...Object.values(schema).map(sizeOf), ...dependents];
  const constant = 'const' in schema ? canonicalJson(schema['const']).length / 50 : 0;
  return Math.ceil(1 + constant + sizes.reduce((sum, size) => sum + size, 0) / 4);
};

const isTracking = ({ schema }: { schema: JsonObject }): boolean =>
  'unevaluatedProperties' in schema || 'unevaluatedItems' in schema;

/** Checks a schema and makes ready what a validation needs. @throws BadSchema */
export const prepare = (root: Schema, characters: number): Prepared => {
  if (characters > mostCharacters) refuse('', 'too_big', `Use at most ${mostCharacters} characters of JSON.`);
  const all = nodesOf(root);
  const nodes = all.filter((node): node is Node & { schema: JsonObject } => isObject(node.schema));
  for (const node of nodes) {
    checkKeywords(node);
    checkIdentity(node);
  }
  checkForm(root);
  const references = referencesOf(all, nodes);
  checkEnds(nodes, references);
  const [patterns, choices] = [patternsOf(nodes), choicesOf(nodes)];
  const weights = new Map(nodes.map(({ schema }) => [schema, weightOf(schema)]));
  return { root, references, patterns, choices, weights, tracks: nodes.some(isTracking) };
};
