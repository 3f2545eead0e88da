import { createClient, smallPacket, startFleet, startServers } from '#libs/testing';
import { Latencies, timed } from '../measure.js';
import { exactly, plain, record } from '../report.js';

const packets = 200;
const claimers = 64;

/** W2: every packet is claimed by 64 agents at once, three copies of the claiming service. */
export const w2 = async () => {
  const servers = await startServers({ postgres: true, durability: 'strict' });
  const databaseUrl = await servers.newDatabase();
  const fleet = await startFleet({ natsUrl: servers.natsUrl, databaseUrl, copies: { claiming: 3 } });
  const client = createClient(fleet.url, fleet.key, claimers);
  try {
    const latencies = new Latencies();
    let granted = 0;
    let refused = 0;
    const start = performance.now();
    for (let serial = 0; serial < packets; serial += 1) {
      const created = await client.post('packets', smallPacket('any', 'sales-01', { claim_policy: 'open' }));
      const answers = await Promise.all(
        Array.from({ length: claimers }, (_, agent) =>
          timed(latencies, () =>
            client.post(`packets/${created.body.id}/claim`, { agent_id: `agent-${agent}` }),
          ),
        ),
      );
      granted += answers.filter((answer) => answer.status === 200).length;
      refused += answers.filter(
        (answer) => answer.body?.code === 'already_claimed' && answer.body.claimed_by,
      ).length;
    }
    const seconds = (performance.now() - start) / 1000;
    record(
      {
        workload: 'W2',
        title: `${packets} packets × ${claimers} simultaneous claimers`,
        setting: 'strict durability, 3 claiming services, 1 run',
      },
      [
        exactly(plain('grants', granted, ''), packets),
        exactly(plain('refusals that name the winner', refused, ''), packets * (claimers - 1)),
        plain('claims answered', (packets * claimers) / seconds, '/s'),
        plain('one claim, p50', latencies.quantile(0.5), 'ms'),
        plain('one claim, p99', latencies.quantile(0.99), 'ms'),
      ],
    );
  } finally {
    await client.close();
    await fleet.stop();
    await servers.stop();
  }
};
