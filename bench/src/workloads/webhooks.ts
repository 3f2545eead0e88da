import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient, realisticPacket, startRail, startServers } from '#libs/testing';
import { Latencies, median } from '../measure.js';
import { atLeast, atMost, exactly, plain, record } from '../report.js';
import { seedLog } from '../seed.js';

type Answer = (response: ServerResponse) => void;

interface Receiver {
  url: string;
  /** When each message came (epoch ms), by its id: the first time counts. */
  came: Map<string, { at: number; occurredAt: number }>;
  /** Requests, those that came again included. */
  requests: number;
  stop(): void;
}

const accept: Answer = (response) => void response.writeHead(204).end();

const receive = async (answer: Answer = accept): Promise<Receiver> => {
  const came: Receiver['came'] = new Map();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      receiver.requests += 1;
      const id = `${request.url} ${String(request.headers['webhook-id'])}`;
      // What is measured is the way here, not what a receiver does with a body.
      const [, time = ''] = /"timestamp":"([^"]+)"/.exec(Buffer.concat(chunks).toString('utf8')) ?? [];
      if (!came.has(id)) came.set(id, { at: Date.now(), occurredAt: Date.parse(time) });
      answer(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  const receiver: Receiver = { url, came, requests: 0, stop };
  return receiver;
};

const untilCame = async ({ came }: Receiver, count: number, seconds: number): Promise<void> => {
  const end = Date.now() + seconds * 1_000;
  while (came.size < count && Date.now() < end) await pause(5);
};

const register = async (client: Client, url: string, payload = 'full'): Promise<void> => {
  const answer = await client.post('hooks', { url, payload, events: ['packet.created'] });
  if (answer.status !== 201) throw new Error(`no webhook: ${JSON.stringify(answer.body)}`);
};

const env = { HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32' };
const endpoints = 8;

interface Drained {
  perSecond: number;
  came: number;
  again: number;
}

/** Deliveries per second when many events come in one breath. */
const drained = async (packets: number): Promise<Drained> => {
  const servers = await startServers({ postgres: true, durability: 'strict' });
  const rail = await startRail({
    env: { ...env, NATS_URL: servers.natsUrl, DATABASE_URL: servers.databaseUrl },
  });
  const client = createClient(rail.url, rail.key, 4);
  const receiver = await receive();
  try {
    for (let nth = 0; nth < endpoints; nth += 1) await register(client, `${receiver.url}/${nth}`);
    await seedLog(servers.natsUrl, packets, { durability: 'strict', claimEvery: 0 });
    await untilCame(receiver, packets * endpoints, 120);
    const times = [...receiver.came.values()].map(({ at }) => at).sort((a, b) => a - b);
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
    const came = receiver.came.size;
    return { perSecond: came / seconds, came, again: receiver.requests - came };
  } finally {
    await client.close();
    await rail.stop();
    receiver.stop();
    await servers.stop();
  }
};

const sick: readonly Answer[] = [
  // It never answers within the time that an attempt has.
  () => undefined,
  (response) => void response.writeHead(500).end(),
  (response) => void response.writeHead(429, { 'retry-after': '5' }).end(),
  (response) => void response.socket?.destroy(),
];

/** Creates at a steady rate and tells how long each event took to the healthy endpoint. */
const latencies = async (client: Client, healthy: Receiver, seconds: number): Promise<Latencies> => {
  const perSecond = 50;
  const before = healthy.came.size;
  const known = new Set(healthy.came.keys());
  const creating: Promise<unknown>[] = [];
  for (let nth = 0; nth < seconds * perSecond; nth += 1) {
    creating.push(client.post('packets', realisticPacket(nth)));
    await pause(1_000 / perSecond);
  }
  await Promise.all(creating);
  await untilCame(healthy, before + creating.length, 30);
  const all = new Latencies();
  for (const [id, { at, occurredAt }] of healthy.came) if (!known.has(id)) all.add(at - occurredAt);
  return all;
};

interface Compared {
  alone: number;
  beside: number;
  lost: number;
}

const besideSick = async (seconds: number): Promise<Compared> => {
  const rail = await startRail({ env });
  const client = createClient(rail.url, rail.key, 16);
  const healthy = await receive();
  const others = await Promise.all(sick.map(receive));
  try {
    await register(client, healthy.url);
    // The first ones find a process that is still cold.
    await latencies(client, healthy, 3);
    const alone = await latencies(client, healthy, seconds);
    for (const { url } of others) await register(client, url);
    const beside = await latencies(client, healthy, seconds);
    const lost = 2 * seconds * 50 - alone.count - beside.count;
    return { alone: alone.quantile(0.99), beside: beside.quantile(0.99), lost };
  } finally {
    await client.close();
    await rail.stop();
    for (const receiver of [healthy, ...others]) receiver.stop();
  }
};

/** W5: webhooks to a local receiver. */
export const w5 = async ({ runs, seconds }: { runs: number; seconds: number }) => {
  const packets = 2_500;
  const drains: Drained[] = [];
  const compared: Compared[] = [];
  for (let run = 0; run < runs; run += 1) {
    drains.push(await drained(packets));
    compared.push(await besideSick(seconds));
  }
  const rates = drains.map(({ perSecond }) => perSecond);
  const ratios = compared.map(({ alone, beside }) => beside / Math.max(1, alone));
  record(
    {
      workload: 'W5',
      title: `webhooks: ${packets.toLocaleString('en')} events to ${endpoints} endpoints; one healthy endpoint beside four sick ones`,
      setting: `strict durability, standalone, full packets of 2 KiB, ${runs} runs, 50 events/s for ${seconds} s each for the latency`,
    },
    [
      atLeast(plain('deliveries, median', median(rates), '/s'), 1_500),
      exactly(
        plain('deliveries that came, fewest', Math.min(...drains.map(({ came }) => came)), ''),
        packets * endpoints,
      ),
      plain('that came more than once, most', Math.max(...drains.map(({ again }) => again)), ''),
      plain(
        'healthy endpoint alone: event → receiver, p99',
        median(compared.map(({ alone }) => alone)),
        'ms',
      ),
      plain('beside four sick ones, p99', median(compared.map(({ beside }) => beside)), 'ms'),
      atMost(plain('ratio, median', median(ratios), ''), 1.5),
      exactly(
        plain('events that the healthy one did not get', Math.max(...compared.map(({ lost }) => lost)), ''),
        0,
      ),
    ],
  );
};
