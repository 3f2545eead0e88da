import { connectNats, LogUnavailable, provision } from '#libs/event-log';
import { startServers, type TestServers } from '#libs/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acme, endpoint, other } from './hooks.features.js';
import { disable, type Endpoint, HookRegistry } from './index.js';

describe('the webhooks of several processes', () => {
  let servers: TestServers;
  const connections: NatsConnection[] = [];
  let here: HookRegistry;
  let there: HookRegistry;
  const connect = async (): Promise<NatsConnection> => {
    const nats = await connectNats(servers.natsUrl, 'test');
    connections.push(nats);
    return nats;
  };
  beforeAll(async () => {
    servers = await startServers({ durability: 'relaxed' });
    await provision(await connect(), { durability: 'relaxed', replicas: 1 });
    here = await HookRegistry.open(await connect());
    there = await HookRegistry.open(await connect());
  });
  afterAll(async () => {
    here?.close();
    there?.close();
    await Promise.all(connections.map((nats) => nats.close()));
    await servers?.stop();
  });

  it('are known everywhere, and to their tenant only', async () => {
    const one = endpoint({ id: 'one' });
    const two = endpoint({ id: 'two', created_at: one.updated_at, description: 'second' });
    const theirs = endpoint({ id: 'one', tenant_id: other, url: 'https://other.example.com/' });
    for (const each of [two, one, theirs]) expect(await here.create(each)).toBe(true);
    expect(await here.create({ ...one, url: 'https://twice.example.com/' })).toBe(false);
    await there.caughtUp();
    expect(there.list(acme)).toEqual([one, two]);
    expect(there.get(other, 'one')).toEqual(theirs);
    expect(there.get(other, 'two')).toBeUndefined();
    expect([...there.all()]).toHaveLength(3);
    const late = await HookRegistry.open(await connect());
    expect(late.list(acme)).toEqual([one, two]);
    late.close();
  });

  it('have what was stored before the question as soon as they are caught up', async () => {
    for (let round = 0; round < 50; round += 1) {
      const made = endpoint({ id: `round-${round}` });
      await here.create(made);
      await there.caughtUp();
      expect(there.get(acme, made.id)).toEqual(made);
    }
  });

  it('lose no change when several change one at once', async () => {
    await here.create(endpoint({ id: 'counted', after_sequence: 0 }));
    await there.caughtUp();
    const count = (registry: HookRegistry) =>
      registry.change(acme, 'counted', (held) => ({ ...held, after_sequence: held.after_sequence + 1 }));
    await Promise.all([count(here), count(there), count(here)]);
    await there.caughtUp();
    expect(there.get(acme, 'counted')?.after_sequence).toBe(3);
    expect(await here.change(acme, 'none', (held) => held)).toBeNull();
    expect(await here.change(other, 'counted', (held) => ({ ...held, url: 'x' }))).toBeNull();
  });

  it('tell of each change, and get events only while they are active', async () => {
    const told: [Endpoint | undefined, Endpoint | undefined][] = [];
    const stop = there.onChange((after, before) => void told.push([after, before]));
    const made = endpoint({ id: 'told', tenant_id: other });
    await here.create(made);
    const gone = (await here.change(other, 'told', (held) => disable(held, 'gone', held.created_at)))!;
    await there.caughtUp();
    expect(there.active(other).map(({ id }) => id)).toEqual(['one']);
    expect(there.get(other, 'told')).toEqual(gone);
    await here.forget(gone);
    await here.forget(gone);
    await there.caughtUp();
    expect(there.get(other, 'told')).toBeUndefined();
    expect(told).toEqual([
      [made, undefined],
      [gone, made],
      [undefined, gone],
    ]);
    stop();
  });

  it('stay readable while NATS is away, and say so to who writes', async () => {
    const nats = await connect();
    const alone = await HookRegistry.open(nats);
    await nats.close();
    expect(alone.get(acme, 'one')).toBeDefined();
    await expect(alone.caughtUp()).rejects.toThrow(LogUnavailable);
    await expect(alone.create(endpoint({ id: 'late' }))).rejects.toThrow(LogUnavailable);
    alone.close();
  });
});
