import type { AnyJson } from '#libs/testing';

/** Where an id stands in a body; a number is a place in a list. */
export interface IdField {
  path: (string | number)[];
  kind: string;
  /** The field is one id, or a list of them. */
  isList: boolean;
}

/** One operation of the API, as far as the OpenAPI document tells. */
export interface ApiOperation {
  name: string;
  method: string;
  path: string;
  /** Nobody needs a key. */
  isPublic: boolean;
  /** Only for those who run the rail. */
  isPlatform: boolean;
  /** Its answer goes on: server-sent events, or a WebSocket. */
  stream?: 'sse' | 'ws';
  /** What each parameter of the path names, in their order. */
  pathKinds: string[];
  /** Parameters of the query that take free text. */
  textQuery: string[];
  /** Required parameters of the query, with something to begin with. */
  baseQuery: Record<string, string>;
  body?: AnyJson;
  contentType?: string;
  /** The fields of the body that must be there. */
  requiredFields: string[];
  idFields: IdField[];
  isIdempotent: boolean;
}

/** What ids are of, by the words that parameters and fields name them with. */
const kindOfWord: Record<string, string> = {
  packets: 'packet',
  packet: 'packet',
  parent_packet: 'packet',
  root: 'packet',
  approvals: 'approval',
  approval: 'approval',
  agents: 'agent',
  agent: 'agent',
  source_agent: 'agent',
  target_agent: 'agent',
  claim: 'claim',
  hooks: 'hook',
  hook: 'hook',
  delivery: 'delivery',
  schemas: 'schema',
  schema: 'schema',
  keys: 'key',
  key: 'key',
  link: 'link',
  tenants: 'tenant',
  tenant: 'tenant',
};

/** A route that the suite does not know how to try: it must learn to, or the route goes untested. */
export class CannotFill extends Error {
  override readonly name = 'CannotFill';
}

const kindOf = (word: string, where: string): string => {
  const kind = kindOfWord[word];
  if (kind !== undefined) return kind;
  throw new CannotFill(`${where}: the suite has no id of the kind "${word}".`);
};

/** `/packets/{id}` is the id of a packet; `{agent_id}` says it itself. */
const pathKindsOf = (path: string): string[] => {
  const segments = path.split('/');
  return segments.flatMap((segment, at) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) return [];
    const word = name === 'id' ? (segments[at - 1] ?? '') : name.replace(/_id$/, '');
    return [kindOf(word, path)];
  });
};

const isText = (schema: AnyJson): boolean => {
  if (schema === undefined || schema.enum !== undefined || schema.format !== undefined) return false;
  if (schema.anyOf !== undefined) return schema.anyOf.some(isText);
  const types = [schema.type].flat();
  return types.includes('string') || (types.includes('array') && isText(schema.items));
};

const idName = /^(?:(.+)_)?ids?$/;
const deepest = 5;

interface Seen {
  path: IdField['path'];
  /** The field that the object stands in. */
  owner: string;
}

/** Walks a schema for fields that hold ids. Ids that a caller gives to the parts of its own body are no such. */
const idFieldsIn = (document: AnyJson, schema: AnyJson, { path, owner }: Seen): IdField[] => {
  if (schema === undefined || path.length > deepest) return [];
  if (schema.$ref !== undefined) {
    const target = document.components.schemas[String(schema.$ref).split('/').at(-1)!];
    return idFieldsIn(document, target, { path, owner });
  }
  const parts = [...(schema.anyOf ?? []), ...(schema.allOf ?? []), ...(schema.oneOf ?? [])];
  const inParts = parts.flatMap((part: AnyJson) => idFieldsIn(document, part, { path, owner }));
  const inItems = schema.items
    ? idFieldsIn(document, schema.items, { path: [...path, 0], owner: 'an entry' })
    : [];
  const inFields = Object.entries<AnyJson>(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = [...path, name];
    const word = idName.exec(name);
    if (word === null) return idFieldsIn(document, field, { path: at, owner: name });
    if (word[1] === undefined && kindOfWord[owner] === undefined) return [];
    const isList = [field.type].flat().includes('array');
    return [{ path: at, kind: kindOf(word[1] ?? owner, at.join('.')), isList }];
  });
  return [...inParts, ...inItems, ...inFields];
};

const streamOf = ({ responses }: AnyJson): 'sse' | 'ws' | undefined => {
  if (responses['101'] !== undefined) return 'ws';
  return responses['200']?.content?.['text/event-stream'] === undefined ? undefined : 'sse';
};

const bodyOf = (document: AnyJson, { requestBody }: AnyJson): Partial<ApiOperation> => {
  const [contentType, content] = Object.entries<AnyJson>(requestBody?.content ?? {})[0] ?? [];
  if (contentType === undefined) return {};
  const name = String(content.schema.$ref ?? '')
    .split('/')
    .at(-1)!;
  const schema = document.components.schemas[name] ?? content.schema;
  return {
    body: content.example,
    contentType,
    requiredFields: schema.required ?? [],
    idFields: idFieldsIn(document, schema, { path: [], owner: 'the body' }),
  };
};

const operationOf = (document: AnyJson, path: string, [method, facts]: [string, AnyJson]): ApiOperation => {
  const parameters: AnyJson[] = (facts.parameters ?? []).map((given: AnyJson) =>
    given.$ref === undefined ? given : document.components.parameters[given.$ref.split('/').at(-1)],
  );
  const queries = parameters.filter((given) => given.in === 'query');
  const text = queries.filter(({ schema }) => isText(schema)).map(({ name }) => name as string);
  const stream = streamOf(facts);
  const isPublic = Array.isArray(facts.security) && facts.security.length === 0;
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    isPublic,
    isPlatform: String(facts.description).includes('the key of a platform admin'),
    ...(stream && { stream }),
    // What is in the path of a public route is no id, but lets in whoever has it.
    pathKinds: isPublic ? [] : pathKindsOf(path),
    textQuery: text.filter((name) => name !== 'api_key' && name !== 'token'),
    baseQuery: Object.fromEntries(
      queries.filter(({ required }) => required).map(({ name }) => [name, 'some']),
    ),
    requiredFields: [],
    idFields: [],
    ...bodyOf(document, facts),
    isIdempotent: parameters.some(({ name }) => String(name).toLowerCase() === 'idempotency-key'),
  };
};

/** Every operation that an OpenAPI document names. @throws CannotFill */
export const operationsOf = (document: AnyJson): ApiOperation[] =>
  Object.entries<AnyJson>(document.paths).flatMap(([path, methods]) =>
    Object.entries<AnyJson>(methods).map((entry) => operationOf(document, path, entry)),
  );
