import { createClient, type Rail, realisticPacket, startRail } from '#libs/testing';
import { Pool } from 'undici';
import { cpuMs, drive, median } from '../measure.js';
import { atMost, type Figure, plain, record } from '../report.js';
import type { Effort } from './lifecycles.js';

const connections = 32;
const many = 1_000_000_000;

/** Who asks, by what limits its tenant has. */
type Caller = 'unlimited' | 'counted' | 'refused';
const overrides: Record<Caller, object> = {
  unlimited: {},
  counted: { requests_per_minute: many, requests_per_hour: many },
  refused: { requests_per_hour: 0 },
};
const callers = Object.keys(overrides) as Caller[];

const newKey = async ({ url, key }: Rail, caller: Caller): Promise<string> => {
  const admin = createClient(url, key, 1);
  const terms = { name: caller, tier: 'unlimited', overrides: overrides[caller] };
  const { id } = (await admin.post('tenants', terms)).body;
  const made = await admin.post('keys', { name: 'bench', role: 'writer', tenant_id: id });
  await admin.close();
  return made.body.key as string;
};

interface Asked {
  method: 'GET' | 'POST';
  path: string;
  body: string | null;
}

const read: Asked = { method: 'GET', path: '/api/v1/agents', body: null };
const create: Asked = { method: 'POST', path: '/api/v1/packets', body: JSON.stringify(realisticPacket(0)) };

/** Requests per second, and CPU of the rail's own process for each. */
const measure = async (rail: Rail, asked: Asked, { key, seconds }: { key: string; seconds: number }) => {
  const pool = new Pool(rail.url, { connections });
  const pid = rail.process.child.pid ?? 0;
  const headers = { 'x-api-key': key, ...(asked.body !== null && { 'content-type': 'application/json' }) };
  const statuses = new Set<number>();
  let calls = 0;
  const before = cpuMs(pid);
  const perSecond = await drive({ workers: connections, seconds }, async () => {
    const answer = await pool.request({ ...asked, headers });
    statuses.add(answer.statusCode);
    calls += 1;
    await answer.body.dump();
  });
  const cpuUs = ((cpuMs(pid) - before) * 1_000) / calls;
  await pool.close();
  return { perSecond, cpuUs, statuses: [...statuses] };
};

type Run = Awaited<ReturnType<typeof measure>>;

const expectStatus = (caller: Caller, { statuses }: Run): void => {
  const isRight = (status: number) => (caller === 'refused' ? status === 429 : status < 300);
  if (!statuses.every(isRight)) throw new Error(`${caller} was answered ${statuses.join()}`);
};

const requests = { read, create };
type Request = keyof typeof requests;
const kinds = Object.keys(requests) as Request[];
const nameOf = (request: Request, caller: Caller): string => `${request} ${caller}`;

/** Each request by each caller, in turn. */
const runAll = async (rail: Rail, keys: Map<Caller, string>, seconds: number): Promise<Map<string, Run>> => {
  const runs = new Map<string, Run>();
  for (const [request, caller] of kinds.flatMap((kind) => callers.map((caller) => [kind, caller] as const))) {
    const run = await measure(rail, requests[request], { key: keys.get(caller) ?? '', seconds });
    expectStatus(caller, run);
    runs.set(nameOf(request, caller), run);
  }
  return runs;
};

const labels: Record<Request, string> = {
  read: 'the list of agents, of whom there are none',
  create: 'creating a packet of 2 KiB',
};

const figuresOf = (rounds: readonly Map<string, Run>[]): Figure[] => {
  const of = (name: string, figure: 'perSecond' | 'cpuUs'): number =>
    median(rounds.map((runs) => runs.get(name)?.[figure] ?? 0));
  const rows = kinds.flatMap((request) =>
    callers.flatMap((caller) => [
      plain(`${labels[request]}, ${caller}`, of(nameOf(request, caller), 'perSecond'), '/s'),
      plain(`CPU of the rail’s process for each`, of(nameOf(request, caller), 'cpuUs'), 'µs'),
    ]),
  );
  const ratio = of('read refused', 'cpuUs') / of('read counted', 'cpuUs');
  return [...rows, atMost(plain('CPU of a refused read, of a counted one', ratio, '×'), 1)];
};

/** What counting costs, and what a refusal costs against what is refused. */
export const limits = async ({ runs, seconds }: Effort): Promise<void> => {
  const rail = await startRail({ env: { HR_DURABILITY: 'strict' } });
  try {
    const keys = new Map<Caller, string>();
    for (const caller of callers) keys.set(caller, await newKey(rail, caller));
    await runAll(rail, keys, Math.min(3, seconds));
    const rounds = [];
    for (let round = 0; round < runs; round += 1) rounds.push(await runAll(rail, keys, seconds));
    const setting = `strict durability, ${connections} connections, median of ${runs} runs of ${seconds} s in turn`;
    const title = 'requests that are counted, and that are refused';
    record({ workload: 'LIMITS', title, setting }, figuresOf(rounds));
  } finally {
    await rail.stop();
  }
};
