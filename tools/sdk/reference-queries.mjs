// What lists and searches can be asked for, which has no names of its own: it belongs to the operations.
import { read } from '../docs/files.mjs';
import { describedOperations, fieldComment } from '../docs/sdk-comments.mjs';
import { typeOf } from '../docs/sdk-wire.mjs';

const row = ({ name, required, schema, description }) => {
  const type = typeOf(schema)
    .replace(/ \| null$/, '')
    .replace(/^\((\w+)\)\[\]/, '$1[]')
    .replaceAll('|', '\\|');
  return `| \`${name}${required ? '' : '?'}\` | \`${type}\` | ${fieldComment({ ...schema, description }).replaceAll('|', '\\|')} |`;
};

const tableOf = (query) =>
  ['| field | type | what it is |', '| --- | --- | --- |', ...query.map(row)].join('\n');

const inQuery = ({ parameters = [] }) => parameters.filter((parameter) => parameter.in === 'query');

/** The blocks of Markdown about the queries of these operations. */
export const queriesOf = (names) => {
  const described = describedOperations();
  const operations = Object.values(JSON.parse(read('docs/openapi.json')).paths).flatMap(Object.values);
  const asked = operations.filter(
    (operation) => names.includes(operation.operationId) && inQuery(operation).length > 0,
  );
  return [
    '## Queries',
    "`PacketFilter` is that of `packets_list`, `SearchFilter` of `packets_search`, `ApprovalFilter` of `approvals_list`, `AuditFilter` of `control_listAudit`; others are written as `Operations['agents_list']['query']`. Where a list is taken, one value does without the list.",
    ...asked.flatMap((operation) => {
      const { summary, route } = described.get(operation.operationId);
      return [`### ${operation.operationId}`, `${summary}: ${route}.`, tableOf(inQuery(operation))];
    }),
  ];
};
