import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buckets, packetSubject } from '#libs/contracts';
import { startNats } from '#libs/embedded';
import type { EmbeddedNats } from '#libs/embedded';
import {
  Bucket,
  connectNats,
  consume,
  consumePinned,
  handleCommand,
  PacketLog,
  provision,
  uuidv7,
} from './index.js';
import { claim, create, Heard, newPacketId, packetOf, progress, tenant, until } from './given.features.js';

describe('while the server is away', () => {
  const timeoutMs = 1_000;
  let dataDir: string;
  let server: EmbeddedNats;
  let nats: NatsConnection;
  let log: PacketLog;

  const port = () => Number(new URL(server.url).port);
  const kill = async (): Promise<void> => {
    const pid = server.pid();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await until(() => server.pid() === undefined);
    await server.stop();
  };
  const back = async (): Promise<void> => {
    server = await startNats({ dataDir, durability: 'relaxed', port: port() });
  };
  const untilServed = () =>
    until(() =>
      log.load(tenant, newPacketId()).then(
        () => true,
        () => false,
      ),
    );

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'handoffrail-test-'));
    server = await startNats({ dataDir, durability: 'relaxed' });
    nats = await connectNats(server.url, 'test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    log = new PacketLog(nats, { logger: new Heard(), timeoutMs });
  });
  afterAll(async () => {
    log.close();
    await nats.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('commands fail within their time, and go on by themselves when it is back', async () => {
    const packet_id = newPacketId();
    const creation = create({ packet_id, request_digest: 'd'.repeat(64) });
    await handleCommand(log, creation);
    await kill();
    const asked = Date.now();
    const replies = await Promise.all([
      handleCommand(log, claim({ packet_id })),
      handleCommand(log, create({ packet_id: newPacketId() })),
      handleCommand(log, progress({ packet_id }, 1)),
    ]);
    expect(replies.map((reply) => reply.outcome === 'fault' && reply.code)).toEqual([
      'unavailable',
      'unavailable',
      'unavailable',
    ]);
    expect(Date.now() - asked).toBeLessThan(timeoutMs + 500);
    await back();
    await untilServed();
    expect(packetOf(await handleCommand(log, claim({ packet_id })))).toMatchObject({
      status: 'claimed',
      revision: 2,
    });
    expect(await handleCommand(log, creation)).toMatchObject({ outcome: 'accepted', replayed: true });
    expect(await log.events(tenant, packet_id)).toHaveLength(2);
  });

  it('nothing acknowledged is lost and nothing is written twice, though it dies under load', async () => {
    const acknowledged = new Set<string>();
    let running = true;
    const writers = Array.from({ length: 16 }, async () => {
      while (running) {
        const packet_id = newPacketId();
        const creation = create({ packet_id });
        let reply = await handleCommand(log, creation);
        while (reply.outcome === 'fault' && running) {
          await new Promise((next) => setTimeout(next, 20));
          reply = await handleCommand(log, creation);
        }
        if (reply.outcome === 'accepted') acknowledged.add(packet_id);
      }
    });
    await until(() => acknowledged.size > 200);
    await kill();
    await back();
    const before = acknowledged.size;
    await until(() => acknowledged.size > before + 200);
    running = false;
    await Promise.all(writers);
    const counts = new Map<string, number>();
    for (let page = await log.read(1); ; page = await log.read(page.next)) {
      for (const { event } of page.events)
        counts.set(event.packet_id, (counts.get(event.packet_id) ?? 0) + 1);
      if (page.end) break;
    }
    expect([...acknowledged].filter((id) => counts.get(id) !== 1)).toEqual([]);
  });

  it('consumers wait, and go on where they were', async () => {
    const packet_id = newPacketId();
    const seen: number[] = [];
    const pinned: number[] = [];
    const from = (await log.lastSequence()) + 1;
    const logger = new Heard();
    const running = [
      consume({
        nats,
        logger,
        consumer: `test-${uuidv7()}`,
        filter: packetSubject(tenant, packet_id),
        handler: async ({ event }) => void seen.push(event.revision),
      }),
      consumePinned({
        nats,
        logger,
        consumer: `pin-${uuidv7()}`,
        fromSequence: from,
        handler: async (events) => void pinned.push(...events.map(({ event }) => event.revision)),
      }),
    ];
    await handleCommand(log, create({ packet_id }));
    await until(() => seen.length === 1 && pinned.length === 1);
    await kill();
    await back();
    await untilServed();
    await handleCommand(log, claim({ packet_id }));
    await until(() => seen.includes(2) && pinned.includes(2));
    await Promise.all(running.map((consumption) => consumption.stop()));
  });

  it('buckets stay readable, refuse writes, and catch up', async () => {
    const bucket = await Bucket.open<{ name: string }>(nats, buckets.tenants);
    const revision = await bucket.create('acme', { name: 'Acme' });
    await kill();
    expect(bucket.get('acme')?.value).toEqual({ name: 'Acme' });
    await expect(bucket.update('acme', { name: 'Other' }, revision ?? 0)).rejects.toMatchObject({
      name: 'LogUnavailable',
    });
    await back();
    await untilServed();
    const writer = await Bucket.open<{ name: string }>(nats, buckets.tenants);
    await writer.update('acme', { name: 'Acme & Sons' }, revision ?? 0);
    await until(() => bucket.get('acme')?.value.name === 'Acme & Sons');
    writer.close();
    bucket.close();
  });
});
