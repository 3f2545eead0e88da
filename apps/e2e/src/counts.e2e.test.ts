import {
  type Client,
  createClient,
  type Fleet,
  noWork,
  startFleet,
  startServers,
  type TestServers,
  untilReady,
} from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const limit = 12;

describe('what is limited in number, with gateways that are killed', () => {
  let servers: TestServers;
  let fleet: Fleet;
  const clients: Client[] = [];
  beforeAll(async () => {
    servers = await startServers({ postgres: true });
    const { natsUrl, databaseUrl } = servers;
    fleet = await startFleet({ natsUrl, databaseUrl, copies: { ...noWork, gateway: 2 } });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await fleet?.stop();
    await servers?.stop();
  });

  const clientFor = (key: string, gateway: number): Client => {
    const client = createClient(fleet.urls[gateway] ?? '', key, 40);
    clients.push(client);
    return client;
  };
  const newTenant = async (name: string, overrides: object) => {
    const platform = clientFor(fleet.key, 0);
    const { id } = (await platform.post('tenants', { name, tier: 'unlimited', overrides })).body;
    const { key } = (await platform.post('keys', { name: 'k', role: 'admin', tenant_id: id })).body;
    const by = [clientFor(key, 0), clientFor(key, 1)] as const;
    for (const client of by) await expect.poll(async () => (await client.get('keys')).status).toBe(200);
    return by;
  };
  const restartFirst = async (): Promise<void> => {
    await fleet.killAndRestart('gateway', 0);
    await untilReady(`${fleet.urls[0]}/ready`, fleet.member('gateway', 0));
  };
  /** Asks for many of each at both gateways, and kills the first when one of each is answered. */
  const storm = async (...kinds: ((at: number) => Promise<{ status: number }>)[]): Promise<number[][]> => {
    const asked = kinds.map((ask) =>
      Array.from({ length: 60 }, (_, at) =>
        ask(at)
          .then(({ status }) => status)
          .catch(() => 0),
      ),
    );
    await Promise.all(asked.map((one) => Promise.race(one)));
    await restartFirst();
    return Promise.all(asked.map((one) => Promise.all(one)));
  };

  it('there are never more than there may be, and as many in the end', async () => {
    const by = await newTenant('Killed', { agents: limit, keys: limit });
    const [, second] = by;
    const counted = async (what: 'agents' | 'keys') => (await second.get('usage')).body[what].used as number;
    for (let round = 0; round < 3; round += 1) {
      const agent = (at: number) => by[at % 2]!.send('PUT', `agents/a${round}-${at}`, { name: 'a' });
      const key = (at: number) =>
        by[at % 2]!.post('keys', { name: `k${at}`, role: at % 3 ? 'agent' : 'admin' });
      const [, statuses = []] = await storm(agent, key);
      expect(await counted('agents')).toBeLessThanOrEqual(limit);
      expect(statuses.filter((status) => status === 201).length).toBeLessThan(limit);
      expect(await counted('keys')).toBeLessThanOrEqual(limit);
      const { agents } = (await second.get('agents?limit=200')).body;
      expect(agents).toHaveLength(await counted('agents'));
      // Some go, so that the next round has something to fight for.
      for (const { id } of agents.slice(0, 4)) await second.send('DELETE', `agents/${id}`);
    }
    for (let at = 0; at < 2 * limit; at += 1)
      await by[at % 2]!.send('PUT', `agents/last-${at}`, { name: 'a' });
    for (let at = 0; at < limit; at += 1) await by[at % 2]!.post('keys', { name: 'last' });
    for (const client of by) {
      const { body } = await client.get('usage');
      expect(body).toMatchObject({ agents: { limit, used: limit }, keys: { limit, used: limit } });
      expect((await client.send('PUT', 'agents/more', { name: 'a' })).body.code).toBe('too_many_agents');
      expect((await client.post('keys', { name: 'more' })).body.code).toBe('too_many_keys');
    }
  });
});
