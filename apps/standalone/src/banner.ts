import { resolve } from 'node:path';
import type { Config } from '#libs/service-kit';
import type { Servers } from './servers.js';

export interface BannerFacts {
  config: Config;
  servers: Servers;
  /** The admin key, when it has just been made: it is shown this once. */
  newKey: string | null;
  /** Milliseconds from the start of the process. */
  startedInMs: number;
}

const durabilityNotes = {
  strict: 'strict: an answer 2xx means that it is on disk',
  relaxed: 'relaxed: a power cut can lose the last moments',
} as const;

const keyLines = (key: string | null, url: string, config: Config): string[] => {
  if (key !== null)
    return [
      '  Admin key, shown only now:',
      '',
      `    ${key}`,
      '',
      `  Try it:  curl -H 'X-API-Key: ${key}' ${url}/api/v1/packets`,
    ];
  const where =
    config.bootstrapApiKey === undefined ? 'was shown at the first start' : 'is the HR_BOOTSTRAP_API_KEY';
  return [`  The admin key ${where}.`, `  Try it:  curl -H "X-API-Key: $KEY" ${url}/api/v1/packets`];
};

/** Where a person reaches the API: an address that listens everywhere is reached on this machine too. */
export const baseUrl = ({ host, port }: Pick<Config, 'host' | 'port'>): string => {
  const reached = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
};

/** Where agents connect to NATS; without the credentials that we connect with. */
const agentsLine = ({ natsIssuerSeed }: Config, { nats }: Servers): string => {
  if (nats.issuerSeed === undefined && natsIssuerSeed === undefined) return 'over HTTP only';
  return `${nats.url.replaceAll(/[^/,@]*@/g, '')} with their API keys as tokens`;
};

/** What is printed when everything runs. */
export const banner = ({ config, servers, newKey, startedInMs }: BannerFacts): string => {
  const url = baseUrl(config);
  return [
    '',
    `  HandoffRail is ready (${(startedInMs / 1_000).toFixed(1)} s)`,
    '',
    `  API       ${url}/api/v1`,
    `  Explorer  ${url}/docs`,
    `  Data      ${resolve(config.dataDir)}`,
    `  NATS      ${servers.nats.source}`,
    `  Agents    ${agentsLine(config, servers)}`,
    `  Postgres  ${servers.postgres.source}`,
    `  Durable   ${durabilityNotes[config.durability]}`,
    '',
    ...keyLines(newKey, url, config),
    '',
    '  Ctrl-C stops it.',
    '',
  ].join('\n');
};
