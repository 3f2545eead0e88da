import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, type Fleet, smallPacket, startFleet, startServers } from '#libs/testing';

let servers: Awaited<ReturnType<typeof startServers>>;
let fleet: Fleet;
beforeAll(async () => {
  servers = await startServers({ postgres: true });
  fleet = await startFleet({
    natsUrl: servers.natsUrl,
    databaseUrl: await servers.newDatabase(),
    copies: { claiming: 3 },
  });
});
afterAll(async () => {
  await fleet?.stop();
  await servers?.stop();
});

const packets = 200;
const clients = 64;

test('64 clients claim each of 200 packets at once: one grant each, everybody else is told who won', async () => {
  const client = createClient(fleet.url, fleet.key, clients);
  let grants = 0;
  let refusals = 0;
  const ids: string[] = [];
  for (let n = 0; n < packets; n += 1) {
    const { body } = await client.post('packets', smallPacket('any', 'sales-01', { claim_policy: 'open' }));
    ids.push(body.id);
    const answers = await Promise.all(
      Array.from({ length: clients }, (_, agent) =>
        client.post(`packets/${body.id}/claim`, { agent_id: `agent-${agent}` }),
      ),
    );
    const won = answers.filter((answer) => answer.status === 200);
    const winner = won[0]?.body.claim.agent.id;
    const told = answers.filter(
      ({ status, body: problem }) =>
        status === 409 && problem.code === 'already_claimed' && problem.claimed_by === winner,
    );
    grants += won.length;
    refusals += told.length;
  }
  expect({ grants, refusals }).toEqual({ grants: packets, refusals: packets * (clients - 1) });
  for (const id of ids) {
    const history = await client.get(`packets/${id}/history`);
    const types = history.body.events.map((event: { event_type: string }) => event.event_type);
    expect(types).toEqual(['packet.created', 'packet.claimed']);
  }
  await client.close();
});
