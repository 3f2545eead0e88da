import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer } from '#libs/embedded';
import { agentRequestSubject } from '#libs/contracts';
import { readConfig } from '#libs/service-kit';
import { freePort, smallPacket } from '#libs/testing';
import { createAccount } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { doorKeysOf } from './agents-door.js';
import { makeKey } from './nats.features.js';

const withoutDoor = { HR_NATS_ISSUER_SEED: '', HR_NATS_SYSTEM_URL: '' };

/** A server that lets anybody in, as set-ups of before have it. */
const startOpenServer = async () => {
  const folder = await mkdtemp(join(tmpdir(), `handoffrail-test-${process.pid}-`));
  const port = await freePort();
  const { path } = await findNatsServer();
  const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder];
  const child = spawn(path, args, { stdio: 'ignore' });
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `nats://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, stop };
};

describe('a NATS server without auth callout', () => {
  it('carries the rail as before, and nobody is believed to be an agent for the subject', async () => {
    const server = await startOpenServer();
    let gateway: TestGateway | undefined;
    try {
      gateway = await startTestGateway({ NATS_URL: server.url, ...withoutDoor });
      const admin = gateway.client();
      expect((await admin.post('packets', smallPacket())).status).toBe(201);
      const { id: keyId, tenant_id: tenant } = await makeKey(admin, { name: 'a', role: 'writer' });
      const anybody = await connect({ servers: server.host });
      const subject = agentRequestSubject({ tenant, keyId, operation: 'list' });
      await expect(anybody.request(subject, '', { timeout: 1_000 })).rejects.toThrow(/no responders/i);
      await anybody.close();
    } finally {
      await gateway?.stop();
      await server.stop();
    }
  });

  it('needs both settings, or neither', () => {
    const keys = (env: Record<string, string>) => doorKeysOf(readConfig(env));
    const both = {
      HR_NATS_ISSUER_SEED: Buffer.from(createAccount().getSeed()).toString(),
      HR_NATS_SYSTEM_URL: 'nats://system:secret@localhost',
    };
    expect(keys(both)).toMatchObject({ systemUrl: both.HR_NATS_SYSTEM_URL });
    expect(keys(withoutDoor)).toBeUndefined();
    expect(() => keys({ ...both, HR_NATS_SYSTEM_URL: '' })).toThrow(/HR_NATS_SYSTEM_URL, or neither/);
    expect(() => keys({ ...both, HR_NATS_ISSUER_SEED: '' })).toThrow(/both HR_NATS_ISSUER_SEED/);
    expect(() => keys({ ...both, HR_NATS_ISSUER_SEED: 'SUAB' })).toThrow(/HR_NATS_ISSUER_SEED must be/);
  });
});
