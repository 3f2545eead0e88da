// What the SDK's generated types say of themselves: what they are for, and the limits that the API description
// holds them to.
import { read } from './files.mjs';

const base = '/api/v1';

/** A comment above a declaration; nothing for nothing. */
export const comment = (text) =>
  text === undefined || text === '' ? '' : `/** ${text.replaceAll('*/', '* /')} */\n`;

const amount = (n) => n.toLocaleString('en');

// A bound that only keeps a number whole says nothing to anybody.
const boundless = 1_000_000_000;

const one = { '': '', ' characters': ' character', ' entries': ' entry', ' fields': ' field' };

const between = (from, most, unit) => {
  const to = most >= boundless ? undefined : most;
  if (to === undefined) return from === undefined || from === 0 ? [] : [`${amount(from)}${unit} at least`];
  if (from === to) return [`${amount(to)}${to === 1 ? one[unit] : unit}`];
  return [from === undefined ? `${amount(to)}${unit} at most` : `${amount(from)} to ${amount(to)}${unit}`];
};

// Patterns that are there to say what a word says better.
const shapes = {
  '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$': 'a UUID',
  '^[A-Za-z][A-Za-z0-9+.-]*:': 'an absolute URL',
  '^1\\.\\d{1,4}\\.\\d{1,4}$': '1.x.x',
};

const shapeOf = ({ pattern, format }) => {
  if (pattern !== undefined) return [shapes[pattern] ?? `as \`${pattern}\``];
  return format === 'date-time' ? ['an RFC 3339 instant'] : [];
};

const ownLimits = (schema) => [
  ...between(schema.minimum, schema.maximum, ''),
  ...between(schema.minLength, schema.maxLength, ' characters'),
  ...between(schema.minItems, schema.maxItems, ' entries'),
  ...between(schema.minProperties, schema.maxProperties, ' fields'),
  ...shapeOf(schema),
];

const limitsOf = (schema) => {
  const inner = schema.items === undefined ? [] : ownLimits(schema.items);
  return [...ownLimits(schema), ...(inner.length > 0 ? [`each ${inner.join(', ')}`] : [])];
};

const asSentence = (parts) => {
  const text = parts.join(', ').replace(/^\w/, (letter) => letter.toUpperCase());
  return text === '' ? [] : [`${text}.`];
};

/** What a field is, and how much of it is taken. */
export const fieldComment = (schema) => {
  const known = (schema.description ?? '').toLowerCase();
  const limits = limitsOf(schema).filter(
    (limit) => !known.includes(limit.replace(/^an? /, '').toLowerCase()),
  );
  return [...(schema.description ? [schema.description] : []), ...asSentence(limits)].join(' ');
};

/** `POST /packets/{id}/claim`, as it is called. */
const routeOf = ({ method, path }) => `\`${method.toUpperCase()} ${path.replace(base, '')}\``;

const codesIn = ({ responses }) =>
  Object.entries(responses).flatMap(([, { content }]) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}),
  );

const operations = () => {
  const { paths, webhooks } = JSON.parse(read('docs/openapi.json'));
  const to = Object.values(webhooks).map((methods) => [`(your endpoint)`, methods]);
  return [...Object.entries(paths), ...to].flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
  );
};

// What every call, or every call with a body, may be refused for says nothing about one of them.
const general =
  /^(unauthenticated|key_expired|key_revoked|forbidden|rate_limited|internal|unavailable|contended|malformed_json|payload_too_large|unsupported_media_type|nesting_too_deep|idempotency_\w+)$/;

/** By operation: its route, its sentence, and the codes of the problems that are its own. */
export const describedOperations = () =>
  new Map(
    operations().map((operation) => {
      const codes = codesIn(operation).filter((code) => !general.test(code));
      return [
        operation.operationId,
        { route: routeOf(operation), summary: operation.summary, codes: [...new Set(codes)] },
      ];
    }),
  );

const refsIn = (value) => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [inner.split('/').pop()] : refsIn(inner),
  );
};

const bodyOf = ({ requestBody }) => refsIn(requestBody?.content?.['application/json']?.schema);
const answersOf = ({ responses }) =>
  Object.values(responses).flatMap(({ content }) => refsIn(content?.['application/json']?.schema));

const listed = (names) =>
  names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

/** What each schema of the API is for: a body, an answer or a part of others. */
export const purposesOf = (schemas, nameOf) => {
  const all = operations();
  const routes = (refs, name) => all.filter((operation) => refs(operation).includes(name)).map(routeOf);
  const holders = (name) => Object.keys(schemas).filter((holder) => refsIn(schemas[holder]).includes(name));
  const purpose = (name) => {
    const [bodies, answers] = [routes(bodyOf, name), routes(answersOf, name)];
    const parts = holders(name).map((holder) => `\`${nameOf(holder)}\``);
    const said = [
      ...(bodies.length > 0 ? [`Body of ${listed(bodies)}.`] : []),
      ...(answers.length > 0 ? [`Answer of ${listed(answers)}.`] : []),
    ];
    if (said.length > 0) return said.join(' ');
    return parts.length > 0 ? `Part of ${listed(parts)}.` : undefined;
  };
  return new Map(Object.keys(schemas).map((name) => [name, purpose(name)]));
};
