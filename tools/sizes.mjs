// Prints how long files and functions are. Nothing fails here: the limits are lint's.
import ts from 'typescript';
import { filesBelow, read } from './docs/files.mjs';

const isSource = (path) => !/\.(test|features)\.ts$/.test(path) && !path.startsWith('apps/e2e');
const lines = (text) => text.trimEnd().split('\n').length;
const named = (node) =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isConstructorDeclaration(node) ||
  (ts.isArrowFunction(node) && ts.isVariableDeclaration(node.parent));

const functionsIn = (path, text) => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lengths = [];
  const visit = (node) => {
    if (named(node)) lengths.push({ path, lines: lines(node.getText(file)) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return lengths;
};

const report = (what, all) => {
  const sorted = all.toSorted((a, b) => a.lines - b.lines);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  const [median, p90, longest] = [at(0.5), at(0.9), at(1)];
  console.log(
    `${what}: ${all.length}, median ${median.lines}, p90 ${p90.lines}, longest ${longest.lines} (${longest.path})`,
  );
};

const sources = [...filesBelow('libs', '.ts'), ...filesBelow('apps', '.ts')].filter(isSource);
const files = sources.map((path) => ({ path, text: read(path), lines: lines(read(path)) }));
report(
  'files',
  files.map(({ path, lines: length }) => ({ path, lines: length })),
);
report(
  'functions',
  files.flatMap(({ path, text }) => functionsIn(path, text)),
);
