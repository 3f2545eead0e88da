import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buckets } from '#libs/contracts';
import { startNats } from '#libs/embedded';
import type { EmbeddedNats } from '#libs/embedded';
import { instantAt } from '#libs/packet';
import {
  chain,
  claim,
  complete,
  create,
  Heard,
  newPacketId,
  progress,
  tenant,
  until,
} from './given.features.js';
import { Bucket, connectNats, handleCommand, PacketLog, provision } from './index.js';

describe('a log whose server fails it', () => {
  const timeoutMs = 500;
  let dataDir: string;
  let server: EmbeddedNats;
  let nats: NatsConnection;
  let log: PacketLog;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'handoffrail-test-'));
    server = await startNats({ dataDir: join(dataDir, 'now'), durability: 'relaxed' });
    nats = await connectNats(server.url, 'test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    log = new PacketLog(nats, { logger: new Heard(), timeoutMs });
  });
  afterEach(async () => {
    log.close();
    await nats.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const created = async () => {
    const packet_id = newPacketId();
    await handleCommand(log, create({ packet_id }));
    return packet_id;
  };
  const isServed = (): Promise<boolean> =>
    log.lastSequence().then(
      () => true,
      () => false,
    );
  // The signal takes effect a moment after it is sent.
  const stall = async (pid: number): Promise<void> => {
    process.kill(pid, 'SIGSTOP');
    await until(async () => !(await isServed()));
  };
  const again = async (from: string): Promise<void> => {
    const port = Number(new URL(server.url).port);
    server = await startNats({ dataDir: join(dataDir, from), durability: 'relaxed', port });
    await until(isServed);
  };

  it('goes by what the server has when that comes back without its last events', async () => {
    const packet_id = await created();
    await server.stop();
    await cp(join(dataDir, 'now'), join(dataDir, 'before'), { recursive: true });
    await again('now');
    await handleCommand(log, claim({ packet_id }));
    await server.stop();
    await again('before');
    expect((await log.load(tenant, packet_id)).packet.status).toBe('created');
    await handleCommand(log, claim({ packet_id }));
    expect(await handleCommand(log, complete({ packet_id }))).toMatchObject({
      outcome: 'accepted',
      packet: { status: 'completed', revision: 3 },
    });
  });

  it('counts the packets of a day by what the server has when that comes back', async () => {
    const made = () => handleCommand(log, create({ packet_id: newPacketId(), packets_per_day: 4 }));
    const used = async () => (await log.quotas.use(tenant, instantAt(Date.now()))).used;
    for (let nth = 0; nth < 2; nth += 1) await made();
    await server.stop();
    await cp(join(dataDir, 'now'), join(dataDir, 'before'), { recursive: true });
    await again('now');
    for (let nth = 0; nth < 2; nth += 1) expect(await made()).toMatchObject({ outcome: 'accepted' });
    expect(await made()).toMatchObject({ rejection: { code: 'daily_limit_reached' } });
    await server.stop();
    expect(await made()).toMatchObject({ outcome: 'fault', code: 'unavailable' });
    await again('before');
    // The packets are gone, and with them what they took.
    expect(await used()).toBe(2);
    for (let nth = 0; nth < 2; nth += 1) expect(await made()).toMatchObject({ outcome: 'accepted' });
    expect(await made()).toMatchObject({ rejection: { code: 'daily_limit_reached', used: 4 } });
  });

  it('compares a bucket with what the server has when that comes back', async () => {
    const keys = await Bucket.open<string>(nats, buckets.keys);
    const revision = (await keys.create('live', 'as saved')) ?? 0;
    await keys.create('kept', 'kept');
    await server.stop();
    await cp(join(dataDir, 'now'), join(dataDir, 'before'), { recursive: true });
    await again('now');
    await keys.update('live', 'lost', revision);
    await keys.create('lost', 'lost');
    const told: string[] = [];
    keys.onChange((key, entry) => told.push(`${key}: ${entry?.value}`));
    await server.stop();
    await again('before');
    await until(() => keys.get('lost') === undefined);
    expect(keys.get('live')).toEqual({ value: 'as saved', revision });
    expect(told.sort()).toEqual(['live: as saved', 'lost: undefined']);
    const writer = await Bucket.open<string>(nats, buckets.keys);
    await writer.update('live', 'revoked', revision);
    await until(() => keys.get('live')?.value === 'revoked', 1_000);
    for (const bucket of [keys, writer]) bucket.close();
  });

  it('keeps nothing of a refused command for later', async () => {
    const packet_id = await created();
    await server.stop();
    await until(async () => !(await isServed()));
    const sent = nats.stats().outMsgs;
    for (let n = 0; n < 20; n += 1) {
      const reply = await handleCommand(log, chain({ packet_id }, newPacketId()));
      expect(reply).toMatchObject({ outcome: 'fault', code: 'unavailable' });
    }
    expect(nats.stats().outMsgs).toBe(sent);
  });

  it('answers all writers within two timeouts when the server stalls', async () => {
    const pid = server.pid() ?? 0;
    await stall(pid);
    try {
      const asked = Date.now();
      // Too few to share a sync, too many to be on their way all at once.
      const replies = await Promise.all(
        Array.from({ length: 11 }, () => handleCommand(log, create({ packet_id: newPacketId() }))),
      );
      expect(new Set(replies.map(({ outcome }) => outcome))).toEqual(new Set(['fault']));
      expect(Date.now() - asked).toBeLessThan(2.5 * timeoutMs);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('answers all who make packets for a limited tenant within two timeouts when the server stalls', async () => {
    const pid = server.pid() ?? 0;
    await stall(pid);
    try {
      const asked = Date.now();
      const replies = await Promise.all(
        Array.from({ length: 80 }, () =>
          handleCommand(log, create({ packet_id: newPacketId(), packets_per_day: 100 })),
        ),
      );
      expect(new Set(replies.map(({ outcome }) => outcome))).toEqual(new Set(['fault']));
      expect(Date.now() - asked).toBeLessThan(2.5 * timeoutMs);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('answers all commands of one packet within two timeouts when the server stalls', async () => {
    const packet_id = await created();
    await handleCommand(log, claim({ packet_id }));
    const pid = server.pid() ?? 0;
    await stall(pid);
    try {
      const asked = Date.now();
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, n) => handleCommand(log, progress({ packet_id }, n))),
      );
      expect(new Set(replies.map(({ outcome }) => outcome))).toEqual(new Set(['fault']));
      expect(Date.now() - asked).toBeLessThan(2.5 * timeoutMs);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });
});
