import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { connectNats } from '#libs/event-log';
import {
  type Client,
  createClient,
  newApiKey,
  type Rail,
  startRail,
  startServers,
  type TestServers,
} from '#libs/testing';
import { Client as Postgres } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Asker } from './isolation/ask.js';
import { operationsOf } from './isolation/operations.js';
import { requestOf } from './isolation/probes.js';
import { describeJourneys } from './journey.js';
import { startOtlpReceiver } from './otlp.js';
import { findSecrets, type Places } from './secrets/find-secrets.js';
import { type Minted, mintSecrets } from './secrets/minting.js';
import { readStreams, readTables, Wire } from './secrets/places.js';
import { type Receiver, startReceiver } from './webhook-receiver.js';

describe('secrets', () => {
  let servers: TestServers;
  let otlp: Awaited<ReturnType<typeof startOtlpReceiver>>;
  let nats: NatsConnection;
  let wire: Wire;
  let rail: Rail;
  let admin: Client;
  let receivers: Receiver[];
  let minted: Minted;
  const given = {
    HR_BOOTSTRAP_API_KEY: newApiKey(),
    HR_LINK_SECRET: randomBytes(24).toString('base64url'),
    HR_SECRET_KEY: randomBytes(32).toString('base64'),
  };

  beforeAll(async () => {
    [servers, otlp] = await Promise.all([startServers({ postgres: true }), startOtlpReceiver()]);
    nats = await connectNats(servers.natsUrl, 'secrets-test');
    wire = new Wire(nats);
    rail = await startRail({
      services: true,
      key: given.HR_BOOTSTRAP_API_KEY,
      env: {
        ...given,
        NATS_URL: servers.natsUrl,
        DATABASE_URL: servers.databaseUrl,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        HR_LOG_LEVEL: 'trace',
        HR_SIGNUP: 'open',
        HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32',
        HR_WEBHOOK_RETRY_SECONDS: '0',
      },
    });
    admin = createClient(rail.url, rail.key);
    receivers = [await startReceiver(), await startReceiver()];
    receivers[1]!.status = 500;
  });
  afterAll(async () => {
    await admin?.close();
    await rail?.stop();
    receivers?.forEach((receiver) => receiver.stop());
    wire?.stop();
    await nats?.close();
    otlp?.stop();
    await servers?.stop();
  });

  const places = async (): Promise<Places> =>
    new Map([
      ['the logs', [rail.process.output()]],
      ['the traces', otlp.texts],
      ['what passes over NATS', wire.texts],
      ['the errors', minted.errors],
      ['the metrics', [(await admin.get('/metrics')).body as string]],
      ...(await readStreams(nats)),
      ...(await readTables(servers.databaseUrl)),
    ]);
  const secrets = (): string[] => [...minted.secrets, ...Object.values(given)];

  describe('after a whole journey', () => {
    describeJourneys(() => rail);
  });

  test('of every kind are made and used', async () => {
    minted = await mintSecrets(
      rail,
      admin,
      receivers.map(({ url }) => url),
    );
    expect(minted.secrets.size).toBeGreaterThan(15);
    expect(minted.errors.length).toBeGreaterThan(50);
    await vi.waitUntil(() => receivers.every(({ got }) => got.length > 3), { timeout: 20_000 });
    // The last spans leave in batches.
    const seen = otlp.spans.length;
    await vi.waitUntil(() => otlp.spans.length > seen, { timeout: 10_000 }).catch(() => undefined);
  });

  test('are nowhere in logs, traces, errors, metrics, messages or tables', async () => {
    const all = await places();
    for (const [place, texts] of all)
      if (/the (logs|traces)|HR_PACKETS|HR_KEYS/.test(place)) expect(texts, place).not.toEqual([]);
    expect([...all.keys()].filter((place) => place.startsWith('the table')).length).toBeGreaterThan(10);
    expect(findSecrets(all, secrets())).toEqual([]);
  });

  test('are shown by no route a second time', async () => {
    const asker = new Asker(rail.url, rail.key);
    const told: Places = new Map();
    for (const operation of operationsOf((await admin.get('/openapi.json')).body)) {
      if (operation.method !== 'GET' || operation.isPublic || operation.pathKinds.length > 0) continue;
      told.set(operation.name, [(await asker.ask(requestOf(operation, {}))).text]);
    }
    await asker.close();
    expect(told.size).toBeGreaterThan(10);
    expect(findSecrets(told, secrets())).toEqual([]);
  });

  test('are found wherever one is put', async () => {
    const planted = `geheim-${randomBytes(12).toString('base64url')}`;
    const client = createClient(rail.url, rail.key);
    await client.get('packets', { 'x-request-id': planted });
    await client.close();
    await fetch(`${otlp.url}/v1/traces`, {
      method: 'POST',
      body: JSON.stringify({ resourceSpans: [], planted }),
    });
    nats.publish('hr.dead.planted', Buffer.from(planted).toString('base64'));
    const postgres = new Postgres({ connectionString: servers.databaseUrl });
    await postgres.connect();
    await postgres.query('create table public.planted (value text)');
    await postgres.query('insert into public.planted values ($1)', [planted]);
    await postgres.end();
    minted.errors.push(planted);
    const wanted = [
      'the logs',
      'the traces',
      'what passes over NATS',
      'the errors',
      'the stream HR_DEAD_LETTERS',
      'the table public.planted',
    ];
    await vi.waitFor(async () => {
      const found = findSecrets(await places(), [planted]);
      expect(found).toEqual(wanted.map((place) => ({ place, secret: planted })));
    }, 10_000);
  });
});
