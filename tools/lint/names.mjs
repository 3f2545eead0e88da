const kebab =
  /^[a-z0-9]+(-[a-z0-9]+)*(\.(controller|module|guard|entity|features|test|int\.test|e2e\.test))?$/;
const emptyWords = /(Manager|Helper|Processor|Util|Utils|Impl)$|^(Base|Abstract|I)(?=[A-Z])/;

const fileName = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { name: 'Name the file in kebab-case, without `{{name}}`.' },
  },
  create: (context) => ({
    Program(node) {
      const name = context.filename
        .split(/[\\/]/)
        .at(-1)
        .replace(/\.[cm]?ts$/, '');
      if (!kebab.test(name)) context.report({ node, messageId: 'name', data: { name } });
    },
  }),
};

const declared = [
  'ClassDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'FunctionDeclaration',
].join(',');

const emptyName = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { name: '`{{name}}` says what it is made of; name what it does.' },
  },
  create: (context) => ({
    [declared](node) {
      const name = node.id?.name ?? '';
      if (emptyWords.test(name)) context.report({ node: node.id, messageId: 'name', data: { name } });
    },
  }),
};

/** Names as CONTRIBUTING.md asks for them. */
export const names = { rules: { 'file-name': fileName, 'empty-name': emptyName } };
