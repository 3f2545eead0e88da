import { setTimeout as delay } from 'node:timers/promises';
import { instantAt } from '#libs/packet';
import { type AnyJson, type Client, smallPacket } from '#libs/testing';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlData } from '../auth/control-data.js';
import { hashKey } from '../auth/key-records.js';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';
import { makeKey, type MadeKey, NatsAgent } from './nats.features.js';

let gateway: TestGateway;
let admin: Client;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = gateway.client();
});

afterAll(() => gateway.stop());

/** Milliseconds until the server has ended the connection. */
const endedIn = async ({ nats }: NatsAgent, since = performance.now()): Promise<number> => {
  await nats.closed();
  return performance.now() - since;
};

const isRefused = async ({ key }: MadeKey): Promise<boolean> => {
  const servers = new URL(gateway.servers.natsUrl).host;
  const again = await connect({ servers, token: key, reconnect: false }).catch(() => undefined);
  await again?.close();
  return again === undefined;
};

const agents: NatsAgent[] = [];
const connectAs = async (key: MadeKey): Promise<NatsAgent> => {
  const agent = await NatsAgent.connect(gateway.servers, key);
  agents.push(agent);
  return agent;
};

afterEach(async () => {
  await Promise.all(agents.splice(0).map(({ nats }) => nats.close()));
});

const newKey = (facts: object = {}): Promise<MadeKey> => makeKey(admin, { name: 'an agent', ...facts });

describe('the connection of a key that ends', () => {
  it('is over within a second of a revocation, wherever it was revoked, and the others stay', async () => {
    const sibling = await startSibling(gateway);
    const [key, other] = [await newKey(), await newKey()];
    const [one, two, stays] = [await connectAs(key), await connectAs(key), await connectAs(other)];
    await sibling.client().send('DELETE', `keys/${key.id}`);
    const ends = await Promise.all([endedIn(one), endedIn(two)]);
    expect(Math.max(...ends)).toBeLessThan(1_000);
    expect(await isRefused(key)).toBe(true);
    await delay(300);
    expect(stays.nats.isClosed()).toBe(false);
    expect((await stays.ask('list')).status).toBe(200);
    await sibling.stop();
  });

  it('is over with its tenant', async () => {
    const { body: tenant } = await admin.post('tenants', { name: 'short-lived', tier: 'unlimited' });
    const agent = await connectAs(await newKey({ tenant_id: tenant.id, role: 'admin' }));
    const since = performance.now();
    expect((await admin.send('DELETE', `tenants/${tenant.id}`)).status).toBe(204);
    expect(await endedIn(agent, since)).toBeLessThan(1_000);
    expect(await isRefused(agent.key)).toBe(true);
  });

  it('is over within a second of its expiry', async () => {
    const expires_at = instantAt(Date.now() + 1_500);
    const agent = await connectAs(await newKey({ expires_at }));
    expect((await agent.ask('list')).status).toBe(200);
    await agent.nats.closed();
    const lateMs = Date.now() - Date.parse(expires_at);
    expect(lateMs).toBeGreaterThanOrEqual(-5);
    expect(lateMs).toBeLessThan(1_000);
    expect(await isRefused(agent.key)).toBe(true);
  });

  it('is over when the time of grace of a rotated key is, though it was made before the rotation', async () => {
    const agent = await connectAs(await newKey());
    const since = performance.now();
    const rotated = await admin.post(`keys/${agent.key.id}/rotate`, { grace_seconds: 1 });
    expect(rotated.status).toBe(201);
    const successor = await connectAs(rotated.body as MadeKey);
    const ms = await endedIn(agent, since);
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(2_000);
    expect((await successor.ask('list')).status).toBe(200);
  });

  it('is not made again, and the audit says who tried', async () => {
    const key = await newKey();
    await admin.send('DELETE', `keys/${key.id}`);
    expect(await isRefused(key)).toBe(true);
    const entry = async () => {
      const { body } = await admin.get('audit?action=nats.connect&result=denied&limit=200');
      return body.entries?.find(({ actor }: AnyJson) => actor.key_id === key.id);
    };
    await expect.poll(entry, { timeout: 10_000 }).toMatchObject({
      actor: { key_prefix: key.key.slice(0, 11) },
      reason: { code: 'key_revoked' },
    });
  });

  it('asks for nothing more, even before it is over', async () => {
    const agent = await connectAs(await newKey({ role: 'writer' }));
    const revoked = admin.send('DELETE', `keys/${agent.key.id}`);
    const seen: number[] = [];
    const ask = async (): Promise<void> => {
      while (!agent.nats.isClosed())
        await agent.ask('create', { body: smallPacket() }).then(
          ({ status }) => seen.push(status),
          () => undefined,
        );
    };
    await Promise.all([ask(), revoked]);
    const first = seen.indexOf(403);
    if (first >= 0) expect(new Set(seen.slice(first))).toEqual(new Set([403]));
    expect(new Set(seen)).not.toContain(500);
  });
});

describe('a gateway that comes back', () => {
  let sibling: Awaited<ReturnType<typeof startSibling>>;
  let alone: TestGateway;
  let control: ControlData;

  beforeEach(async () => {
    alone = await startTestGateway();
    control = await ControlData.open(alone.runtime.nats);
  });

  afterEach(async () => {
    control.close();
    await sibling.stop();
    await alone.stop();
  });

  it('ends what ended while no gateway was there', async () => {
    const [dead, alive] = [
      await makeKey(alone.client(), { name: 'dead' }),
      await makeKey(alone.client(), { name: 'alive' }),
    ];
    const [ends, stays] = [
      await NatsAgent.connect(alone.servers, dead),
      await NatsAgent.connect(alone.servers, alive),
    ];
    agents.push(ends, stays);
    await alone.stopGateway();
    const entry = control.keys.get(hashKey(dead.key))!;
    const revoked_at = instantAt(Date.now());
    await control.keys.update(hashKey(dead.key), { ...entry.value, revoked_at }, entry.revision);
    await delay(300);
    expect(ends.nats.isClosed()).toBe(false);
    const since = performance.now();
    sibling = await startSibling(alone);
    expect(await endedIn(ends, since)).toBeLessThan(5_000);
    expect(stays.nats.isClosed()).toBe(false);
    expect((await stays.ask('list')).status).toBe(200);
  });
});
