import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buckets } from '#libs/contracts';
import { type EmbeddedNats, startNats } from '#libs/embedded';
import { connectNats, LogUnavailable, provision } from '#libs/event-log';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acme, quiet, until } from './agents.features.js';
import { AgentRegistry, Edges } from './index.js';

describe('while NATS is away', () => {
  let dataDir: string;
  let server: EmbeddedNats;
  let nats: NatsConnection;
  let agents: AgentRegistry;
  let edges: Edges;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'handoffrail-test-'));
    server = await startNats({ dataDir, durability: 'strict' });
    nats = await connectNats(server.url, 'test');
    await provision(nats, { durability: 'strict', replicas: 1 });
    agents = await AgentRegistry.open(nats, { logger: quiet });
    edges = await Edges.open(nats);
  });
  afterAll(async () => {
    agents.close();
    edges.close();
    await nats.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('what is known can be read, writes fail in time, and all is there when it is back', async () => {
    const port = Number(new URL(server.url).port);
    await agents.put(acme, 'stays', { name: 'Stays', capabilities: ['x'] });
    await agents.put(acme, 'goes', { name: 'Goes', capabilities: [] });
    await edges.put(acme, [{ from: 'stays', to: 'goes' }]);
    await server.stop();
    expect(agents.list(acme, { capabilities: ['x'] })).toHaveLength(1);
    expect(agents.isPresent(acme, 'stays')).toBe(true);
    expect(edges.allows(acme, 'goes', 'stays')).toBe(false);
    const writes = [
      agents.put(acme, 'late', { name: 'x', capabilities: [] }),
      agents.remove(acme, 'goes'),
      edges.put(acme, null),
    ];
    for (const write of await Promise.allSettled(writes))
      expect(write).toMatchObject({ status: 'rejected', reason: expect.any(LogUnavailable) });
    server = await startNats({ dataDir, durability: 'strict', port });
    const back = () =>
      agents.remove(acme, 'goes').then(
        () => true,
        () => false,
      );
    await expect.poll(back, { timeout: 10_000 }).toBe(true);
    await until(() => agents.isPresent(acme, 'stays') && agents.get(acme, 'goes') === undefined);
    const late = await AgentRegistry.open(nats, { logger: quiet });
    expect(late.list(acme).map(({ id }) => id)).toEqual(['stays']);
    expect(late.presence(acme, 'stays')).toEqual(agents.presence(acme, 'stays'));
    late.close();
    expect(edges.allows(acme, 'goes', 'stays')).toBe(false);
  });

  it('presence that is made anew comes again with the next heartbeat', async () => {
    const jsm = await jetstreamManager(nats);
    const { config } = await jsm.streams.info(`KV_${buckets.presence}`);
    await jsm.streams.update(config.name, { ...config, max_msgs_per_subject: 2 });
    await provision(nats, { durability: 'strict', replicas: 1 });
    const late = await AgentRegistry.open(nats, { logger: quiet });
    expect(late.isPresent(acme, 'stays')).toBe(false);
    const { seen_at } = (await late.heartbeat(acme, 'stays'))!;
    await until(() => agents.presence(acme, 'stays')?.seen_at === seen_at, 30_000);
    late.close();
  }, 60_000);
});
