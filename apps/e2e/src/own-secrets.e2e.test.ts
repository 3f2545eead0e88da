import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentInboxOf, agentRequestSubject } from '#libs/contracts';
import { connectNats } from '#libs/event-log';
import { type Client, createClient, freePort, newApiKey, type Rail, startRail } from '#libs/testing';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findSecrets, type Places } from './secrets/find-secrets.js';
import { readLogFiles, readStreams } from './secrets/places.js';

describe('secrets of a rail on servers of its own', () => {
  let dataDir: string;
  let rail: Rail;
  let admin: Client;
  let natsPort: number;
  const secrets = new Set<string>();

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'handoffrail-secrets-'));
    natsPort = await freePort();
    rail = await startRail({ dataDir, env: { HR_NATS_PORT: String(natsPort), HR_LOG_LEVEL: 'trace' } });
    admin = createClient(rail.url, rail.key);
    secrets.add(rail.key);
  });
  afterAll(async () => {
    await admin?.close();
    await rail?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const secretFiles = (): string[] =>
    readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:secret|seed|key)$/.test(name),
    );
  const places = async (): Promise<Places> => {
    const password = readFileSync(join(dataDir, 'nats/nats.secret'), 'utf8').trim();
    const nats = await connectNats(`nats://handoffrail:${password}@127.0.0.1:${natsPort}`, 'secrets-test');
    const streams = await readStreams(nats);
    await nats.close();
    // What the deployment keeps to itself is kept there on purpose; only the services can read it.
    streams.delete('the stream KV_HR_SECRETS');
    return new Map([['the logs', [rail.process.output()]], ...readLogFiles(dataDir), ...streams]);
  };

  const use = async ({ id, key, tenant_id }: { id: string; key: string; tenant_id: string }) => {
    const servers = `127.0.0.1:${natsPort}`;
    const nats = await connect({ servers, token: key, inboxPrefix: agentInboxOf(id), reconnect: false });
    const subject = agentRequestSubject({ tenant: tenant_id, keyId: id, operation: 'list' });
    expect((await nats.request(subject, '')).headers?.get('HandoffRail-Status')).toBe('200');
    // What it may not do is noted by the server.
    nats.publish('hr.packets.default.x', key);
    nats.subscribe('hr.packets.>', { callback: () => undefined });
    await nats.flush();
    return nats;
  };
  const refuse = async (access: object): Promise<void> => {
    const servers = `127.0.0.1:${natsPort}`;
    await expect(connect({ servers, reconnect: false, ...access })).rejects.toThrow(/authorization/i);
  };

  test('agents come and go on NATS, with keys that work, that are over and that never were', async () => {
    const made = (await admin.post('keys', { name: 'agent', role: 'writer' })).body;
    secrets.add(made.key);
    const nats = await use(made);
    await admin.send('DELETE', `keys/${made.id}`);
    await nats.closed();
    const wrong = [newApiKey(), `wrong-${randomBytes(12).toString('base64url')}`];
    for (const token of [made.key, ...wrong]) {
      secrets.add(token);
      await refuse({ token });
    }
    const pass = randomBytes(12).toString('base64url');
    secrets.add(pass);
    await refuse({ user: 'handoffrail', pass });
  });

  test('are in none of its logs and messages: keys, passwords, seeds', async () => {
    const files = secretFiles();
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) secrets.add(readFileSync(join(dataDir, file), 'utf8').trim());
    const all = await places();
    const natsLog = [...all].find(([place]) => place.includes('nats.log'));
    expect(natsLog?.[1].join('')).toMatch(/violation/i);
    expect(findSecrets(all, secrets)).toEqual([]);
  });

  test('are found when one is there', async () => {
    const planted = `geheim-${randomBytes(12).toString('base64url')}`;
    await admin.get('packets', { 'x-request-id': planted });
    await vi.waitFor(async () => {
      expect(findSecrets(await places(), [planted])).toEqual([{ place: 'the logs', secret: planted }]);
    }, 10_000);
  });
});
