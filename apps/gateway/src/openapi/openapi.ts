import { apiSchemas, type BodyClass, httpHeaders, type JsonSchema } from '#libs/contracts';
import type { Access } from '../auth/access.js';
import { answerExamples } from './answer-examples.js';
import { bodyExamples } from './examples.js';
import { headerParameters, parametersOf } from './parameters.js';
import { problemExamples, problemResponses, problemsOf } from './problem-responses.js';
import { webhooks } from './webhooks.js';
import type { Route } from './routes.js';

const tags = [
  { name: 'packets', description: 'Begin, read, change and end packets.' },
  { name: 'commands', description: 'What happens to one packet in its life.' },
  { name: 'batches', description: 'Many packets in one request.' },
  { name: 'approvals', description: 'What people decide.' },
  { name: 'agents', description: 'Who can do the work, and who is there now.' },
  { name: 'routing', description: 'Who is to do the work.' },
  { name: 'feeds', description: 'What happens, as it happens.' },
  { name: 'webhooks', description: 'Who is told of what happens, and what became of it.' },
  { name: 'schemas', description: 'What the context of a packet has to look like.' },
  { name: 'control', description: 'API keys, tenants, and the audit.' },
  { name: 'system', description: 'For those who run the rail.' },
];

const neededKey: Record<Access, string> = {
  public: 'No key is needed.',
  reader: 'Any key may do this.',
  agent: 'Needs a key of role agent, writer or admin.',
  writer: 'Needs a key of role writer or admin.',
  approver: 'Needs a key of role approver, writer or admin.',
  respondent:
    'Needs a key of role approver, writer or admin; of role agent where the checkpoint allows agents.',
  admin: 'Needs a key of role admin.',
  platform: 'Needs the key of a platform admin.',
};

const answerHeaders = {
  traceparent: { description: 'The trace of the request.', schema: { type: 'string' } },
  [httpHeaders.requestId]: { description: 'The id of the request.', schema: { type: 'string' } },
};
const positionHeader = {
  [httpHeaders.position]: {
    description: 'Where the write stands in the log: send it back as HandoffRail-Min-Position.',
    schema: { type: 'string' },
  },
};
const staleHeader = {
  [httpHeaders.stale]: {
    description: '`true` when the answer does not show everything yet that it was asked to.',
    schema: { type: 'string' },
  },
};

const shown = (description: string, type: 'string' | 'integer') => ({ description, schema: { type } });
const rateHeaders = {
  [httpHeaders.rateTier]: shown('The tier of the tenant.', 'string'),
  [httpHeaders.rateLimit]: shown('Requests in the window that ends first; absent without limits.', 'integer'),
  [httpHeaders.rateRemaining]: shown('What is left of them.', 'integer'),
  [httpHeaders.rateReset]: shown('When that window is over, in seconds since 1970.', 'integer'),
  [httpHeaders.ratePolicies]: shown('Every limit: `"minute";q=60;w=60, "hour";q=100;w=3600`.', 'string'),
  [httpHeaders.rateStates]: shown(
    'What is left of each: `"minute";r=59;t=31, "hour";r=98;t=1831`.',
    'string',
  ),
};

const rateHeaderRefs = Object.fromEntries(
  Object.keys(rateHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

const isWrite = ({ tag, method }: Route): boolean =>
  method !== 'get' && (tag === 'packets' || tag === 'commands' || tag === 'batches');

const requestBody = ({ body, bodyOptional }: Route) =>
  body && {
    required: !bodyOptional,
    content: {
      'application/json': {
        schema: { $ref: `#/components/schemas/${body.name}` },
        example: bodyExamples.get(body),
      },
    },
  };

const formBody = ({ form }: Route) =>
  form && { required: true, content: { 'application/x-www-form-urlencoded': form } };

let madeExamples: Record<string, unknown> | undefined;
const answers = (): Record<string, unknown> => (madeExamples ??= answerExamples());

const exampleOf = ({ schema, example }: Route['answer']) => {
  if (example !== undefined) return { example };
  const name = schema?.$ref?.slice(schema.$ref.lastIndexOf('/') + 1) ?? '';
  return name in answers() ? { examples: { answer: { $ref: `#/components/examples/${name}` } } } : {};
};

const success = (route: Route) => ({
  description: route.answer.description,
  headers: {
    ...answerHeaders,
    ...(route.access !== 'public' && rateHeaderRefs),
    ...(isWrite(route) && positionHeader),
    ...(route.stale && staleHeader),
  },
  ...(route.answer.schema && {
    content: {
      [route.answer.type ?? 'application/json']: {
        schema: route.answer.schema,
        ...exampleOf(route.answer),
      },
      ...route.answer.also,
    },
  }),
});

const operationOf = (route: Route, schemas: Record<string, JsonSchema>) => ({
  tags: [route.tag],
  operationId: `${route.tag}_${route.name}`,
  summary: route.summary,
  description: [route.description, neededKey[route.access]].filter(Boolean).join('\n\n'),
  ...(route.access === 'public' && { security: [] }),
  parameters: parametersOf(route, schemas),
  ...(route.body && { requestBody: requestBody(route) }),
  ...(route.form && { requestBody: formBody(route) }),
  responses: { [String(route.answer.status)]: success(route), ...problemResponses(route) },
});

const pathsOf = (routes: readonly Route[], schemas: Record<string, JsonSchema>) => {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, schemas) };
  return paths;
};

const classesOf = (routes: readonly Route[]): BodyClass[] =>
  routes.flatMap(({ body, query }) => [body, query].filter((of) => of !== undefined));

const info = {
  title: 'HandoffRail',
  version: '1.0.0',
  summary: 'The rail that work travels on between AI agents, and between agents and people.',
  description:
    'JSON in UTF-8, snake_case. Errors are problem documents (RFC 9457). Unknown fields are refused, an ' +
    'explicit null counts as left out. Every answer carries `traceparent` and `x-request-id`.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

/** The OpenAPI 3.1 document of these routes. */
export const openApi = (routes: readonly Route[]): object => {
  const bodies = classesOf(routes);
  const schemas = apiSchemas(bodies);
  const queries = new Set(routes.map(({ query }) => query?.name));
  const codes = [...new Set(routes.flatMap(problemsOf))].sort();
  const document = {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/', description: 'This server.' }],
    security: [{ apiKey: [] }, { bearer: [] }],
    tags,
    paths: pathsOf(routes, schemas),
    webhooks,
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
      parameters: headerParameters,
      headers: rateHeaders,
      examples: {
        ...Object.fromEntries(Object.entries(answers()).map(([name, value]) => [name, { value }])),
        ...problemExamples(codes),
      },
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => !queries.has(name))),
    },
  };
  // Inside the document a class is a component.
  return JSON.parse(JSON.stringify(document).replaceAll('#/$defs/', '#/components/schemas/')) as object;
};
