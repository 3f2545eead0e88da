// How one exported name is told in the reference.
import { isInternal, partsOf, signatureOf } from './docstrings.mjs';

const fenced = (code) => `\`\`\`ts\n${code}\n\`\`\``;
const inCell = (text) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();

const throwsOf = (item) => partsOf(item).throws.map((text) => `Throws ${text}.`);

const about = (item) => [partsOf(item).text, ...throwsOf(item), ...partsOf(item).examples];

// A comment between the tokens of a type is told by the field that it stands at.
const typeOf = (member) =>
  signatureOf(member)
    .replace(/^(?:readonly )?(?:get )?['"\w]+(?:\(\))?\??: /, '')
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
    .replace(member.isOptional ? / \| undefined$/ : '', '');

const fieldRow = (member) => {
  const name = `\`${member.name}${member.isOptional ? '?' : ''}\``;
  return `| ${name} | \`${inCell(typeOf(member))}\` | ${inCell(partsOf(member).text)} |`;
};

const table = (rows) =>
  rows.length === 0 ? [] : [['| field | type | what it is |', '| --- | --- | --- |', ...rows].join('\n')];

const told = ({ members = [] }) => members.filter((member) => !isInternal(member));

const fieldsOf = (item) =>
  told(item).filter(({ kind }) => kind === 'PropertySignature' || kind === 'Property');

const refusals = (operation) => {
  if (operation === undefined) return [];
  const codes = operation.codes.map((code) => `[\`${code}\`](problems/${code}.md)`);
  return [`${operation.route}${codes.length > 0 ? `; refused with ${codes.join(', ')}` : ''}.`];
};

const method = (owner, operations) => (member) => [
  `### ${owner.name}.${member.name}`,
  fenced(signatureOf(member)),
  ...about(member),
  ...refusals(operations.get(`${owner.name}.${member.name}`)),
];

const heading = (item) => [`## ${item.name}`, ...about(item)];

const baseOf = ({ excerptTokens, extendsTokenRange: range }) => {
  if (range === undefined) return [];
  const name = excerptTokens
    .slice(range.startIndex, range.endIndex)
    .map(({ text }) => text)
    .join('');
  return [`Has everything that \`${name.trim()}\` has.`];
};

const classEntry = (item, operations) => {
  const methods = told(item).filter(({ kind, name }) => kind === 'Method' && !name.startsWith('['));
  const constructors = told(item).filter(({ kind }) => kind === 'Constructor');
  const made = constructors.map((one) => fenced(signatureOf(one).replace('constructor', `new ${item.name}`)));
  const fields = table(fieldsOf(item).map(fieldRow));
  return [
    ...heading(item),
    ...baseOf(item),
    ...made,
    ...fields,
    ...methods.flatMap(method(item, operations)),
  ];
};

const interfaceEntry = (item) => [
  ...heading(item),
  ...(item.extendsTokenRanges?.length > 0 ? [fenced(signatureOf(item))] : []),
  ...table(fieldsOf(item).map(fieldRow)),
  ...told(item)
    .filter(({ kind }) => kind === 'MethodSignature')
    .flatMap((member) => [fenced(signatureOf(member)), ...about(member)]),
];

const otherEntry = (item) => [`## ${item.name}`, fenced(signatureOf(item)), ...about(item)];

/** The blocks of Markdown about one exported name. */
export const entryOf = (item, operations) => {
  if (item.kind === 'Class') return classEntry(item, operations);
  return item.kind === 'Interface' ? interfaceEntry(item) : otherEntry(item);
};

// Neither a colon nor a full stop within code ends it.
const firstSentence = (text) =>
  (/^(?:`[^`]*`|[^`])*?[.:;](?=\s|$)/.exec(text)?.[0] ?? text).replace(/[:;]$/, '.');

/** What can be called on some classes: a line each, `prefix` before its name. */
export const callRows = (item, prefix) =>
  told(item)
    .filter(({ kind, name }) => kind === 'Method' && !name.startsWith('['))
    .map((member) => {
      const anchor = `${item.name}${member.name}`.toLowerCase();
      // The extractor has a destructured parameter twice: as it is taken apart, and by its name.
      const named = member.parameters.filter(({ parameterName }) => !parameterName.startsWith('{'));
      const parameters = named.map(
        ({ parameterName, isOptional }) => `${parameterName}${isOptional ? '?' : ''}`,
      );
      const call = `${prefix}${member.name}(${parameters.join(', ')})`;
      return `| [\`${call}\`](#${anchor}) | ${inCell(firstSentence(partsOf(member).text))} |`;
    });
