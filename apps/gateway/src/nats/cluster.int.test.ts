import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNatsServer } from '#libs/embedded';
import { fencedBlocks, freePort, smallPacket } from '#libs/testing';
import { connect } from '@nats-io/transport-node';
import { createAccount } from '@nats-io/nkeys';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { makeKey, NatsAgent } from './nats.features.js';

const page = fileURLToPath(new URL('../../../../docs/nats.md', import.meta.url));
const [railPassword, systemPassword] = ['rail-password', 'system-password'];

interface Cluster {
  /** Host and port of each server. */
  addresses: string[];
  seed: string;
  stop(): Promise<void>;
}

/** Three servers with the configuration of the docs. */
const startCluster = async (): Promise<Cluster> => {
  const [config] = fencedBlocks(await readFile(page, 'utf8'), 'conf cluster');
  if (config === undefined) throw new Error('docs/nats.md has no configuration of a cluster');
  const folder = await mkdtemp(join(tmpdir(), `handoffrail-test-${process.pid}-`));
  const file = join(folder, 'nats.conf');
  await writeFile(file, config);
  const { path } = await findNatsServer();
  const account = createAccount();
  const ports = await Promise.all(Array.from({ length: 6 }, () => freePort()));
  const [clients, routes] = [ports.slice(0, 3), ports.slice(3)];
  const children: ChildProcess[] = [];
  for (const [index, port] of clients.entries()) {
    const store = join(folder, `n${index}`);
    await mkdir(store);
    const env = {
      SERVER_NAME: `n${index}`,
      LISTEN: `127.0.0.1:${port}`,
      CLUSTER_LISTEN: `127.0.0.1:${routes[index]}`,
      ...Object.fromEntries(routes.map((route, n) => [`ROUTE_${n + 1}`, `"nats://127.0.0.1:${route}"`])),
      STORE: store,
      RAIL_PASSWORD: railPassword,
      SYSTEM_PASSWORD: systemPassword,
      ISSUER: account.getPublicKey(),
    };
    children.push(spawn(path, ['-c', file], { env, stdio: 'ignore' }));
  }
  return {
    addresses: clients.map((port) => `127.0.0.1:${port}`),
    seed: Buffer.from(account.getSeed()).toString(),
    stop: async () => {
      const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
      children.forEach((child) => child.kill('SIGTERM'));
      await Promise.all(ended);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Until the servers have found each other and chosen who leads. */
const untilJetStream = async (address: string): Promise<void> => {
  const login = { user: 'handoffrail', pass: railPassword };
  const nats = await connect({ servers: address, ...login, waitOnFirstConnect: true, reconnectTimeWait: 50 });
  const isServing = async (): Promise<boolean> => {
    const answer = await nats.request('$JS.API.INFO', '', { timeout: 1_000 }).catch(() => undefined);
    return answer !== undefined && !('error' in answer.json<object>());
  };
  await vi.waitFor(async () => expect(await isServing()).toBe(true), { timeout: 20_000, interval: 100 });
  await nats.close();
};

describe('a cluster with the configuration of the docs', () => {
  let cluster: Cluster;
  let gateway: TestGateway;

  beforeAll(async () => {
    cluster = await startCluster();
    const [first = ''] = cluster.addresses;
    await untilJetStream(first);
    gateway = await startTestGateway({
      NATS_URL: `nats://handoffrail:${railPassword}@${first}`,
      HR_NATS_ISSUER_SEED: cluster.seed,
      HR_NATS_SYSTEM_URL: `nats://system:${systemPassword}@${first}`,
      HR_NATS_ACCOUNT: 'RAIL',
    });
  }, 60_000);

  afterAll(async () => {
    await gateway?.stop();
    await cluster?.stop();
  });

  it('lets agents in on every server, and ends their connections on every server', async () => {
    const admin = gateway.client();
    const [key, other] = [
      await makeKey(admin, { name: 'on every server', role: 'writer' }),
      await makeKey(admin, { name: 'stays', role: 'writer' }),
    ];
    const at = (address: string) => ({ natsUrl: `nats://${address}` });
    const agents = await Promise.all(cluster.addresses.map((one) => NatsAgent.connect(at(one), key)));
    const stays = await NatsAgent.connect(at(cluster.addresses[2]!), other);
    for (const agent of agents) expect((await agent.ask('create', { body: smallPacket() })).status).toBe(201);
    const since = performance.now();
    await admin.send('DELETE', `keys/${key.id}`);
    await Promise.all(agents.map(({ nats }) => nats.closed()));
    expect(performance.now() - since).toBeLessThan(1_000);
    expect((await stays.ask('list')).status).toBe(200);
    await expect(NatsAgent.connect(at(cluster.addresses[1]!), key)).rejects.toThrow(/authorization/i);
    await stays.nats.close();
  });
});
