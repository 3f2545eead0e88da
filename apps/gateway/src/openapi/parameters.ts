import { type BodyClass, httpHeaders, type JsonSchema } from '#libs/contracts';
import { parameterExamples } from './examples.js';
import type { Route } from './routes.js';

const header = (name: string, description: string, example: string) => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
  example,
});

/** Header parameters, by the name that routes refer to them with. */
export const headerParameters = {
  idempotencyKey: header(
    httpHeaders.idempotencyKey,
    'Any 1 to 255 characters. The same key and body take effect once; a repeated request gets the first answer.',
    'order-1812-handoff',
  ),
  ifMatch: header('If-Match', 'The ETag that was seen: an older one is refused with 412.', '"3"'),
  claim: header(
    httpHeaders.claim,
    'The fencing token of the claim (`claim.claim_id`): a stale one is refused.',
    '019ab2f4-9c01-7a55-8f20-0d4b6c1e7a90',
  ),
  minPosition: header(
    httpHeaders.minPosition,
    'A HandoffRail-Position: the answer waits up to two seconds to be at least as new.',
    '0-1z4',
  ),
} as const;

const ref = (name: keyof typeof headerParameters) => ({ $ref: `#/components/parameters/${name}` });

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    example: parameterExamples[name],
  }));

const queryParameters = (query: BodyClass, schemas: Record<string, JsonSchema>) => {
  const { properties = {}, required = [] } = schemas[query.name] ?? {};
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description && { description }),
    ...(required.includes(name) && { required: true }),
    // Lists are separated by commas.
    ...([schema.type].flat().includes('array') && { style: 'form', explode: false }),
    schema,
  }));
};

/** The parameters of a route, those of its headers by reference. */
export const parametersOf = (route: Route, schemas: Record<string, JsonSchema>): object[] => [
  ...pathParameters(route.path),
  ...(route.query ? queryParameters(route.query, schemas) : []),
  ...(route.idempotent ? [ref('idempotencyKey')] : []),
  ...(route.conditional ? [ref('ifMatch')] : []),
  ...(route.conditional === true ? [ref('claim')] : []),
  ...(route.stale ? [ref('minPosition')] : []),
];
