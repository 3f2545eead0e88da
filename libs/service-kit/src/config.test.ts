import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, renderConfigTable, requireUrl } from './config.js';

const key = `hr_${'aB3_-'.repeat(8)}xyz`;

describe('readConfig', () => {
  it('has a default for everything that an embedded rail needs', () => {
    expect(readConfig({})).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: '.data',
      natsUrl: undefined,
      durability: 'strict',
      logLevel: 'info',
      maxPacketBytes: 1_048_576,
      maxChainDepth: 32,
      traceRatio: 1,
    });
  });

  it('takes an empty variable as one that is not set', () => {
    expect(readConfig({ PORT: '', NATS_URL: ' ' })).toMatchObject({ port: 8080, natsUrl: undefined });
  });

  it('reads what is given', () => {
    const config = readConfig({
      PORT: '9090',
      NATS_URL: 'nats://a:4222,tls://b:4222',
      DATABASE_URL: 'postgres://u:p@db/rail',
      HR_BOOTSTRAP_API_KEY: key,
      HR_DURABILITY: 'relaxed',
      HR_TRACE_RATIO: '0.1',
      HR_REPLICAS: '3',
    });
    expect(config).toMatchObject({
      port: 9090,
      natsUrl: 'nats://a:4222,tls://b:4222',
      bootstrapApiKey: key,
      durability: 'relaxed',
      traceRatio: 0.1,
      replicas: 3,
    });
  });

  it.each([
    ['PORT', 'http', 'PORT must be a port from 1 to 65535, but it is "http".'],
    ['PORT', '70000', 'PORT must be a port from 1 to 65535, but it is "70000".'],
    ['HR_DURABILITY', 'Strict', 'HR_DURABILITY must be "strict" or "relaxed", but it is "Strict".'],
    ['HR_TRACE_RATIO', '10%', 'HR_TRACE_RATIO must be a number from 0 to 1, but it is "10%".'],
    ['HR_REPLICAS', '2', 'HR_REPLICAS must be 1, 3 or 5, but it is "2".'],
    ['HR_LOG_LEVEL', 'loud', /^HR_LOG_LEVEL must be one of fatal, error/],
    ['NATS_URL', 'nats://a,http://b', /^NATS_URL must be one or more nats:\/\/ or tls:\/\/ URLs/],
    ['DATABASE_URL', 'mysql://u:secret@db/x', /^DATABASE_URL must be a postgres/],
    ['HR_BOOTSTRAP_API_KEY', 'hr_short', /^HR_BOOTSTRAP_API_KEY must be "hr_" and 43 characters/],
    ['HR_CORS_ORIGINS', 'https://a.example/', /^HR_CORS_ORIGINS must be origins such as/],
    ['HR_CORS_ORIGINS', 'https://a.example, *', /^HR_CORS_ORIGINS must be origins such as/],
    ['HR_CORS_ORIGINS', 'app.example.com', /^HR_CORS_ORIGINS must be origins such as/],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318', /^OTEL_EXPORTER_OTLP_ENDPOINT must be an http/],
  ])('refuses %s=%s in one sentence that names it', (name, value, sentence) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(sentence);
  });

  it.each([
    ['DATABASE_URL', 'mysql://u:secret@db/x'],
    ['HR_BOOTSTRAP_API_KEY', 'hr_secret'],
  ])('never prints the value of %s', (name, value) => {
    expect(() => readConfig({ [name]: value })).not.toThrow(/secret/);
  });
});

describe('requireUrl', () => {
  it('names the variable that a service started alone needs', () => {
    expect(() => requireUrl(readConfig({}), 'natsUrl', 'claiming')).toThrow(/^NATS_URL must be .*claiming/);
  });
});

describe('renderConfigTable', () => {
  it('has a row for each variable, without undefined', () => {
    const table = renderConfigTable();
    expect(table).toContain('| `PORT` | `8080` | a port from 1 to 65535 | Port of the HTTP API. |');
    expect(table).toContain('| `NATS_URL` | embedded server |');
    expect(table).not.toContain('undefined');
  });
});
