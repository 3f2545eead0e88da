import { dirname, join, normalize } from 'node:path';
import { exists, filesBelow, read } from './files.mjs';

const withoutCode = (text) => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
const localLinks = (text) =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target.split('#')[0])
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));

// Paths of the repository that a text names in code style must exist, too.
const namedPaths = (text) =>
  [...text.matchAll(/`((?:apps|libs|tools|docs|deploy|bench|\.ci)\/[\w./-]+)`/g)].map(([, path]) => path);

/** Every relative link, and every path that a text names, leads somewhere. */
export const checkLinks = () =>
  filesBelow('.', '.md').flatMap((path) => {
    const text = read(path);
    const links = localLinks(text).filter((target) => !exists(normalize(join(dirname(path), target))));
    const paths = namedPaths(text).filter((target) => !exists(target));
    return [...links, ...paths].map((target) => `${path}: ${target} does not exist`);
  });
