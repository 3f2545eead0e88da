import { randomUUID } from 'node:crypto';
import { type Answer, type Client, type Fleet, realisticPacket, type ServiceName } from '#libs/testing';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the load did: every id here was acknowledged as completed. */
export interface LoadReport {
  completed: string[];
  /** Requests that had to be sent again. */
  retries: number;
  /** Answers that no retry explains. */
  surprises: string[];
}

// A client as ours behaves: the same idempotency key until there is an answer that settles it.
const persist = async (send: () => Promise<Answer>, report: LoadReport): Promise<Answer> => {
  for (;;) {
    const answer = await send().catch(() => null);
    if (answer !== null && answer.status < 500 && answer.body?.code !== 'idempotency_in_progress')
      return answer;
    report.retries += 1;
    await pause(50);
  }
};

const lifecycle = async (client: Client, report: LoadReport, serial: number) => {
  const post = (path: string, body: unknown) => {
    const headers = { 'idempotency-key': randomUUID() };
    return persist(() => client.post(path, body, headers), report);
  };
  const created = await post('packets', realisticPacket(serial));
  const id = String(created.body.id);
  const claimed = await post(`packets/${id}/claim`, { agent_id: 'billing-01' });
  const completed = await post(`packets/${id}/complete`, { agent_id: 'billing-01', result: { serial } });
  const statuses = [created.status, claimed.status, completed.status];
  if (statuses.join() === '201,200,200') report.completed.push(id);
  else
    report.surprises.push(
      `${id}: ${statuses.join()} ${JSON.stringify([claimed.body?.code, completed.body?.code])}`,
    );
};

/** Runs lifecycles on `workers` loops until `stop()`, which waits for those under way. */
export const startLoad = (client: Client, workers: number) => {
  const report: LoadReport = { completed: [], retries: 0, surprises: [] };
  let running = true;
  let serial = 0;
  const loop = async () => {
    while (running) await lifecycle(client, report, serial++);
  };
  const done = Promise.all(Array.from({ length: workers }, loop));
  return {
    report,
    stop: async () => {
      running = false;
      await done;
      return report;
    },
  };
};

export interface Victims {
  fleet: Fleet;
  natsPid: () => number | undefined;
  postgresPid: () => number | undefined;
}

/** SIGKILL, in turn: each service, NATS, Postgres. Something (supervisor, fleet) starts them again. */
export const killEachInTurn = async (victims: Victims, betweenMs: number): Promise<void> => {
  for (const service of [
    'ingestion',
    'claiming',
    'approvals',
    'projector',
    'webhooks',
    'gateway',
  ] satisfies ServiceName[]) {
    await pause(betweenMs);
    await victims.fleet.killAndRestart(service);
  }
  for (const pid of [victims.natsPid, victims.postgresPid]) {
    await pause(betweenMs);
    const found = pid();
    if (found === undefined) throw new Error('the server to kill is not running');
    process.kill(found, 'SIGKILL');
  }
  await pause(betweenMs);
};
