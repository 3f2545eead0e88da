import { setTimeout as sleep } from 'node:timers/promises';
import { connectNats, PacketLog } from '#libs/event-log';
import type { PacketId, TenantId } from '#libs/packet';
import {
  type Client,
  createClient,
  type Fleet,
  readEvents,
  smallPacket,
  startFleet,
  startServers,
  type TestServers,
} from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

describe('what ends at once', () => {
  let servers: TestServers;
  let fleet: Fleet;
  let platform: Client;
  const clients: Client[] = [];
  beforeAll(async () => {
    servers = await startServers({ postgres: true });
    fleet = await startFleet({
      natsUrl: servers.natsUrl,
      databaseUrl: servers.databaseUrl,
      copies: { gateway: 2 },
    });
    platform = clientFor(fleet.key);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await fleet?.stop();
    await servers?.stop();
  });

  const clientFor = (key: string, gateway = 0): Client => {
    const client = createClient(fleet.urls[gateway] ?? '', key);
    clients.push(client);
    return client;
  };
  const newTenant = async (name: string) => {
    const { id } = (await platform.post('tenants', { name, tier: 'unlimited' })).body;
    const made = (await platform.post('keys', { name: 'k', role: 'admin', tenant_id: id })).body;
    const there = clientFor(made.key, 1);
    await expect.poll(async () => (await there.get('packets')).status).toBe(200);
    return {
      id: id as TenantId,
      keyId: made.id as string,
      key: made.key as string,
      here: clientFor(made.key),
      there,
    };
  };
  const waitForWork = (by: Client, agent_id = 'idle') =>
    by.post('packets/claim-next', { agent_id, wait_seconds: 30 });

  it('with a key: the claim-next call that waits with it, on the other gateway, too', async () => {
    const { keyId, here, there } = await newTenant('Keyed');
    const staying = clientFor((await here.post('keys', { name: 'stays', role: 'writer' })).body.key);
    await here.post('keys', { name: 'other', role: 'admin' });
    const waits = [here, there].map((by) => waitForWork(by));
    const unmoved = waitForWork(staying, 'bo');
    await sleep(500);
    const at = performance.now();
    expect((await here.send('DELETE', `keys/${keyId}`)).status).toBe(204);
    for (const wait of waits)
      expect(await wait).toMatchObject({ status: 403, body: { code: 'key_revoked' } });
    expect(performance.now() - at).toBeLessThan(1_000);
    const made = await staying.post('packets', smallPacket('any', 'ana', { claim_policy: 'open' }));
    expect((await unmoved).body.packets[0].id).toBe(made.body.id);
  });

  it('with a tenant: everything of it that waits, and its links', async () => {
    const { id, key, here, there } = await newTenant('Ending');
    const leased = (await here.post('packets', smallPacket('bo', 'ana'))).body.id as PacketId;
    await here.post(`packets/${leased}/claim`, { agent_id: 'bo', lease_seconds: 3 });
    const brief = (await here.post('packets', smallPacket('bo', 'ana', { ttl_seconds: 3 }))).body
      .id as PacketId;
    const hitl = { reason: 'Sure?', approvers: [{ id: 'mira', kind: 'user' }], timeout_seconds: 3 };
    const asked = (await here.post('packets', smallPacket('bo', 'ana', { hitl }))).body;
    const approval = `approvals/${asked.hitl.id}`;
    await expect.poll(async () => (await here.get(approval)).status, { timeout: 5_000 }).toBe(200);
    const link = (await here.post(`${approval}/links`, { approver: 'mira' })).body;
    const open = async () => (await fetch(`${fleet.urls[1]}${new URL(link.url).pathname}`)).status;
    expect(await open()).toBe(200);
    const feed = await readEvents(`${fleet.urls[1]}/api/v1/events`, { key });
    const wait = waitForWork(there);
    await sleep(500);

    const at = performance.now();
    expect((await platform.send('DELETE', `tenants/${id}`)).status).toBe(204);
    expect(await wait).toMatchObject({ status: 403, body: { code: 'key_revoked' } });
    await feed.ended;
    await expect.poll(open, { interval: 20 }).toBe(410);
    expect(performance.now() - at).toBeLessThan(1_000);

    await sleep(5_000);
    const nats = await connectNats(servers.natsUrl, 'test');
    const log = new PacketLog(nats, { logger });
    const statusOf = async (packet: PacketId) => (await log.load(id, packet)).packet.status;
    expect(await Promise.all([leased, brief, asked.id].map(statusOf))).toEqual([
      'claimed',
      'created',
      'awaiting_human',
    ]);
    log.close();
    await nats.close();
  });
});
