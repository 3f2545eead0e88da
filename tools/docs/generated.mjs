import { format, resolveConfig } from 'prettier';
import { renderCommands } from '#apps/cli';
import { renderAsyncApi, renderOpenApi, renderPacketSchema } from '#apps/gateway';
import { problems } from '#libs/contracts';
import { renderLifecycle } from '#libs/packet';
import { renderConfigTable } from '#libs/service-kit';
import { exists, read, root, write } from './files.mjs';
import { renderSdkBodies, renderSdkProblems } from './sdk-local.mjs';
import { renderSdkOperations, renderSdkWire } from './sdk-wire.mjs';

const problemIndex = () =>
  [
    '| code | status | title |',
    '| --- | --- | --- |',
    ...Object.entries(problems).map(
      ([code, { status, title }]) => `| [\`${code}\`](${code}.md) | ${status} | ${title} |`,
    ),
  ].join('\n');

// A `section` is what stands between `<!-- generated: section -->` and `<!-- end -->`; without one the whole
// file is generated.
const outputs = [
  { path: 'docs/lifecycle.md', render: renderLifecycle },
  { path: 'docs/wire.md', section: 'configuration', render: renderConfigTable },
  { path: 'docs/problems/README.md', section: 'codes', render: problemIndex },
  { path: 'docs/cli.md', section: 'commands', render: renderCommands },
  { path: 'docs/openapi.json', render: renderOpenApi },
  { path: 'docs/asyncapi.json', render: renderAsyncApi },
  { path: 'docs/schemas/packet.v1.json', render: renderPacketSchema },
  { path: 'libs/sdk/src/generated/wire.ts', render: renderSdkWire },
  { path: 'libs/sdk/src/generated/operations.ts', render: renderSdkOperations },
  { path: 'libs/sdk/src/generated/bodies.ts', render: renderSdkBodies },
  { path: 'libs/sdk/src/generated/problems.ts', render: renderSdkProblems },
];

const withSection = (text, section, body) => {
  const start = `<!-- generated: ${section} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf('<!-- end -->', from);
  if (from < 0 || to < 0) throw new Error(`no section "${section}" to generate`);
  return `${text.slice(0, from + start.length)}\n\n${body.trim()}\n\n${text.slice(to)}`;
};

const rendered = async ({ path, section, render }) => {
  const body = render();
  const text = section === undefined ? body : withSection(read(path), section, body);
  return format(text, { ...(await resolveConfig(`${root}${path}`)), filepath: path });
};

export const writeAll = async () => {
  for (const output of outputs) write(output.path, await rendered(output));
};

/** One sentence for each file that is not what the code says. */
export const driftOf = async () => {
  const faults = [];
  for (const output of outputs) {
    const { path } = output;
    const current = exists(path) ? read(path) : '';
    if (current !== (await rendered(output))) faults.push(`${path} is out of date: run npm run docs`);
  }
  return faults;
};
