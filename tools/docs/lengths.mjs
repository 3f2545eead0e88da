import { exists, filesBelow, read } from './files.mjs';

const projects = [...filesBelow('apps', 'project.json'), ...filesBelow('libs', 'project.json')];
const projectReadmes = projects.map((path) => path.replace('project.json', 'README.md'));
const limits = { 'README.md': 150, 'docs/architecture.md': 200 };

/** The pages that people read first stay short, and every project has one. */
export const checkLengths = () =>
  [...Object.entries(limits), ...projectReadmes.map((path) => [path, 30])].flatMap(([path, limit]) => {
    if (!exists(path)) return [`${path} is missing`];
    const lines = read(path).trimEnd().split('\n').length;
    return lines > limit ? [`${path} has ${lines} lines; the limit is ${limit}`] : [];
  });
