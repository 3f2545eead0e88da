// The reference of the SDK, out of its docstrings: pages in docs that are checked as the report of its surface is.
import { format, resolveConfig } from 'prettier';
import { exists, read, root, write } from '../docs/files.mjs';
import { exportsOf } from './declarations.mjs';
import { faultsOfDocstrings, isInternal } from './docstrings.mjs';
import { operationsOfMethods } from './operations-of-methods.mjs';
import { callRows, entryOf } from './reference-entries.mjs';
import { queriesOf } from './reference-queries.mjs';

// In this order; what is in none of them comes last.
const first = [
  ...['HandoffRail', 'PacketReads', 'PacketCommands', 'PacketWork', 'PacketBatches'],
  ...['Agents', 'Routing', 'Webhooks', 'Schemas', 'Keys', 'Tenants', 'ClientOptions', 'RequestOptions'],
  ...['Listing', 'FlatPacket', 'HandoffPacket', 'PacketBuilder', 'ChainBuilder', 'PacketParts'],
  ...[
    'Worker',
    'WorkerOptions',
    'WorkContext',
    'EventFeed',
    'LiveSocket',
    'verifyWebhook',
    'HandoffRailError',
  ],
];
const firstLocal = [
  'LocalRail',
  'LocalRailOptions',
  'HandoffManager',
  'AgentCapabilityRegistry',
  'HandoffRouter',
];

const inOrder = (items, names) => {
  const place = ({ name }) => (names.includes(name) ? names.indexOf(name) : names.length);
  return [...items].sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
};

// What is sent and answered has names of its own.
const isDocument = ({ name, fileUrlPath }) =>
  /generated\/wire/.test(fileUrlPath) || /(Document|Body)$/.test(name);

const callsOn = {
  ...{ HandoffRail: 'rail.', PacketReads: 'rail.', PacketCommands: 'rail.', PacketWork: 'rail.' },
  ...{ PacketBatches: 'rail.', Agents: 'rail.agents.', Routing: 'rail.routing.' },
  ...{ Webhooks: 'rail.webhooks.', Schemas: 'rail.schemas.', Keys: 'rail.keys.', Tenants: 'rail.tenants.' },
};

const glance = (items, prefixes) => {
  const rows = items.flatMap((item) => (item.name in prefixes ? callRows(item, prefixes[item.name]) : []));
  return ['## At a glance', ['| call | what it does |', '| --- | --- |', ...rows].join('\n')];
};

const head = (title, ...texts) => [
  `# ${title}`,
  '<!-- Generated from the docstrings by npm run pack:sdk. -->',
  ...texts,
];

const anyCall =
  'Any call may be refused for its key, its size or its rate, and fails as docs/problems says: `unauthenticated`, `key_expired`, `key_revoked`, `forbidden`, `rate_limited`, `internal`, `unavailable`; with a body also `malformed_json`, `payload_too_large`, `nesting_too_deep`. What else a call is refused with stands at it. An answer that never comes is a `ConnectionError`.';

const clientPage = (items, operations) => [
  ...head(
    'Reference of @handoffrail/sdk',
    'How to begin stands in [the page of the SDK](sdk.md), what is sent and answered in [its documents](sdk-documents.md), what lists can be asked for in [its queries](sdk-documents.md#queries), what runs without a server in [the reference of local mode](local-reference.md).',
    anyCall,
  ),
  ...glance(items, callsOn),
  ...items.flatMap((item) => entryOf(item, operations)),
];

const documentsPage = (items, operations) => [
  ...head(
    'Bodies and documents of the API',
    'The types of what [the client](sdk-reference.md) sends and gets, as [the API](openapi.json) describes them. Fields of bodies may be given in camelCase, too. Fields with a `?` may be left out.',
  ),
  ...items.flatMap((item) => entryOf(item, new Map())),
  ...queriesOf(operations),
];

const localCalls = {
  LocalRail: 'rail.',
  HandoffManager: 'manager.',
  AgentCapabilityRegistry: 'registry.',
  HandoffRouter: 'router.',
};

const localPage = (items) => [
  ...head(
    'Reference of @handoffrail/sdk/local',
    'How to begin stands in [the page of local mode](local.md). `LocalRail` has the packet methods of [the client](sdk-reference.md), too.',
  ),
  ...glance(items, localCalls),
  ...items.flatMap((item) => entryOf(item, new Map())),
];

const pagesOf = (core, local) => {
  const documents = core.filter((item) => isDocument(item) && item.name !== 'Operations');
  const rest = core.filter((item) => !isDocument(item) && item.name !== 'Operations');
  return {
    'docs/sdk-reference.md': clientPage(inOrder(rest, first), operationsOfMethods()),
    'docs/sdk-documents.md': documentsPage(
      inOrder(documents, []),
      core.find(({ name }) => name === 'Operations').members.map(({ name }) => name),
    ),
    'docs/local-reference.md': localPage(inOrder(local, firstLocal)),
  };
};

/**
 * Writes the pages, or with `check` compares them; after the declarations were written. Faults are sentences:
 * of pages that are not what the docstrings say, and of names that have none.
 */
export const writeReference = async ({ check }) => {
  const [core, local] = ['index', 'local'].map((entry) =>
    exportsOf(entry).filter((item) => !isInternal(item)),
  );
  const faults = faultsOfDocstrings([...core, ...local]);
  for (const [path, blocks] of Object.entries(pagesOf(core, local))) {
    const options = { ...(await resolveConfig(`${root}${path}`)), filepath: path };
    const text = await format(blocks.filter((block) => block !== '').join('\n\n'), options);
    if (!check) write(path, text);
    else if (!exists(path) || read(path) !== text)
      faults.push(`${path} is not what the docstrings say: run npm run pack:sdk`);
  }
  return faults;
};
