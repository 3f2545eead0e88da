import { renderOpenApi } from '#apps/gateway';
import { problems } from '#libs/contracts';

// The bodies that local mode takes; what the server alone understands it refuses as a whole.
const bodies = [
  ...['CreatePacketBody', 'ChainPacketBody', 'UpdatePacketBody', 'ClaimPacketBody', 'ClaimNextBody'],
  ...['HeartbeatBody', 'StartPacketBody', 'ReportProgressBody', 'CompletePacketBody', 'FailPacketBody'],
  ...['RejectPacketBody', 'ReleasePacketBody', 'RequestApprovalBody', 'RespondBody', 'ReasonBody'],
  ...[
    'CreatePacketsBody',
    'ClaimPacketsBody',
    'CompletePacketsBody',
    'ReasonsBody',
    'RegisterAgentBody',
    'PreviewRouteBody',
  ],
];

const prefix = '#/components/schemas/';

/** The rules of a schema: what it says to people is left out. */
const rulesOf = (value) => {
  if (Array.isArray(value)) return value.map(rulesOf);
  if (typeof value !== 'object' || value === null) return value;
  const { description, examples, ...rest } = value;
  // A property may have the name of a keyword.
  const kept = typeof description === 'object' ? { ...rest, description } : rest;
  return Object.fromEntries(
    Object.entries(kept).map(([key, inner]) =>
      key === '$ref' ? [key, inner.replace(prefix, '#/$defs/')] : [key, rulesOf(inner)],
    ),
  );
};

const refsIn = (value) => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [inner.slice(prefix.length)] : refsIn(inner),
  );
};

const reachable = (schemas) => {
  const found = new Set(bodies);
  for (const name of found) for (const ref of refsIn(schemas[name])) found.add(ref);
  return [...found].sort();
};

/** The schemas of request bodies, as data: local mode checks with them what the server checks by classes. */
export const renderSdkBodies = () => {
  const { schemas } = JSON.parse(renderOpenApi()).components;
  const defs = Object.fromEntries(reachable(schemas).map((name) => [name, rulesOf(schemas[name])]));
  return `/* eslint-disable max-lines -- generated from docs/openapi.json by npm run docs */

/** By name; they refer to each other as \`#/$defs/<name>\`. */
export const bodySchemas = ${JSON.stringify(defs)};

/** A body that local mode takes. */
export type BodyName = ${bodies.map((name) => `'${name}'`).join(' | ')};
`;
};

/** The HTTP status and the title of each problem. */
export const renderSdkProblems = () =>
  `// Generated from libs/contracts by npm run docs.\n\n/** By code. */\nexport const problemKinds = ${JSON.stringify(problems)} as const;\n`;
