import { parseNetworks, parseRetrySeconds, parseSecretKey, retrySeconds } from '#libs/hooks';
import {
  apiKey,
  corsOrigins,
  issuerSeed,
  linkSecret,
  natsUrls,
  nonEmpty,
  port,
  ratio,
  replicas,
} from './setting-forms.js';
import { oneOf, optional, setting, urlOf, wholeNumber } from './settings.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const durabilities = ['strict', 'relaxed'] as const;
const engines = ['auto', 'native', 'pglite'] as const;

/** Every variable that HandoffRail reads. The table in the docs is made from here. */
export const settings = {
  PORT: setting('a port from 1 to 65535', port, { default: 8080, desc: 'Port of the HTTP API.' }),
  HR_HOST: setting('a host name or address', nonEmpty, {
    default: '127.0.0.1',
    desc: 'Interface that the HTTP API listens on; `0.0.0.0` for all.',
  }),
  HR_DATA_DIR: setting('a folder', nonEmpty, {
    default: '.data',
    desc: 'Where the embedded NATS and Postgres keep their data.',
  }),
  NATS_URL: optional('one or more nats:// or tls:// URLs, separated by commas', natsUrls, {
    desc: 'NATS servers with JetStream, 2.12 or newer. Left out, `npm start` runs its own.',
    secret: true,
    shown: 'embedded server',
  }),
  HR_NATS_PORT: optional('a port from 1 to 65535', port, {
    desc: 'Port of the embedded NATS, on 127.0.0.1: where agents on this machine connect.',
    shown: 'a free one',
  }),
  HR_NATS_ISSUER_SEED: optional('an account seed of nkeys, which begins with SA', issuerSeed, {
    desc: 'Lets agents connect to NATS with their API keys: the gateway answers the auth callout of the servers, and signs with this seed. Needs HR_NATS_SYSTEM_URL.',
    secret: true,
    shown: "the embedded server's",
  }),
  HR_NATS_SYSTEM_URL: optional('one or more nats:// or tls:// URLs, separated by commas', natsUrls, {
    desc: 'The same servers as a user of their system account: the gateway ends the connections of keys that were revoked. Needs HR_NATS_ISSUER_SEED.',
    secret: true,
    shown: "the embedded server's",
  }),
  HR_NATS_ACCOUNT: setting('the name of an account', nonEmpty, {
    default: '$G',
    desc: 'The account of the NATS servers in which the services are, and agents are put.',
  }),
  DATABASE_URL: optional('a postgres:// or postgresql:// URL', urlOf('postgres:', 'postgresql:'), {
    desc: 'Postgres database of the read models. Left out, `npm start` runs its own.',
    secret: true,
    shown: 'embedded server',
  }),
  // Read by libs/embedded where it searches; here for the table, and to be refused early.
  HR_NATS_SERVER: optional('the path of a nats-server program', nonEmpty, {
    desc: 'The program to run as embedded NATS, instead of searching for one.',
    shown: 'searched for',
  }),
  HR_EMBEDDED_POSTGRES: setting('"auto", "native" or "pglite"', oneOf(engines), {
    default: 'auto',
    desc: 'The embedded Postgres: the native server, PGlite (slower), or native where it runs.',
  }),
  HR_BOOTSTRAP_API_KEY: optional('"hr_" and 43 characters of A-Z, a-z, 0-9, "_" or "-"', apiKey, {
    desc: 'The first admin key. Left out, one is made at the first start and printed once.',
    secret: true,
    shown: 'made at the first start',
  }),
  HR_SIGNUP: setting('"open" or "closed"', oneOf(['open', 'closed'] as const), {
    default: 'closed',
    desc: '`open`: anybody who reaches the HTTP API may make a tenant of tier `free`.',
  }),
  HR_LOG_LEVEL: setting(`one of ${logLevels.join(', ')}`, oneOf(logLevels), {
    default: 'info',
    desc: 'Least severe log line that is written.',
  }),
  HR_DURABILITY: setting('"strict" or "relaxed"', oneOf(durabilities), {
    default: 'strict',
    desc: '`strict`: an answer 2xx means that the event is on disk. `relaxed`: it is in the memory of the operating system, and a power cut can lose the last moments.',
  }),
  HR_REPLICAS: setting('1, 3 or 5', replicas, {
    default: 1,
    desc: 'Copies of the log in a NATS cluster.',
  }),
  HR_COPIES: setting('a whole number from 1 to 32', wholeNumber(1, 32), {
    default: 1,
    desc: 'Processes of ingestion and of claiming that `npm run start:services` starts.',
  }),
  HR_PUBLIC_URL: optional('an http:// or https:// URL', urlOf('http:', 'https:'), {
    desc: 'Where people reach the HTTP API: the base of the links in mail and chat. Left out, it is the address that the request for a link came to.',
    shown: 'from the request',
  }),
  HR_CORS_ORIGINS: optional(
    'origins such as `https://app.example.com,http://localhost:3000`, or `*`',
    corsOrigins,
    {
      desc: 'Origins whose pages may call the HTTP API from a browser, with an API key: [in a browser](sdk.md#in-a-browser).',
      shown: 'none',
    },
  ),
  HR_LINK_SECRET: optional('32 to 512 characters', linkSecret, {
    desc: 'Signs the one-time links of approvals; another secret makes all open links void.',
    secret: true,
    shown: 'made at the first start',
  }),
  HR_SECRET_KEY: optional('32 bytes in base64', parseSecretKey, {
    desc: 'Seals the secrets of webhooks where they are stored. Services that do not share a data folder need the same one.',
    secret: true,
    shown: '`secret.key` in the data folder',
  }),
  HR_WEBHOOK_ALLOW_PRIVATE: optional('networks such as `127.0.0.1/32,10.1.0.0/16`', parseNetworks, {
    desc: 'Networks that webhooks may call although they are not public.',
    shown: 'none',
  }),
  HR_WEBHOOK_RETRY_SECONDS: optional('1 to 20 numbers of seconds, such as `1,5,30`', parseRetrySeconds, {
    desc: 'Waits before the second, third, … attempt to deliver to a webhook; after the last of them it is a dead letter.',
    shown: `\`${retrySeconds.join()}\``,
  }),
  HR_HEALTH_PORT: optional('a port from 1 to 65535', port, {
    desc: '`/health`, `/ready` and `/metrics` of a service that has no HTTP API of its own.',
    shown: 'off',
  }),
  HR_CACHE_PACKETS: setting('a whole number from 0 to 1000000', wholeNumber(0, 1_000_000), {
    default: 10_000,
    desc: 'Folded packets that each process keeps in memory, within 32 MiB.',
  }),
  HR_MAX_PACKET_BYTES: setting('a whole number from 1024 to 1048576', wholeNumber(1_024, 1_048_576), {
    default: 1_048_576,
    desc: 'Largest request body and largest packet, in bytes.',
  }),
  HR_MAX_CHAIN_DEPTH: setting('a whole number from 1 to 1000', wholeNumber(1, 1_000), {
    default: 32,
    desc: 'Longest chain of packets.',
  }),
  HR_MAX_PATH_REPEATS: setting('a whole number from 1 to 1000', wholeNumber(1, 1_000), {
    default: 3,
    desc: 'How often one agent may stand in a chain before a person is asked.',
  }),
  HR_PRESENCE_SECONDS: setting('a whole number from 1 to 86400', wholeNumber(1, 86_400), {
    default: 60,
    desc: 'How long an agent counts as present after it was last heard of.',
  }),
  HR_AGEING_SECONDS: setting('a whole number from 1 to 86400', wholeNumber(1, 86_400), {
    default: 600,
    desc: 'A packet that waits to be claimed gains one priority level each time this long has passed.',
  }),
  HR_COMMAND_TIMEOUT_MS: setting('a whole number from 100 to 60000', wholeNumber(100, 60_000), {
    default: 3_000,
    desc: 'How long the gateway waits for the answer of a service, in milliseconds.',
  }),
  HR_DRAIN_MS: setting('a whole number from 0 to 300000', wholeNumber(0, 300_000), {
    default: 10_000,
    desc: 'How long a stopping process may finish what is in flight, in milliseconds.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional('an http:// or https:// URL', urlOf('http:', 'https:'), {
    desc: 'OpenTelemetry collector (OTLP over HTTP) that traces are sent to.',
    shown: 'off',
  }),
  HR_TRACE_RATIO: setting('a number from 0 to 1', ratio, {
    default: 1,
    desc: 'Share of new traces that is recorded; a request that brings a trace keeps its decision.',
  }),
};
