import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient, type Fleet, smallPacket, startFleet, startServers } from '#libs/testing';
import { HookReceiver } from './hook-receiver.js';

// `HR_CHAOS_DELIVERIES=20000` for the long form.
const deliveries = Number(process.env['HR_CHAOS_DELIVERIES'] ?? 2_000);
const paths = ['/a', '/b', '/c', '/d'];
const packets = deliveries / paths.length;
const workers = 16;

let servers: Awaited<ReturnType<typeof startServers>>;
let fleet: Fleet;
let client: Client;
let receiver: HookReceiver;
beforeAll(async () => {
  servers = await startServers({ postgres: true, durability: 'strict', supervise: true });
  receiver = await HookReceiver.start(2);
  fleet = await startFleet({
    natsUrl: servers.natsUrl,
    databaseUrl: await servers.newDatabase(),
    copies: { webhooks: 2 },
    env: { HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32' },
  });
  client = createClient(fleet.url, fleet.key, workers);
});
afterAll(async () => {
  await client?.close();
  await fleet?.stop();
  receiver?.stop();
  await servers?.stop();
});

/** As a client of ours does: the same key until there is an answer that settles it. */
const create = async (): Promise<string> => {
  const headers = { 'idempotency-key': randomUUID() };
  for (;;) {
    const answer = await client.post('packets', smallPacket(), headers).catch(() => null);
    if (answer?.status === 201 || answer?.status === 200) return String(answer.body.id);
    if (answer !== null && answer.status < 500 && answer.status !== 409)
      throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    await delay(50);
  }
};

const createAll = async (): Promise<string[]> => {
  const ids: string[] = [];
  let left = packets;
  const loop = async () => {
    while (left-- > 0) ids.push(await create());
  };
  await Promise.all(Array.from({ length: workers }, loop));
  return ids;
};

const kill = (pid: number | undefined): void => {
  if (pid === undefined) throw new Error('the server to kill is not running');
  process.kill(pid, 'SIGKILL');
};

test(
  'SIGKILL of the service, NATS and Postgres in the middle of a fan-out: every event arrives, under one id each',
  { timeout: 120_000 + deliveries * 20 },
  async ({ onTestFailed, annotate }) => {
    onTestFailed(() => void process.stderr.write(fleet.output().slice(-10_000)));
    for (const path of paths) {
      const hook = await client.post('hooks', { url: receiver.urlOf(path), events: ['packet.created'] });
      expect(hook.status).toBe(201);
    }
    const creating = createAll();
    const kills: (() => Promise<unknown>)[] = [
      () => fleet.killAndRestart('webhooks', 0),
      async () => kill(servers.nats.pid()),
      () => fleet.killAndRestart('webhooks', 1),
      async () => kill(servers.postgres?.pid()),
      () => Promise.all([fleet.killAndRestart('webhooks', 0), fleet.killAndRestart('webhooks', 1)]),
    ];
    for (const [nth, strike] of kills.entries()) {
      await receiver.untilDistinct((deliveries * (nth + 1)) / (kills.length + 2), 90_000);
      await strike();
    }
    const created = await creating;
    await receiver.untilDistinct(deliveries, 90_000);

    for (const path of paths) {
      const arrivals = receiver.arrivals.get(path) ?? new Map();
      expect([...arrivals.keys()].sort()).toEqual(created.map((id) => `${id} 1`).sort());
      for (const { ids } of arrivals.values()) expect(ids.size).toBe(1);
    }
    const ids = [...(receiver.arrivals.get('/a')?.values() ?? [])].flatMap((arrival) => [...arrival.ids]);
    expect(new Set(ids).size).toBe(packets);
    const duplicates = receiver.received - receiver.distinct;
    const report = `${deliveries} deliveries, ${kills.length} kills: ${duplicates} came more than once`;
    await annotate(report);
    process.stderr.write(`${report}\n`);
  },
);
