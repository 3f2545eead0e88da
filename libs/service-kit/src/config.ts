import { retrySeconds } from '#libs/hooks';
import type { PacketLimits } from '#libs/packet';
import { cleanEnv } from 'envalid';
import { settings } from './all-settings.js';
import type { Described } from './settings.js';

/** The start cannot go on, for a cause outside; the message says in a sentence what to do about it. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

/** A setting has a wrong value. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';
}

const refuse = (name: string, raw: string | undefined): ConfigError => {
  const { expected, secret }: Described = settings[name as keyof typeof settings];
  const got = secret ? 'another value' : `"${raw ?? ''}"`;
  return new ConfigError(`${name} must be ${expected}, but it is ${got}.`);
};

type Env = Readonly<Record<string, string | undefined>>;

const read = (env: Env) => {
  // Compose files and shells hand over empty variables where they mean none.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  return cleanEnv(given, settings, {
    reporter: ({ errors }) => {
      const wrong = Object.keys(errors)[0];
      if (wrong !== undefined) throw refuse(wrong, given[wrong]);
    },
  });
};

/**
 * Reads the environment, once, at the start.
 * @throws ConfigError naming the first variable that has a wrong value.
 */
export const readConfig = (env: Env) => {
  const value = read(env);
  return {
    port: value.PORT,
    host: value.HR_HOST,
    dataDir: value.HR_DATA_DIR,
    natsUrl: value.NATS_URL,
    natsPort: value.HR_NATS_PORT,
    natsIssuerSeed: value.HR_NATS_ISSUER_SEED,
    natsSystemUrl: value.HR_NATS_SYSTEM_URL,
    natsAccount: value.HR_NATS_ACCOUNT,
    databaseUrl: value.DATABASE_URL,
    embeddedPostgres: value.HR_EMBEDDED_POSTGRES,
    bootstrapApiKey: value.HR_BOOTSTRAP_API_KEY,
    signup: value.HR_SIGNUP,
    logLevel: value.HR_LOG_LEVEL,
    durability: value.HR_DURABILITY,
    replicas: value.HR_REPLICAS,
    copies: value.HR_COPIES,
    /** Base of the links that people open, without a slash at the end. */
    publicUrl: value.HR_PUBLIC_URL?.replace(/\/+$/, ''),
    /** Whose pages may call the API; `*` is all. */
    corsOrigins: value.HR_CORS_ORIGINS ?? [],
    linkSecret: value.HR_LINK_SECRET,
    /** 32 bytes. */
    secretKey: value.HR_SECRET_KEY,
    /** Networks that webhooks may call although they are not public. */
    webhookNetworks: value.HR_WEBHOOK_ALLOW_PRIVATE ?? [],
    webhookRetrySeconds: value.HR_WEBHOOK_RETRY_SECONDS ?? retrySeconds,
    healthPort: value.HR_HEALTH_PORT,
    /** Folded packets kept in memory. */
    cachePackets: value.HR_CACHE_PACKETS,
    maxPacketBytes: value.HR_MAX_PACKET_BYTES,
    maxChainDepth: value.HR_MAX_CHAIN_DEPTH,
    maxPathRepeats: value.HR_MAX_PATH_REPEATS,
    presenceSeconds: value.HR_PRESENCE_SECONDS,
    ageingSeconds: value.HR_AGEING_SECONDS,
    commandTimeoutMs: value.HR_COMMAND_TIMEOUT_MS,
    drainMs: value.HR_DRAIN_MS,
    /** Base URL of an OTLP/HTTP collector. */
    otlpEndpoint: value.OTEL_EXPORTER_OTLP_ENDPOINT,
    traceRatio: value.HR_TRACE_RATIO,
  } as const;
};

/** Everything that can be set from outside, typed. */
export type Config = ReturnType<typeof readConfig>;

/** The limits that the domain's rules ask for. */
export const packetLimits = (config: Config): PacketLimits => ({
  max_bytes: config.maxPacketBytes,
  max_chain_depth: config.maxChainDepth,
  max_path_repeats: config.maxPathRepeats,
});

/** The URL of a server that this process cannot go on without. */
export const requireUrl = (config: Config, which: 'natsUrl' | 'databaseUrl', service: string): string => {
  const url = config[which];
  if (url !== undefined) return url;
  const name = which === 'natsUrl' ? 'NATS_URL' : 'DATABASE_URL';
  throw new ConfigError(`${name} must be ${settings[name].expected}: ${service} started alone needs it.`);
};

/** The settings as a Markdown table, for the docs. */
export const renderConfigTable = (): string => {
  const row = ([name, { desc, expected, shown, default: value }]: [
    string,
    Described & { default?: unknown },
  ]) => `| \`${name}\` | ${shown ?? `\`${String(value)}\``} | ${expected} | ${desc} |`;
  return [
    '| variable | default | value | meaning |',
    '|---|---|---|---|',
    ...Object.entries(settings).map(row),
  ]
    .join('\n')
    .concat('\n');
};
