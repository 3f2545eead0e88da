import { createClient, realisticPacket, type Rail } from '#libs/testing';
import { drive, Latencies, timed } from './measure.js';

export interface LifecycleRun {
  perSecond: number;
  requests: Latencies;
  errors: number;
}

/** create → claim → complete over HTTP on `connections` keep-alive connections, for `seconds`. */
export const runLifecycles = async (
  rail: Pick<Rail, 'url' | 'key'>,
  options: { connections: number; seconds: number },
): Promise<LifecycleRun> => {
  const client = createClient(rail.url, rail.key, options.connections);
  const requests = new Latencies();
  let serial = 0;
  let errors = 0;
  const send = async (path: string, body: unknown) => {
    const answer = await timed(requests, () => client.post(path, body));
    if (answer.status >= 300) errors += 1;
    return answer.body;
  };
  const perSecond = await drive({ workers: options.connections, seconds: options.seconds }, async () => {
    const packet = await send('packets', realisticPacket(serial++));
    await send(`packets/${packet.id}/claim`, { agent_id: 'billing-01', agent_name: 'BillingBot' });
    await send(`packets/${packet.id}/complete`, {
      agent_id: 'billing-01',
      result: { subscription: 'sub-1', invoiced: true },
    });
  });
  await client.close();
  return { perSecond, requests, errors };
};
