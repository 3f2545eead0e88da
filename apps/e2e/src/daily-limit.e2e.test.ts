import { setTimeout as delay } from 'node:timers/promises';
import { connectNats, PacketLog } from '#libs/event-log';
import { instantAt, type TenantId } from '#libs/packet';
import {
  type Answer,
  type Client,
  createClient,
  type Fleet,
  noWork,
  smallPacket,
  startFleet,
  startServers,
} from '#libs/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

interface LimitedTenant {
  id: TenantId;
  /** One for each gateway. */
  clients: Client[];
}

describe('the packets of a day, with two gateways and two copies of ingestion', () => {
  let servers: Awaited<ReturnType<typeof startServers>>;
  let fleet: Fleet;
  let admin: Client;
  const open: Client[] = [];

  beforeAll(async () => {
    servers = await startServers({ postgres: true });
    const databaseUrl = await servers.newDatabase();
    fleet = await startFleet({
      natsUrl: servers.natsUrl,
      databaseUrl,
      copies: { ...noWork, gateway: 2, ingestion: 2 },
    });
    admin = createClient(fleet.url, fleet.key);
  });
  afterAll(async () => {
    await Promise.all([admin, ...open].map((client) => client?.close()));
    await fleet?.stop();
    await servers?.stop();
  });

  const tenantOf = async (packets_per_day: number): Promise<LimitedTenant> => {
    const terms = { tier: 'unlimited', overrides: { packets_per_day } };
    const { id } = (await admin.post('tenants', { name: `limited ${Math.random()}`, ...terms })).body;
    const { key } = (await admin.post('keys', { name: 'k', role: 'writer', tenant_id: id })).body;
    const clients = fleet.urls.map((url) => createClient(url, key, 32));
    open.push(...clients);
    for (const client of clients)
      await expect.poll(async () => (await client.get('packets')).status).toBe(200);
    return { id, clients };
  };

  /** What the log says: the packets of a tenant, and how many were counted. */
  const onTheLog = async (tenant: TenantId): Promise<{ made: number; counted: number }> => {
    const nats = await connectNats(servers.natsUrl, 'test');
    const log = new PacketLog(nats, { logger });
    let made = 0;
    for (let page = await log.read(1, 500, tenant); ; page = await log.read(page.next, 500, tenant)) {
      made += page.events.filter(({ event }) => event.type === 'packet.created').length;
      if (page.end) break;
    }
    const { used } = await log.quotas.use(tenant, instantAt(Date.now()));
    log.close();
    await nats.close();
    return { made, counted: used };
  };

  test('are exactly five when two hundred are tried at once', async () => {
    const { id, clients } = await tenantOf(5);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, nth) => (clients[nth % 2] ?? admin).post('packets', smallPacket())),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(195);
    expect(await onTheLog(id)).toEqual({ made: 5, counted: 5 });
  });

  test('take a batch of fifty as fifty', async () => {
    const { id, clients } = await tenantOf(60);
    const batch = { packets: Array.from({ length: 50 }, () => smallPacket()) };
    const bodies = (await Promise.all(clients.map((client) => client.post('packets/batch', batch)))).map(
      ({ body }) => body,
    );
    const sum = (of: 'created' | 'errors') => bodies.reduce((total, body) => total + body[of].length, 0);
    expect([sum('created'), sum('errors')]).toEqual([60, 40]);
    expect(await onTheLog(id)).toEqual({ made: 60, counted: 60 });
  });

  test('are right after SIGKILL at any point', { timeout: 240_000 }, async () => {
    const limit = 60;
    const { id, clients } = await tenantOf(limit);
    const untilAnswered = async (nth: number): Promise<Answer> => {
      const key = { 'idempotency-key': `packet-${nth}` };
      for (let attempt = 0; ; attempt += 1) {
        const answer = await clients[(nth + attempt) % 2]?.post('packets', smallPacket(), key);
        if (answer && (answer.status === 201 || answer.status === 429)) return answer;
        await delay(20);
      }
    };
    const answers: Answer[] = [];
    let strokes = 0;
    let killing = Promise.resolve();
    const strike = async (): Promise<void> => {
      await delay(Math.random() * 20);
      await fleet.killAndRestart('ingestion', strokes++ % 2);
    };
    let next = 0;
    const work = async (): Promise<void> => {
      for (let nth = next++; nth < 100; nth = next++) {
        answers.push(await untilAnswered(nth));
        // In the midst of those that are under way.
        if (answers.length % 14 === 0) killing = killing.then(strike);
      }
    };
    await Promise.all([0, 1, 2, 3].map(work));
    await killing;
    expect(strokes).toBe(7);
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(limit);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(100 - limit);
    expect(await onTheLog(id)).toEqual({ made: limit, counted: limit });
    const [client] = clients;
    await expect
      .poll(async () => (await client?.get('packets'))?.body.total, { timeout: 20_000 })
      .toBe(limit);
  });
});
