import { setTimeout as delay } from 'node:timers/promises';
import {
  type AnyJson,
  type Client,
  createClient,
  type Fleet,
  noWork,
  startFleet,
  startServers,
  untilReady,
} from '#libs/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const rounds = 4;
const workers = 8;

let servers: Awaited<ReturnType<typeof startServers>>;
let fleet: Fleet;
/** On the gateway that is killed, and on the one that stays. */
let victim: Client;
let witness: Client;
beforeAll(async () => {
  servers = await startServers({ postgres: true });
  const databaseUrl = await servers.newDatabase();
  fleet = await startFleet({ natsUrl: servers.natsUrl, databaseUrl, copies: { ...noWork, gateway: 2 } });
  [victim, witness] = fleet.urls.map((url) => createClient(url, fleet.key, workers)) as [Client, Client];
});
afterAll(async () => {
  await Promise.all([victim, witness].map((client) => client?.close()));
  await fleet?.stop();
  await servers?.stop();
});

/** Makes keys until it is stopped, whether the gateway answers or not. */
const startMaking = (acknowledged: string[]) => {
  let running = true;
  let serial = 0;
  const work = async (): Promise<void> => {
    while (running) {
      const name = `key ${(serial += 1)}`;
      const answer = await victim.post('keys', { name }).catch(() => null);
      if (answer?.status === 201) acknowledged.push(name);
      else await delay(20);
    }
  };
  const done = Promise.all(Array.from({ length: workers }, work));
  return async (): Promise<void> => {
    running = false;
    await done;
  };
};

const keyNames = async (): Promise<string[]> => {
  const names: string[] = [];
  for (let cursor = ''; ;) {
    const { body } = await witness.get(`keys?limit=200${cursor}`);
    names.push(...body.keys.map(({ name }: AnyJson) => name));
    if (body.next_cursor === null) return names;
    cursor = `&cursor=${body.next_cursor}`;
  }
};

const audited = async (): Promise<AnyJson[]> => {
  const { status, body } = await witness.get('audit?action=control.create_key&format=jsonl');
  expect(status).toBe(200);
  return body
    .trimEnd()
    .split('\n')
    .map((line: string) => JSON.parse(line));
};

test('nothing that was changed is missing in the audit, whatever is killed', async () => {
  const acknowledged: string[] = [];
  const stopMaking = startMaking(acknowledged);
  for (let round = 0; round < rounds; round += 1) {
    await delay(700 + 130 * round);
    await fleet.killAndRestart(round === 1 ? 'projector' : 'gateway', 0);
    if (round !== 1) await untilReady(`${fleet.urls[0]}/ready`, fleet.member('gateway', 0));
  }
  await stopMaking();
  const made = (await keyNames()).filter((name) => name.startsWith('key '));
  expect(acknowledged.length).toBeGreaterThan(20);
  // The projector may still be at it.
  await expect
    .poll(
      async () => {
        const kept = new Map((await audited()).map(({ details, outcome }) => [details.name, outcome]));
        return {
          missing: made.filter((name) => !kept.has(name)),
          unsure: acknowledged.filter((name) => kept.get(name) !== 'done'),
          untrue: [...kept].filter(([name, outcome]) => outcome === 'done' && !made.includes(name)),
        };
      },
      { timeout: 30_000 },
    )
    .toEqual({ missing: [], unsure: [], untrue: [] });
});
