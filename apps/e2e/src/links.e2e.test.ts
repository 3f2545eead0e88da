import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  type Client,
  createClient,
  type Fleet,
  smallPacket,
  startFleet,
  startServers,
  type TestServers,
  untilReady,
} from '#libs/testing';

const approvers = ['mira', 'otto'].map((id) => ({ id, kind: 'user' }));
const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };

describe('one-time links, with real processes', () => {
  let servers: TestServers;
  let fleet: Fleet;
  let client: Client;
  let doors: Client[];

  beforeAll(async () => {
    servers = await startServers({ postgres: true, durability: 'strict', supervise: true });
    const databaseUrl = await servers.newDatabase();
    fleet = await startFleet({ natsUrl: servers.natsUrl, databaseUrl, copies: { gateway: 2, approvals: 2 } });
    client = createClient(fleet.url, fleet.key);
    doors = fleet.urls.map((url) => createClient(url, ''));
  });
  afterAll(async () => {
    await Promise.all([client, ...(doors ?? [])].map((open) => open?.close()));
    await fleet?.stop();
    await servers?.stop();
  });

  /** A packet that two must approve, and a link for the first of them. */
  const asked = async () => {
    const hitl = { reason: 'Sure?', approvers, quorum: { approve: 2, deny: 2 } };
    const { body } = await client.post('packets', smallPacket('bo', 'ana', { hitl }));
    const made = await client.post(`approvals/${body.hitl.id}/links`, { approver: 'mira' });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return { id: body.id as string, path: new URL(made.body.url).pathname };
  };
  const answer = (door: Client, path: string, choice: string): Promise<Answer> =>
    door.send('POST', path, `choice=${choice}`, form);
  const votesOf = async (id: string): Promise<{ approver: string; decision: string }[]> =>
    (await client.get(`packets/${id}`)).body.hitl.votes;

  it('vote once, whichever gateway and service they come by', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, path } = await asked();
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, at) =>
          answer(doors[at % 2]!, path, at % 3 === 0 ? 'deny' : 'approve'),
        ),
      );
      const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
      expect(statuses).toEqual([200, ...Array.from({ length: 15 }, () => 410)]);
      const won = answers.findIndex(({ status }) => status === 200);
      expect(await votesOf(id)).toMatchObject([
        { approver: 'mira', decision: won % 3 === 0 ? 'deny' : 'approve' },
      ]);
    }
  });

  it('vote once when the gateway dies with the answer in its hands', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, path } = await asked();
      const lost = answer(doors[1]!, path, 'approve').catch(() => null);
      await new Promise((resolve) => setTimeout(resolve, round * 4));
      await fleet.killAndRestart('gateway', 1);
      await lost;
      // The other gateway does not know what became of the first try.
      const again = await answer(doors[0]!, path, 'deny');
      expect([200, 410]).toContain(again.status);
      const votes = await votesOf(id);
      expect(votes).toHaveLength(1);
      expect(votes[0]?.decision).toBe(again.status === 200 ? 'deny' : 'approve');
      await untilReady(`${fleet.urls[1]}/ready`, fleet.member('gateway', 1));
    }
  });

  it('are good and bad as before when everything was started anew', async () => {
    const [fresh, used] = [await asked(), await asked()];
    expect((await answer(doors[0]!, used.path, 'approve')).status).toBe(200);
    process.kill(servers.nats.pid() ?? 0, 'SIGKILL');
    for (const copy of [0, 1]) await fleet.killAndRestart('gateway', copy);
    for (const copy of [0, 1]) await untilReady(`${fleet.urls[copy]}/ready`, fleet.member('gateway', copy));
    for (const door of doors) {
      expect((await door.get(fresh.path)).status).toBe(200);
      expect((await door.get(used.path)).body).toContain('This link has been used');
      expect((await answer(door, used.path, 'approve')).status).toBe(410);
    }
    expect((await answer(doors[1]!, fresh.path, 'approve')).status).toBe(200);
    expect(await votesOf(fresh.id)).toHaveLength(1);
  });
});
