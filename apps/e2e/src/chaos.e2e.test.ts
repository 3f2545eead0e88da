import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient, type Fleet, startFleet, startServers } from '#libs/testing';
import { killEachInTurn, startLoad } from './chaos.js';

// `npm run chaos` sets it: how often everything is killed once.
const rounds = Number(process.env['HR_CHAOS_ROUNDS'] ?? 1);
const betweenMs = 3_000;

let servers: Awaited<ReturnType<typeof startServers>>;
let databaseUrl: string;
let fleet: Fleet;
let client: Client;
beforeAll(async () => {
  servers = await startServers({ postgres: true, durability: 'strict', supervise: true });
  databaseUrl = await servers.newDatabase();
  fleet = await startFleet({ natsUrl: servers.natsUrl, databaseUrl });
  client = createClient(fleet.url, fleet.key, 64);
});
afterAll(async () => {
  await client?.close();
  await fleet?.stop();
  await servers?.stop();
});

const historyOf = async (id: string): Promise<string[]> => {
  const { body } = await client.get(`packets/${id}/history`);
  return body.events.map((event: { event_type: string }) => event.event_type);
};

const inParallel = async <T>(items: T[], work: (item: T) => Promise<void>) => {
  const queue = [...items];
  const loop = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: 32 }, loop));
};

test(
  'killing each service, NATS and Postgres under load loses nothing, repeats nothing, and needs no hand',
  { timeout: rounds * 120_000 + 120_000 },
  async ({ onTestFailed }) => {
    onTestFailed(() => void process.stderr.write(fleet.output().slice(-10_000)));
    const load = startLoad(client, 16);
    for (let round = 0; round < rounds; round += 1) {
      await killEachInTurn(
        { fleet, natsPid: () => servers.nats.pid(), postgresPid: () => servers.postgres?.pid() },
        betweenMs,
      );
    }
    const report = await load.stop();
    expect(report.surprises).toEqual([]);
    expect(report.completed.length).toBeGreaterThan(30);

    await expect
      .poll(async () => (await client.get('packets?limit=1&status=completed')).headers['handoffrail-stale'], {
        timeout: 30_000,
      })
      .toBeUndefined();
    const wrong: string[] = [];
    await inParallel(report.completed, async (id) => {
      const packet = await client.get(`packets/${id}`);
      const history = (await historyOf(id)).join();
      if (packet.body.status !== 'completed' || packet.body.revision !== 3)
        wrong.push(`${id}: ${packet.body.status} ${packet.body.revision}`);
      if (history !== 'packet.created,packet.claimed,packet.completed') wrong.push(`${id}: ${history}`);
    });
    expect(wrong).toEqual([]);
    const stats = await client.get('stats');
    expect(stats.body.by_status.completed).toBe(report.completed.length);
    expect(stats.body.total).toBe(report.completed.length);

    const verified = await promisify(execFile)(
      process.execPath,
      ['dist/apps/projector/cli.js', 'verify', '--json'],
      {
        env: { ...process.env, NATS_URL: servers.natsUrl, DATABASE_URL: databaseUrl },
      },
    );
    expect(JSON.parse(verified.stdout.trim().split('\n').at(-1) ?? '{}')).toMatchObject({ equal: true });
  },
);
