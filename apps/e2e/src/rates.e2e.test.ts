import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  createClient,
  type Fleet,
  noWork,
  readEvents,
  type SseReader,
  startFleet,
  startServers,
} from '#libs/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Waits for the next hour where this one ends too soon. */
const inOneHour = async (): Promise<void> => {
  const leftMs = 3_600_000 - (Date.now() % 3_600_000);
  if (leftMs < 60_000) await delay(leftMs + 100);
};

describe('rates and live streams, with two gateways that are killed', () => {
  let servers: Awaited<ReturnType<typeof startServers>>;
  let fleet: Fleet;
  let admin: Client;
  const open: Client[] = [];

  beforeAll(async () => {
    servers = await startServers({ postgres: true, supervise: true });
    fleet = await startFleet({
      natsUrl: servers.natsUrl,
      databaseUrl: servers.databaseUrl,
      copies: { ...noWork, gateway: 2 },
    });
    admin = createClient(fleet.url, fleet.key);
  });
  afterAll(async () => {
    await Promise.all([admin, ...open].map((client) => client?.close()));
    await fleet?.stop();
    await servers?.stop();
  });

  const newKey = async (overrides: object): Promise<string> => {
    const terms = { name: `limited ${Math.random()}`, tier: 'unlimited', overrides };
    const { id } = (await admin.post('tenants', terms)).body;
    return (await admin.post('keys', { name: 'k', role: 'reader', tenant_id: id })).body.key;
  };
  const clientsOf = (key: string): Client[] => {
    const clients = fleet.urls.map((url) => createClient(url, key, 8));
    open.push(...clients);
    return clients;
  };
  const isServed = (client: Client): Promise<boolean> =>
    client.get('agents').then(
      ({ status }) => status === 200,
      () => false,
    );
  /** How many of so many requests are served, on all gateways in turn. */
  const served = async (clients: readonly Client[], requests: number): Promise<number> => {
    const all = Array.from({ length: requests }, (_, index) => isServed(clients[index % clients.length]!));
    return (await Promise.all(all)).filter(Boolean).length;
  };
  const ready = async (): Promise<void> => {
    for (const url of fleet.urls)
      await expect
        .poll(async () => (await fetch(`${url}/ready`).catch(() => undefined))?.status, { timeout: 30_000 })
        .toBe(200);
  };

  test('no more requests are served than the limit says, though a gateway is killed among them', async () => {
    const clients = clientsOf(await newKey({ requests_per_hour: 500 }));
    await inOneHour();
    let count = await served(clients, 200);
    const rest = served(clients, 400);
    await delay(20);
    await fleet.killAndRestart('gateway', 1);
    count += await rest;
    await ready();
    // The new one remembers nothing, and need not.
    count += await served(clients, 300);
    expect(count).toBeLessThanOrEqual(500);
    // What the killed one had counted and did not answer: its requests under way, 8 at a time.
    expect(count).toBeGreaterThanOrEqual(500 - 16);
    expect(await served(clients, 20)).toBe(0);
  });

  test('the limit holds within 5 % though NATS is killed in the midst', async () => {
    const clients = clientsOf(await newKey({ requests_per_hour: 500 }));
    await inOneHour();
    let count = await served(clients, 300);
    process.kill(servers.nats.pid() ?? 0, 'SIGKILL');
    count += await served(clients, 60);
    await ready();
    await delay(1_200);
    // One after the other, so that each gateway tells what it has counted alone.
    for (let round = 0; round < 4; round += 1) count += await served(clients, 2);
    count += await served(clients, 300);
    expect(count).toBeGreaterThanOrEqual(475);
    expect(count).toBeLessThanOrEqual(525);
  });

  test('a stream keeps its place though NATS begins anew; that of a killed gateway is free within half a minute', async () => {
    const [stays, goes] = [await newKey({ streams: 1 }), await newKey({ streams: 1 })];
    const follow = (url: string, key: string): Promise<SseReader> =>
      readEvents(`${url}/api/v1/events`, { key });
    const [first, second] = fleet.urls as [string, string];
    for (const key of [stays, goes])
      for (const client of clientsOf(key)) await expect.poll(() => isServed(client)).toBe(true);
    const reader = await follow(first, stays);
    expect(reader.status).toBe(200);
    process.kill(servers.nats.pid() ?? 0, 'SIGKILL');
    await ready();
    const begunAnew = Date.now();

    const lost = await follow(second, goes);
    expect(lost.status).toBe(200);
    expect((await follow(first, goes)).status).toBe(403);
    const killedAt = Date.now();
    await fleet.killAndRestart('gateway', 1);
    await ready();
    let next = await follow(first, goes);
    while (next.status === 403 && Date.now() - killedAt < 60_000) {
      await delay(250);
      next = await follow(first, goes);
    }
    expect(next.status).toBe(200);
    expect(Date.now() - killedAt).toBeLessThan(35_000);
    next.cut();

    // Longer than a third of a slot's life: it has been written anew since.
    await delay(begunAnew + 12_000 - Date.now());
    for (const url of fleet.urls) expect((await follow(url, stays)).status).toBe(403);
    expect(reader.events.at(-1)?.type).not.toBe('closed');
    reader.cut();
  });
});
