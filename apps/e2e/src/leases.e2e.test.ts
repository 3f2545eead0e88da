import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  type Client,
  createClient,
  type Fleet,
  type ServiceName,
  smallPacket,
  startFleet,
  startServers,
  type TestServers,
} from '#libs/testing';

const services = ['ingestion', 'claiming', 'approvals', 'projector', 'gateway'] satisfies ServiceName[];
const leaseSeconds = 2;

interface Line {
  claim_id?: string;
  directive?: string;
  reason?: string;
}

/** A process that works on one packet; killed with the tests. */
class Worker {
  readonly lines: Line[] = [];
  readonly exited: Promise<unknown>;
  private readonly child: ChildProcess;

  constructor(url: string, key: string, packetId: string) {
    const script = fileURLToPath(new URL('./lease-worker.mjs', import.meta.url));
    const args = [script, url, key, packetId, String(leaseSeconds)];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.exited = once(this.child, 'exit');
    const output = this.child.stdout;
    if (output !== null)
      createInterface(output).on('line', (line) => this.lines.push(JSON.parse(line) as Line));
  }

  get claimId(): string {
    return this.lines[0]?.claim_id ?? '';
  }

  get beats(): Line[] {
    return this.lines.slice(1);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

describe('leases, with real processes', () => {
  let servers: TestServers;
  let fleet: Fleet;
  let client: Client;
  const workers: Worker[] = [];

  beforeAll(async () => {
    servers = await startServers({ postgres: true, durability: 'strict', supervise: true });
    const databaseUrl = await servers.newDatabase();
    fleet = await startFleet({ natsUrl: servers.natsUrl, databaseUrl, copies: { claiming: 2 } });
    client = createClient(fleet.url, fleet.key);
  });
  afterAll(async () => {
    for (const worker of workers) worker.signal('SIGKILL');
    await client?.close();
    await fleet?.stop();
    await servers?.stop();
  });

  const created = async (more: Record<string, unknown> = {}): Promise<string> => {
    const answer = await client.post(
      'packets',
      smallPacket('billing-01', 'sales-01', { claim_policy: 'open', ...more }),
    );
    expect(answer.status).toBe(201);
    return answer.body.id;
  };
  const claimed = (id: string, agent_id: string, lease_seconds: number): Promise<Answer> =>
    client.post(`packets/${id}/claim`, { agent_id, lease_seconds });
  const statusOf = async (id: string): Promise<string> => (await client.get(`packets/${id}`)).body.status;
  const until = (id: string, status: string) =>
    expect.poll(() => statusOf(id), { timeout: 10_000 }).toBe(status);
  const historyOf = async (id: string): Promise<{ event_type: string; timestamp: string }[]> =>
    (await client.get(`packets/${id}/history`)).body.events;
  /** A worker that has kept its claim for longer than its lease. */
  const workerOn = async (id: string): Promise<Worker> => {
    const worker = new Worker(fleet.url, fleet.key, id);
    workers.push(worker);
    const enough = (leaseSeconds * 1_000) / 400 + 1;
    await expect.poll(() => worker.beats.length, { timeout: 10_000 }).toBeGreaterThan(enough);
    expect(worker.beats.every(({ directive }) => directive === 'continue')).toBe(true);
    expect((await client.get(`packets/${id}`)).body).toMatchObject({ status: 'claimed', revision: 2 });
    return worker;
  };

  test('a worker that is killed loses its packet after the lease, and its late result is refused', async () => {
    const id = await created();
    const worker = await workerOn(id);
    worker.signal('SIGKILL');
    const killedAt = Date.now();
    await until(id, 'created');
    expect(Date.now() - killedAt).toBeLessThan(leaseSeconds * 1_000 + 2_500);
    expect((await claimed(id, 'mail-01', 30)).body.claim).toMatchObject({ attempt: 2 });
    const late = await client.post(`packets/${id}/complete`, {
      agent_id: 'billing-01',
      claim_id: worker.claimId,
    });
    expect(late).toMatchObject({ status: 409, body: { code: 'stale_claim' } });
    await expect
      .poll(async () => (await historyOf(id)).map(({ event_type }) => event_type))
      .toEqual(['packet.created', 'packet.claimed', 'packet.claim_expired', 'packet.claimed']);
  });

  test('a worker that slept over its lease is told to stop by its next heartbeat', async () => {
    const id = await created();
    const worker = await workerOn(id);
    worker.signal('SIGSTOP');
    await until(id, 'created');
    await claimed(id, 'mail-01', 30);
    worker.signal('SIGCONT');
    await worker.exited;
    expect(worker.beats.at(-1)).toMatchObject({
      directive: 'stop',
      reason: expect.stringContaining('mail-01'),
    });
    expect((await client.get(`packets/${id}`)).body.claim.agent.id).toBe('mail-01');
  });

  test('heartbeats are for the claimant, need the claim, and are nothing to other tenants', async () => {
    const id = await created();
    const { claim } = (await claimed(id, 'billing-01', 30)).body;
    const beat = (by: Client, body: object) => by.post(`packets/${id}/heartbeat`, body);
    expect(await beat(client, { claim_id: claim.claim_id, lease_seconds: 60 })).toMatchObject({
      status: 200,
      body: { directive: 'continue', lease_expires_at: expect.any(String) },
    });
    expect(await beat(client, {})).toMatchObject({ status: 422, body: { field: 'claim_id' } });
    const { body: tenant } = await client.post('tenants', { name: 'Another', tier: 'unlimited' });
    const keyFor = async (body: object): Promise<Client> =>
      createClient(fleet.url, (await client.post('keys', { name: 'k', ...body })).body.key);
    const [stranger, bound, reader] = await Promise.all([
      keyFor({ role: 'admin', tenant_id: tenant.id }),
      keyFor({ role: 'agent', agent_id: 'mail-01' }),
      keyFor({ role: 'reader' }),
    ]);
    const body = { claim_id: claim.claim_id };
    expect(await beat(stranger, body)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await beat(bound, body)).toMatchObject({ status: 403, body: { code: 'not_the_claimant' } });
    expect(await beat(reader, body)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await client.get(`packets/${id}`)).body.revision).toBe(2);
    await Promise.all([stranger, bound, reader].map((by) => by.close()));
  });

  test('timers in flight survive a kill -9 of every service and of NATS: none early, none lost, none twice', async () => {
    const leased: { id: string; end: number }[] = [];
    for (let index = 0; index < 24; index += 1) {
      const id = await created();
      const { claim } = (await claimed(id, 'billing-01', 3 + (index % 4))).body;
      leased.push({ id, end: Date.parse(claim.lease_expires_at) });
    }
    const kept = await created();
    const { claim: held } = (await claimed(kept, 'billing-01', 600)).body;
    const mortal = await created({ ttl_seconds: 4 });

    const members = services.flatMap((service) =>
      (service === 'claiming' ? [0, 1] : [0]).map((copy) => ({ service, copy })),
    );
    await Promise.all(members.map(({ service, copy }) => fleet.member(service, copy).stop('SIGKILL')));
    process.kill(servers.nats.pid() ?? 0, 'SIGKILL');
    await delay(Math.max(0, (leased[2]?.end ?? 0) - Date.now()));
    await Promise.all(members.map(({ service, copy }) => fleet.killAndRestart(service, copy)));
    // A service that answers has its timers too; how long processes take to start is another matter.
    const beat = () =>
      client.post(`packets/${kept}/heartbeat`, { claim_id: held.claim_id }).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(beat, { timeout: 30_000, interval: 20 }).toBe(200);
    const backAt = Date.now();

    for (const { id } of leased) await until(id, 'created');
    await until(mortal, 'expired');
    await expect
      .poll(async () => (await historyOf(leased.at(-1)?.id ?? '')).length, { timeout: 10_000 })
      .toBe(3);
    const lateness: number[] = [];
    for (const { id, end } of leased) {
      const events = await historyOf(id);
      expect(events.map(({ event_type }) => event_type)).toEqual([
        'packet.created',
        'packet.claimed',
        'packet.claim_expired',
      ]);
      const at = Date.parse(events.at(-1)?.timestamp ?? '');
      expect(at).toBeGreaterThanOrEqual(end);
      lateness.push(at - Math.max(end, backAt));
    }
    expect(Math.max(...lateness)).toBeLessThan(3_500);
    expect((await client.get(`packets/${kept}`)).body).toMatchObject({ status: 'claimed', revision: 2 });
  });
});
