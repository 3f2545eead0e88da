import { type ProblemCode, problems, problemTypeBase } from '#libs/contracts';
import type { Route } from './routes.js';

const keyed: ProblemCode[] = ['unauthenticated', 'key_expired', 'key_revoked', 'forbidden', 'rate_limited'];
const withBody: ProblemCode[] = [
  'malformed_json',
  'unsupported_media_type',
  'payload_too_large',
  'nesting_too_deep',
  'validation_failed',
];
const repeatable: ProblemCode[] = [
  'idempotency_key_invalid',
  'idempotency_mismatch',
  'idempotency_in_progress',
];
const sends: readonly Route['tag'][] = ['packets', 'commands', 'batches'];

/** The problems that come with a trait of a route. */
const traits: [has: (route: Route) => boolean, codes: ProblemCode[]][] = [
  [({ access }) => access !== 'public', keyed],
  [({ body }) => body !== undefined, withBody],
  [({ query }) => query !== undefined, ['validation_failed']],
  [({ path }) => path.includes('{'), ['not_found']],
  [({ idempotent }) => idempotent === true, repeatable],
  [({ conditional }) => conditional !== undefined, ['revision_mismatch']],
  [({ conditional }) => conditional === true, ['stale_claim']],
  [({ tag, method }) => sends.includes(tag) && method !== 'get', ['contended']],
  [({ tag, body }) => sends.includes(tag) && body !== undefined, ['packet_too_large']],
  [({ access }) => access !== 'public', ['unavailable']],
  [() => true, ['internal']],
];

/** Every problem that a route may answer with, those included that come with its traits. */
export const problemsOf = (route: Route): ProblemCode[] => {
  if (route.page) return [];
  const common = traits.flatMap(([has, codes]) => (has(route) ? codes : []));
  return [...new Set([...common, ...(route.problems ?? [])])];
};

/** One problem document of each code, to refer to. */
export const problemExamples = (codes: readonly ProblemCode[]) =>
  Object.fromEntries(
    codes.map((code) => [
      code,
      {
        value: {
          type: problemTypeBase + code,
          title: problems[code].title,
          status: problems[code].status,
          detail: 'A sentence that says what to do.',
          instance: '/api/v1/packets',
          code,
          trace_id: '7be1b0c5b8f34a3d9d0c6a3f2e1d4c5b',
        },
      },
    ]),
  );

const responseOf = (codes: ProblemCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/ProblemDocument' },
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});

const pageProblem = {
  description: 'A page that says why not: 403, 404, 409, 410, 422 or 503.',
  content: { 'text/html': { schema: { type: 'string' } } },
};

/** The problem answers of a route, by status. */
export const problemResponses = (route: Route): Record<string, object> => {
  if (route.page) return { default: pageProblem };
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(route)) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), responseOf(codes)]));
};
