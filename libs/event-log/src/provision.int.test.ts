import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { buckets, streams } from '#libs/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startServers } from '#libs/testing';
import type { TestServers } from '#libs/testing';
import { connectNats, provision, ProvisionRefused, verifyProvisioned } from './index.js';

const strict = { durability: 'strict', replicas: 1 } as const;

describe('provisioning', () => {
  let servers: TestServers;
  let nats: NatsConnection;
  let jsm: JetStreamManager;

  beforeAll(async () => {
    servers = await startServers({ durability: 'relaxed' });
    nats = await connectNats(servers.natsUrl, 'test');
    jsm = await jetstreamManager(nats);
  });
  afterEach(async () => {
    for await (const { config } of jsm.streams.list()) await jsm.streams.delete(config.name);
  });
  afterAll(async () => {
    await nats.close();
    await servers.stop();
  });

  const configs = async () => {
    const found = [];
    for await (const { config } of jsm.streams.list()) found.push(config);
    return found.sort((a, b) => a.name.localeCompare(b.name));
  };

  it('makes the streams and buckets, and changes nothing the second time', async () => {
    await provision(nats, strict);
    const first = await configs();
    const bucketStreams = Object.values(buckets).map((name) => `KV_${name}`);
    const names = [...Object.values(streams), ...bucketStreams];
    expect(first.map(({ name }) => name)).toEqual(names.sort((a, b) => a.localeCompare(b)));
    expect(first.find(({ name }) => name === streams.packets)).toMatchObject({
      subjects: ['hr.packets.>'],
      storage: 'file',
      compression: 's2',
      allow_direct: true,
      allow_atomic: true,
      max_age: 0,
      discard: 'new',
    });
    await provision(nats, strict);
    expect(await configs()).toEqual(first);
  });

  it('lets the buckets of a release before take batches', async () => {
    await provision(nats, strict);
    const name = `KV_${buckets.keys}`;
    await jsm.streams.update(name, { allow_atomic: false });
    await provision(nats, strict);
    expect((await jsm.streams.info(name)).config.allow_atomic).toBe(true);
  });

  it('brings back what was changed, and leaves what is the operator’s', async () => {
    await provision(nats, strict);
    await jsm.streams.update('HR_PACKETS', {
      duplicate_window: 60e9,
      max_msg_size: 1_000_000,
      metadata: { team: 'x' },
    });
    await provision(nats, { ...strict, durability: 'relaxed' });
    const { config } = await jsm.streams.info('HR_PACKETS');
    expect(config).toMatchObject({ duplicate_window: 5e9, max_msg_size: 1_000_000 });
    expect(config.metadata).toMatchObject({ team: 'x', 'handoffrail.durability': 'relaxed' });
  });

  it('refuses a change that would lose writers or messages, and makes none', async () => {
    await jsm.streams.add({ name: 'HR_PACKETS', subjects: ['hr.packets.>', 'old.packets.>'] });
    const before = await jsm.streams.info('HR_PACKETS');
    await expect(provision(nats, strict)).rejects.toThrow(/old\.packets\.> would be removed/);
    expect((await jsm.streams.info('HR_PACKETS')).config).toEqual(before.config);
  });

  it.each([
    ['retention', { retention: RetentionPolicy.Interest }],
    ['storage', { storage: StorageType.Memory }],
  ])('refuses to change the %s', async (what, setting) => {
    await jsm.streams.add({ name: 'HR_PACKETS', subjects: ['hr.packets.>'], ...setting });
    await expect(provision(nats, strict)).rejects.toThrow(new RegExp(`${what} would change`));
  });

  it('makes presence anew where it cannot be changed: it comes again by itself', async () => {
    const subjects = [`$KV.${buckets.presence}.>`];
    await jsm.streams.add({ name: `KV_${buckets.presence}`, subjects, storage: StorageType.Memory });
    await provision(nats, strict);
    const { config } = await jsm.streams.info(`KV_${buckets.presence}`);
    expect(config).toMatchObject({ storage: 'file', persist_mode: 'async', max_age: 86_400e9 });
  });

  it('is waited for by those who do not own it', async () => {
    await expect(verifyProvisioned(nats, { waitMs: 150 })).rejects.toBeInstanceOf(ProvisionRefused);
    const waiting = verifyProvisioned(nats, { waitMs: 10_000 });
    await provision(nats, strict);
    await expect(waiting).resolves.toBeUndefined();
  });
});

describe('connecting', () => {
  it('refuses a server that is too old, and says what to do', async () => {
    const info = { server_id: 'x', version: '2.10.27', proto: 1, max_payload: 1_048_576, headers: true };
    const old = createServer((socket) => {
      socket.write(`INFO ${JSON.stringify(info)}\r\n`);
      socket.on('data', (data) => data.includes('PING') && socket.write('PONG\r\n'));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((listening) => old.listen(0, '127.0.0.1', listening));
    const { port } = old.address() as AddressInfo;
    await expect(connectNats(`nats://127.0.0.1:${port}`, 'test')).rejects.toThrow(/2\.10\.27.*needs 2\.12/);
    old.close();
  });
});
