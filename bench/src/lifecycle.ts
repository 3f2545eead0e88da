import { realisticPacket, type Rail } from '#libs/testing';
import { Pool } from 'undici';
import { drive, Latencies, timed } from './measure.js';

export interface LifecycleRun {
  perSecond: number;
  requests: Latencies;
  errors: number;
}

const json = 'application/json';
const claimBody = JSON.stringify({ agent_id: 'billing-01', agent_name: 'BillingBot' });
const completeBody = JSON.stringify({
  agent_id: 'billing-01',
  result: { subscription: 'sub-1', invoiced: true },
});
const template = JSON.stringify(realisticPacket(0));

// The generator shares the cores with what it measures, so it prints no body anew and parses no answer.
const bodyOf = (serial: number): string =>
  template
    .replace('Customer 0 wants', `Customer ${serial} wants`)
    .replace('customer-0', `customer-${serial % 1000}`);

const idIn = (answer: string): string => /"id":"([0-9a-f-]{36})"/.exec(answer)?.[1] ?? 'none';

/** create → claim → complete over HTTP on `connections` keep-alive connections, for `seconds`. */
export const runLifecycles = async (
  rail: Pick<Rail, 'url' | 'key'>,
  options: { connections: number; seconds: number },
): Promise<LifecycleRun> => {
  const pool = new Pool(rail.url, { connections: options.connections });
  const headers = { 'x-api-key': rail.key, 'content-type': json };
  const requests = new Latencies();
  let serial = 0;
  let errors = 0;
  const send = (path: string, body: string): Promise<string> =>
    timed(requests, async () => {
      const answer = await pool.request({ method: 'POST', path: `/api/v1/packets${path}`, headers, body });
      if (answer.statusCode >= 300) errors += 1;
      return answer.body.text();
    });
  const perSecond = await drive({ workers: options.connections, seconds: options.seconds }, async () => {
    const id = idIn(await send('', bodyOf(serial++)));
    await send(`/${id}/claim`, claimBody);
    await send(`/${id}/complete`, completeBody);
  });
  await pool.close();
  return { perSecond, requests, errors };
};
