// The parts of a docstring as the extractor passes it on.

const unwrapped = (comment) =>
  comment
    .replace(/^\/\*\*\n?/, '')
    .replace(/\*\/\s*$/, '')
    .replaceAll(/^ \* ?/gm, '')
    .trim();

// What the extractor writes of itself says nothing.
const invented = /^Constructs a new instance of the `\w+` class$/;

/** Text, what is thrown, and examples with their fences. */
export const partsOf = ({ docComment = '' }) => {
  const [text = '', ...tagged] = unwrapped(docComment).split(/^@(?=example|throws)/m);
  const tags = (name) =>
    tagged.filter((part) => part.startsWith(name)).map((part) => part.slice(name.length).trim());
  const said = text.trim();
  return { text: invented.test(said) ? '' : said, throws: tags('throws'), examples: tags('example') };
};

/** Nobody outside is to know of it. */
export const isInternal = ({ docComment = '', isProtected }) =>
  isProtected === true || docComment.includes('@internal');

/** The declaration in one piece, as it is written. */
export const signatureOf = ({ excerptTokens }) =>
  excerptTokens
    .map(({ text }) => text)
    .join('')
    .replace(/^export (declare )?/, '')
    .replace(/;$/, '')
    // As members are indented, so is what stands in them.
    .replaceAll(/\n {4}/g, '\n')
    .replaceAll(/\n {4}/g, '\n  ')
    .trim();

// What a type asks of a library of others is told by that library.
const told = ({ name, members = [] }) =>
  name.endsWith('Like') ? [] : members.filter((member) => !isInternal(member));

// A constructor is told by its class, and the fields of a document by their names, types and limits.
const mustSay = ({ kind }) => kind !== 'Constructor' && kind !== 'PropertySignature';

/** One sentence for each exported name, and each method or property of a class, that nothing is said about. */
export const faultsOfDocstrings = (items) =>
  items.flatMap((item) =>
    [item, ...told(item).filter(mustSay)]
      .filter((one) => partsOf(one).text === '' && partsOf(one).throws.length === 0)
      .map((one) => `${one === item ? '' : `${item.name}.`}${one.name} has no docstring`),
  );
