import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectNats, PacketLog } from '#libs/event-log';
import { createClient, type Fleet, readEvents, startFleet, startServers } from '#libs/testing';
import { startLoad } from './chaos.js';

let servers: Awaited<ReturnType<typeof startServers>>;
let fleet: Fleet;
beforeAll(async () => {
  servers = await startServers({ postgres: true, durability: 'strict', supervise: true });
  fleet = await startFleet({
    natsUrl: servers.natsUrl,
    databaseUrl: await servers.newDatabase(),
    copies: { gateway: 2, projector: 2 },
    env: { HR_LOG_LEVEL: 'debug' },
  });
});
afterAll(async () => {
  await fleet?.stop();
  await servers?.stop();
});

/** Somebody who comes back, to another gateway, whenever the stream breaks; the cursor is all that it keeps. */
const startReader = (serial: number) => {
  const heard: string[] = [];
  const stopping = new AbortController();
  let breaks = 0;
  const loop = async (): Promise<void> => {
    let lastEventId: string | undefined;
    for (let round = serial; !stopping.signal.aborted; round += 1) {
      const url = `${fleet.urls[round % fleet.urls.length]}/api/v1/events?token=${fleet.key}`;
      const reader = await readEvents(url, { lastEventId: lastEventId ?? '0-0' }).catch(() => undefined);
      if (reader?.status === 200) {
        stopping.signal.addEventListener('abort', () => reader.cut());
        await reader.ended;
        const packets = reader.events.filter(({ type }) => type.startsWith('packet.'));
        heard.push(...packets.map(({ data }) => `${data.packet_id} ${data.revision}`));
        expect(reader.events.filter(({ type }) => type === 'gap')).toEqual([]);
        lastEventId = reader.lastId;
        breaks += 1;
      }
      await pause(50);
    }
  };
  const done = loop();
  return {
    stop: async () => {
      stopping.abort();
      await done;
      return { heard, breaks };
    },
  };
};

const logged = async (): Promise<string[]> => {
  const nats = await connectNats(servers.natsUrl, 'test');
  const quiet = () => undefined;
  const log = new PacketLog(nats, { logger: { debug: quiet, info: quiet, warn: quiet, error: quiet } });
  const found: string[] = [];
  for (let [from, end] = [1, false]; !end;) {
    const page = await log.read(from);
    found.push(...page.events.map(({ event }) => `${event.packet_id} ${event.revision}`));
    ({ next: from, end } = page);
  }
  log.close();
  await nats.close();
  return found;
};

test(
  'readers of two gateways hear each event once, in order, whatever is killed',
  { timeout: 180_000 },
  async ({ onTestFailed }) => {
    onTestFailed(() => void process.stderr.write(fleet.output().slice(-10_000)));
    const client = createClient(fleet.url, fleet.key, 16);
    const readers = Array.from({ length: 6 }, (_, serial) => startReader(serial));
    const load = startLoad(client, 4);
    const killServer = (pid: number | undefined) => process.kill(pid ?? 0, 'SIGKILL');
    const kills = [
      () => fleet.killAndRestart('projector', 0),
      () => fleet.killAndRestart('gateway', 1),
      () => fleet.killAndRestart('projector', 1),
      () => killServer(servers.nats.pid()),
      () => killServer(servers.postgres?.pid()),
      () => fleet.killAndRestart('projector', 0),
      () => fleet.killAndRestart('gateway', 0),
    ];
    for (const kill of kills) {
      await pause(2_500);
      await kill();
    }
    await pause(2_500);
    const { surprises } = await load.stop();
    expect(surprises).toEqual([]);
    await expect
      .poll(async () => (await client.get('/ready')).body.checks?.projection?.lag_events, { timeout: 30_000 })
      .toBe(0);
    // What was announced and lost at the very end is looked for after five seconds.
    await pause(6_000);
    const events = await logged();
    expect(events.length).toBeGreaterThan(100);
    for (const reader of readers) {
      const { heard, breaks } = await reader.stop();
      expect(heard).toEqual(events);
      expect(breaks).toBeGreaterThan(1);
    }
    // The key was in every address, and every request in the log.
    expect(fleet.output()).toContain('"route":"/api/v1/events"');
    expect(fleet.output()).not.toContain(fleet.key);
    await client.close();
  },
);
