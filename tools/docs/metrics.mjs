import { collectDefaultMetrics, Registry } from 'prom-client';
import { filesBelow, read } from './files.mjs';

const page = 'docs/observability.md';
const sources = () => [...filesBelow('libs', '.ts'), ...filesBelow('apps', '.ts')];
const namesIn = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);

const ownMetrics = () => new Set(sources().flatMap((path) => namesIn(read(path), /'(handoffrail_\w+)'/g)));

/** Names of all metrics that a process can show, ours and those of prom-client. */
export const allMetrics = () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return new Set(['up', ...registry.getMetricsAsArray().map(({ name }) => name), ...ownMetrics()]);
};

/** The page names every metric of ours, and no other. */
export const checkMetrics = () => {
  const own = ownMetrics();
  const told = new Set(namesIn(read(page), /`(handoffrail_\w+)`/g));
  return [
    ...[...own].filter((name) => !told.has(name)).map((name) => `${page}: ${name} is missing`),
    ...[...told].filter((name) => !own.has(name)).map((name) => `${page}: nothing counts ${name}`),
  ];
};
