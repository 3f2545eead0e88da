import { parse } from 'yaml';
import { renderConfigTable } from '#libs/service-kit';
import { exists, filesBelow, read } from './files.mjs';
import { allMetrics } from './metrics.mjs';

const ours = ['ingestion', 'claiming', 'approvals', 'projector', 'webhooks', 'gateway'];
const theirs = ['nats', 'postgres', 'otel-collector', 'tempo', 'prometheus', 'grafana'];
// Images without a shell or a client to ask with.
const mute = ['otel-collector', 'tempo'];

const variables = () => new Set([...renderConfigTable().matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));

const faultsOfImage = (name, { image }) =>
  /^[\w./-]+:v?\d+\.\d+[\w.-]*$/.test(image ?? '') ? [] : [`${name}: pin the image by a full version`];

const faultsOfHealth = (name, { healthcheck }) =>
  healthcheck?.test || mute.includes(name) ? [] : [`${name}: no healthcheck`];

const isThere = (source, known) => (source.startsWith('.') ? exists(source) : source in known);

const faultsOfVolumes = (name, { volumes = [] }, known) =>
  volumes
    .map((volume) => volume.split(':')[0])
    .filter((source) => !isThere(source, known))
    .map((source) => `${name}: ${source} does not exist`);

const faultsOfDependencies = (name, { depends_on: needs = [] }, services) =>
  (Array.isArray(needs) ? needs : Object.keys(needs))
    .filter((need) => !(need in services))
    .map((need) => `${name}: depends on ${need}, which is not there`);

const faultsOfBuild = (name, build = {}) => [
  ...(build.args?.APP === name && exists(`apps/${name}/src/main.ts`) ? [] : [`${name}: wrong APP`]),
  ...(build.dockerfile && exists(build.dockerfile) ? [] : [`${name}: no Dockerfile`]),
];

const faultsOfService = (name, { build, environment = {} }, known) => [
  ...faultsOfBuild(name, build),
  ...Object.keys(environment)
    .filter((variable) => !known.has(variable))
    .map((variable) => `${name}: ${variable} is not a setting`),
];

const composeFaults = () => {
  const { services, volumes } = parse(read('docker-compose.yml'), { merge: true });
  const known = variables();
  const missing = [...ours, ...theirs].filter((name) => !(name in services));
  const present = (names) => names.filter((name) => name in services).map((name) => [name, services[name]]);
  return [
    ...missing.map((name) => `service ${name} is missing`),
    ...present(theirs).flatMap(([name, service]) => [
      ...faultsOfImage(name, service),
      ...faultsOfHealth(name, service),
    ]),
    ...present(ours).flatMap(([name, service]) => faultsOfService(name, service, known)),
    ...Object.entries(services).flatMap(([name, service]) => [
      ...faultsOfVolumes(name, service, volumes),
      ...faultsOfDependencies(name, service, services),
    ]),
  ];
};

const dockerfileFaults = () => {
  const text = read('deploy/Dockerfile');
  return [
    ...[...text.matchAll(/^FROM (\S+)/gm)]
      .filter(([, image]) => !/^node:24\.\d+\.\d+-/.test(image))
      .map(([, image]) => `Dockerfile: ${image} is not a full version of Node 24`),
    ...['USER node', 'HEALTHCHECK', 'npm ci --omit=dev']
      .filter((line) => !text.includes(line))
      .map((line) => `Dockerfile: no ${line}`),
  ];
};

const panels = (dashboard) => dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
const namesIn = (query) =>
  [...query.matchAll(/\b((?:handoffrail|nodejs|process)_\w+|up)\b/g)].map(([, name]) => name);

const dashboardFaults = () => {
  const known = allMetrics();
  const isKnown = (name) => known.has(name) || known.has(name.replace(/_(bucket|sum|count)$/, ''));
  return filesBelow('deploy/grafana', '.json').flatMap((path) =>
    panels(JSON.parse(read(path)))
      .flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))
      .flatMap(({ title, expr = '' }) => namesIn(expr).map((name) => ({ title, name })))
      .filter(({ name }) => !isKnown(name))
      .map(({ title, name }) => `${path}: "${title}" asks for ${name}, which nothing counts`),
  );
};

/** What can be said of the deployment without a container engine. */
export const checkDeployment = () => [
  ...composeFaults().map((fault) => `docker-compose.yml: ${fault}`),
  ...dockerfileFaults(),
  ...dashboardFaults(),
];
