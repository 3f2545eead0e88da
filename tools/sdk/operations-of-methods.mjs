// Which operation of the API a method calls: its source names it.
import ts from 'typescript';
import { filesBelow, read } from '../docs/files.mjs';
import { describedOperations } from '../docs/sdk-comments.mjs';

const sources = () =>
  filesBelow('libs/sdk/src', '.ts').filter(
    (path) => !/(\.test|\.features)\.ts$|\/(generated|local)\//.test(path),
  );

const literalsIn = (node) => {
  if (ts.isStringLiteral(node)) return [node.text];
  const found = [];
  ts.forEachChild(node, (child) => void found.push(...literalsIn(child)));
  return found;
};

const methodsIn = (path) => {
  const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2023, true);
  return file.statements
    .filter(ts.isClassDeclaration)
    .flatMap(({ name, members }) =>
      members
        .filter(ts.isMethodDeclaration)
        .map((method) => [`${name.text}.${method.name.getText()}`, method]),
    );
};

/** By `Class.method`: route, sentence and problem codes of the operation. */
export const operationsOfMethods = () => {
  const described = describedOperations();
  const found = sources()
    .flatMap(methodsIn)
    .map(([name, method]) => [name, literalsIn(method).find((text) => described.has(text))]);
  return new Map(found.filter(([, id]) => id !== undefined).map(([name, id]) => [name, described.get(id)]));
};
