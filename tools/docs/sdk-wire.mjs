// The SDK's wire types and its table of operations, out of the OpenAPI document: no path, no flag and no
// field of a body is written a second time by hand. Rendered after docs/openapi.json, from the file.
import { read } from './files.mjs';
import { comment, describedOperations, fieldComment, purposesOf } from './sdk-comments.mjs';

const head = `/* eslint-disable max-lines -- generated from docs/openapi.json by npm run docs */\n`;

// Names that are right for whoever serves the document, and clumsy for whoever reads it.
const renamed = { PacketDocumentBody: 'PacketDocument' };
const nameOf = (name) => renamed[name] ?? name;
const refName = (ref) => nameOf(ref.split('/').pop());

const union = (types) => [...new Set(types)].join(' | ');

const objectType = (schema) => {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const type = typeOf(field);
    const said = comment(fieldComment(field));
    return required.has(name)
      ? `${said}${name}: ${type};`
      : `${said}${name}?: ${type === 'unknown' ? type : `${type} | undefined`};`;
  });
  if (fields.length > 0) return `{\n${fields.join('\n')}\n}`;
  const values = schema.additionalProperties;
  return `Record<string, ${typeof values === 'object' ? typeOf(values) : 'unknown'}>`;
};

const plainTypes = {
  string: () => 'string',
  integer: () => 'number',
  number: () => 'number',
  boolean: () => 'boolean',
  null: () => 'null',
  array: (schema) => `(${typeOf(schema.items ?? {})})[]`,
  object: objectType,
};

/** A schema as a type of TypeScript. */
export const typeOf = (schema) => {
  if (schema.$ref !== undefined) return refName(schema.$ref);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice !== undefined) return union(choice.map(typeOf));
  if (schema.type === undefined) return 'unknown';
  return union([schema.type].flat().map((type) => plainTypes[type](schema)));
};

const declarationWith =
  (purposes) =>
  ([name, schema]) => {
    const type = typeOf(schema);
    const body = type.startsWith('{')
      ? `interface ${nameOf(name)} ${type}`
      : `type ${nameOf(name)} = ${type};`;
    return `${comment(schema.description ?? purposes.get(name))}export ${body}`;
  };

/** The bodies and documents of the API as TypeScript. */
export const renderSdkWire = () => {
  const { components } = JSON.parse(read('docs/openapi.json'));
  const declaration = declarationWith(purposesOf(components.schemas, nameOf));
  return `${head}\n${Object.entries(components.schemas).map(declaration).join('\n\n')}\n`;
};

const base = '/api/v1';
const json = 'application/json';

// What is a page or a stream is not called like a function.
const isCall = ([path, , operation]) =>
  path.startsWith(base) && !['feeds_follow', 'feeds_open'].includes(operation.operationId);

const operationsOf = ({ paths }) =>
  Object.entries(paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => [path, method, one]))
    .filter(isCall);

const flags = [
  ['idempotencyKey', 'idempotent'],
  ['claim', 'claim'],
  ['minPosition', 'position'],
];

const flagsOf = ({ parameters = [] }) => {
  const refs = parameters.map(({ $ref }) => $ref?.split('/').pop());
  return flags.filter(([name]) => refs.includes(name)).map(([, flag]) => flag);
};

const answerOf = ({ responses }) => {
  const [, success] = Object.entries(responses).find(([status]) => status < '300') ?? [];
  const schema = success?.content?.[json]?.schema;
  return schema === undefined ? 'undefined' : typeOf(schema);
};

// One value needs no list around it.
const valuesOf = (schema) => (schema.items === undefined ? [schema] : [schema, schema.items]);

const queryOf = ({ parameters = [] }) => {
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const properties = Object.fromEntries(
    query.map(({ name, schema, description }) => [
      name,
      { anyOf: valuesOf(schema), description: fieldComment({ ...schema, description }) },
    ]),
  );
  const required = query.filter((parameter) => parameter.required).map(({ name }) => name);
  return query.length === 0 ? 'undefined' : objectType({ properties, required });
};

const bodyOf = ({ requestBody }) => {
  const schema = requestBody?.content?.[json]?.schema;
  return schema === undefined ? 'undefined' : typeOf(schema);
};

const commentOf = ({ summary, route, codes }) =>
  comment(`${summary}: ${route}.${codes.length > 0 ? ` Refused with \`${codes.join('`, `')}\`.` : ''}`);

const typesOf = ([, , operation]) =>
  `${commentOf(describedOperations().get(operation.operationId))}${operation.operationId}: { query: ${queryOf(operation)}; body: ${bodyOf(operation)}; answer: ${answerOf(operation)} };`;

const rowOf = ([path, method, operation]) => {
  const line = [method.toUpperCase(), path.slice(base.length), ...flagsOf(operation)];
  return `${operation.operationId}: ${JSON.stringify(line.join(' '))},`;
};

/** What can be called: types of query, body and answer, and a table of methods, paths and flags. */
export const renderSdkOperations = () => {
  const document = JSON.parse(read('docs/openapi.json'));
  const operations = operationsOf(document);
  const types = operations.map(typesOf).join('\n');
  const names = Object.keys(document.components.schemas).map(nameOf);
  const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(types));
  return `${head}
import type { ${used.join(', ')} } from './wire.js';

/** Query, body and answer of each operation. */
export interface Operations {
${types}
}

/** Method and path of each operation, then what it understands beside its body. */
export const operations = {
${operations.map(rowOf).join('\n')}
} as const satisfies Record<keyof Operations, string>;
`;
};
