import { problems, problemTypeBase } from '#libs/contracts';
import { exists, filesBelow, read } from './files.mjs';

const exampleOf = (text) => {
  const block = /```json\n([\s\S]*?)```/.exec(text);
  try {
    return JSON.parse(block?.[1] ?? '');
  } catch {
    return undefined;
  }
};

const faultsOfPage = ([code, { status, title }]) => {
  const path = `docs/problems/${code}.md`;
  if (!exists(path)) return [`${path} is missing`];
  const text = read(path);
  const example = exampleOf(text);
  const expected = { code, status, title, type: `${problemTypeBase}${code}` };
  const wrong = Object.keys(expected).filter((key) => example?.[key] !== expected[key]);
  return [
    ...(text.startsWith(`# ${title}\n\n\`${code}\` · HTTP ${status}\n`) ? [] : [`${path}: wrong heading`]),
    ...(example === undefined ? [`${path}: no example that is JSON`] : []),
    ...(example === undefined ? [] : wrong.map((key) => `${path}: the example's "${key}" is wrong`)),
    ...['**When:**', '**What to do:**']
      .filter((part) => !text.includes(part))
      .map((part) => `${path}: no ${part}`),
  ];
};

/** Every code has its page and every page its code. */
export const checkProblemPages = () => {
  const known = new Set(['README', ...Object.keys(problems)].map((code) => `docs/problems/${code}.md`));
  const orphans = filesBelow('docs/problems', '.md').filter((path) => !known.has(path));
  return [
    ...Object.entries(problems).flatMap(faultsOfPage),
    ...orphans.map((path) => `${path}: no such problem code`),
  ];
};
