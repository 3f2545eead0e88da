import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnyJson, type Client, createClient, fencedBlocks, freePort } from '#libs/testing';
import { type Rail, smallPacket, startRail } from '#libs/testing';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

const example = async (): Promise<string> => {
  const [code] = fencedBlocks(await readFile(`${repository}docs/nats.md`, 'utf8'), 'js agent');
  if (code === undefined) throw new Error('docs/nats.md has no example');
  return code;
};

describe.each([
  ['the whole rail in one process', false],
  ['one process per service', true],
])('agents on NATS, with %s', (_name, services) => {
  let rail: Rail;
  let admin: Client;
  let server: string;
  const open: NatsConnection[] = [];

  beforeAll(async () => {
    const port = await freePort();
    server = `127.0.0.1:${port}`;
    rail = await startRail({ services, env: { HR_NATS_PORT: String(port) } });
    admin = createClient(rail.url, rail.key);
  });

  afterAll(async () => {
    await Promise.all(open.map((nats) => nats.close()));
    await admin?.close();
    await rail?.stop();
  });

  const newKey = async (): Promise<AnyJson> =>
    (await admin.post('keys', { name: 'an agent', role: 'writer' })).body;

  const connectAs = async ({ key, id }: AnyJson, more: ConnectionOptions = {}): Promise<NatsConnection> => {
    const options = { servers: server, token: key, inboxPrefix: `_INBOX.${id}`, reconnect: false };
    const nats = await connect({ ...options, ...more });
    open.push(nats);
    return nats;
  };

  it('runs the example of the docs', async () => {
    const { key, id, tenant_id } = await newKey();
    const env = { SERVER: server, API_KEY: key, KEY_ID: id, TENANT: tenant_id, PATH: process.env['PATH'] };
    const options = { cwd: repository, env, timeout: 30_000 };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', await example()], options);
    expect(stdout).toBe(
      'working on: Invoice 4711 was paid twice: refund the second payment.\nheard: packet.completed\n',
    );
    expect(rail.process.output()).toContain(`nats://${server} with their API keys`);
  });

  it('gives back what an agent that has gone was given, at once and without a lease', async () => {
    const key = await newKey();
    const leaves = await connectAs(key);
    const subject = `hr.api.${key.tenant_id}.${key.id}.claim-next`;
    const wanted = JSON.stringify({ agent_id: 'gone-01', wait_seconds: 10 });
    leaves.publish(subject, wanted, { reply: `_INBOX.${key.id}.nobody` });
    await leaves.flush();
    await leaves.close();
    const { body: made } = await admin.post('packets', smallPacket('gone-01'));
    await expect
      .poll(
        async () =>
          (await admin.get(`packets/${made.id}/history`)).body.events?.map((e: AnyJson) => e.event_type),
        {
          timeout: 10_000,
        },
      )
      .toEqual(['packet.created', 'packet.claimed', 'packet.released']);
    expect((await admin.get(`packets/${made.id}`)).body.status).toBe('created');
  });

  it('keeps what an agent that is there was given', async () => {
    const key = await newKey();
    const nats = await connectAs(key);
    const { body: made } = await admin.post('packets', smallPacket('there-01'));
    const subject = `hr.api.${key.tenant_id}.${key.id}.claim-next`;
    const wanted = JSON.stringify({ agent_id: 'there-01', wait_seconds: 5 });
    const answer = (await nats.request(subject, wanted, { timeout: 10_000 })).json<AnyJson>();
    expect(answer.packets.map(({ id }: AnyJson) => id)).toEqual([made.id]);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await admin.get(`packets/${made.id}`)).body).toMatchObject({
      status: 'claimed',
      claim: { agent: { id: 'there-01' } },
    });
  });

  it('goes on when NATS was killed: agents come back, and a revoked key does not', async () => {
    const [key, gone] = [await newKey(), await newKey()];
    const options = { reconnectTimeWait: 200, maxReconnectAttempts: -1, ignoreAuthErrorAbort: true };
    const nats = await connectAs(key, { reconnect: true, ...options });
    await connectAs(gone);
    const pid = Number(await readFile(`${rail.dataDir}/nats/nats.pid`, 'utf8'));
    process.kill(pid, 'SIGKILL');
    const ask = async (): Promise<string | undefined> => {
      const subject = `hr.api.${key.tenant_id}.${key.id}.create`;
      const answer = await nats.request(subject, JSON.stringify(smallPacket()), { timeout: 2_000 });
      return answer.headers?.get('HandoffRail-Status');
    };
    await expect.poll(() => ask().catch(() => undefined), { timeout: 30_000, interval: 200 }).toBe('201');
    expect((await admin.send('DELETE', `keys/${gone.id}`)).status).toBe(204);
    await expect(connectAs(gone)).rejects.toThrow(/authorization/i);
  }, 45_000);

  it('answers those who wait before it stops', async () => {
    const key = await newKey();
    const nats = await connectAs(key);
    const subject = `hr.api.${key.tenant_id}.${key.id}.claim-next`;
    const wanted = JSON.stringify({ agent_id: 'patient-01', wait_seconds: 25 });
    const answer = nats.request(subject, wanted, { timeout: 30_000 }).then((message) => message.json());
    await pause(500);
    const since = performance.now();
    const [heard] = await Promise.all([answer, rail.process.stop('SIGINT')]);
    expect(heard).toEqual({ packets: [] });
    expect(performance.now() - since).toBeLessThan(15_000);
  }, 40_000);
});
