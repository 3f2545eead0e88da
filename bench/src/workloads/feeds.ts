import { setTimeout as pause } from 'node:timers/promises';
import {
  type Client,
  createClient,
  type Rail,
  readEvents,
  realisticPacket,
  type SseReader,
  startRail,
} from '#libs/testing';
import { Latencies, median } from '../measure.js';
import { atMost, exactly, plain, record } from '../report.js';

const readers = 50;
const eventsPerSecond = 100;
/** What the first events take shows how cold the process is. */
const unmeasured = 100;
const agent = 'billing-01';

/** When an event was asked for, and when its command was answered. */
interface Sent {
  at: number;
  answeredAt: number;
}

const keyOf = (packet: string, revision: number): string => `${packet} ${revision}`;

/** Sends commands at a fixed rate, each packet created, claimed and completed; gives each event's times. */
const write = async (client: Client, seconds: number): Promise<Map<string, Sent>> => {
  const sent = new Map<string, Sent>();
  const began = performance.now();
  let due = 0;
  const paced = async (path: string, body: object): Promise<string> => {
    await pause(Math.max(0, began + (due += 1_000 / eventsPerSecond) - performance.now()));
    const at = performance.now();
    const answer = await client.post(path, body);
    sent.set(keyOf(answer.body.id, answer.body.revision), { at, answeredAt: performance.now() });
    return answer.body.id as string;
  };
  for (let serial = 0; serial < (seconds * eventsPerSecond) / 3; serial += 1) {
    const id = await paced('packets', realisticPacket(serial, agent));
    await paced(`packets/${id}/claim`, { agent_id: agent });
    await paced(`packets/${id}/complete`, { result: { done: true } });
  }
  return sent;
};

interface Heard {
  fromAnswer: Latencies;
  fromRequest: Latencies;
  lost: number;
  twice: number;
  events: number;
}

const compare = (sent: ReadonlyMap<string, Sent>, streams: readonly SseReader[]): Heard => {
  const heard = {
    fromAnswer: new Latencies(),
    fromRequest: new Latencies(),
    lost: 0,
    twice: 0,
    events: sent.size,
  };
  const measured = new Set([...sent.keys()].slice(unmeasured));
  for (const { events } of streams) {
    const came = new Map<string, number>();
    for (const { data, at } of events.filter(({ type }) => type.startsWith('packet.'))) {
      const key = keyOf(data.packet_id, data.revision);
      if (came.has(key)) heard.twice += 1;
      came.set(key, at);
      const times = measured.has(key) ? sent.get(key) : undefined;
      if (times === undefined) continue;
      heard.fromAnswer.add(at - times.answeredAt);
      heard.fromRequest.add(at - times.at);
    }
    heard.lost += [...sent.keys()].filter((key) => !came.has(key)).length;
  }
  return heard;
};

const runOnce = async (rail: Rail, seconds: number): Promise<Heard> => {
  const client = createClient(rail.url, rail.key, 8);
  const open = () => readEvents(`${rail.url}/api/v1/events`, { key: rail.key });
  const streams = await Promise.all(Array.from({ length: readers }, open));
  try {
    const sent = await write(client, seconds);
    await pause(1_000);
    return compare(sent, streams);
  } finally {
    streams.forEach((stream) => stream.cut());
    await client.close();
  }
};

/** W6: from a command to fifty readers of server-sent events. */
export const w6 = async ({ runs, seconds }: { runs: number; seconds: number }): Promise<void> => {
  const heard: Heard[] = [];
  for (let run = 0; run < runs; run += 1) {
    const rail = await startRail({ env: { HR_DURABILITY: 'strict' } });
    try {
      heard.push(await runOnce(rail, seconds));
    } finally {
      await rail.stop();
    }
  }
  const latency = (from: 'fromAnswer' | 'fromRequest', quantile: number): number =>
    median(heard.map((one) => one[from].quantile(quantile)));
  const sum = (of: 'lost' | 'twice'): number => heard.reduce((total, one) => total + one[of], 0);
  record(
    {
      workload: 'W6',
      title: `live feed: ${readers} readers over SSE at ${eventsPerSecond} events/s`,
      setting: `strict durability, standalone, median of ${runs} runs of ${seconds} s; every reader gets every event`,
    },
    [
      plain('from the answer to the command, p50', latency('fromAnswer', 0.5), 'ms'),
      atMost(plain('from the answer to the command, p99', latency('fromAnswer', 0.99), 'ms'), 20),
      plain('from the command being sent, p50', latency('fromRequest', 0.5), 'ms'),
      plain('from the command being sent, p99', latency('fromRequest', 0.99), 'ms'),
      plain('events in a run', median(heard.map(({ events }) => events)), ''),
      exactly(plain('events lost, over all readers', sum('lost'), ''), 0),
      exactly(plain('events twice, over all readers', sum('twice'), ''), 0),
    ],
  );
};
