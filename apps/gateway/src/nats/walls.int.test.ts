import { setTimeout as delay } from 'node:timers/promises';
import { agentInboxOf, agentRequestSubject, buckets, streams } from '#libs/contracts';
import { startRuntime } from '#libs/service-kit';
import { type Client, freePort, newApiKey, smallPacket } from '#libs/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { errors, type Msg } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { asyncApi } from '../openapi/asyncapi.js';
import { startGateway } from '../start-gateway.js';
import { mostConnections } from './key-connections.js';
import { makeKey, type MadeKey, NatsAgent } from './nats.features.js';

let gateway: TestGateway;
let admin: Client;
let agent: NatsAgent;
/** A colleague in the same tenant, and somebody in another. */
let colleague: NatsAgent;
let stranger: NatsAgent;

const agentOf = async (client: Client): Promise<NatsAgent> =>
  NatsAgent.connect(gateway.servers, await makeKey(client, { name: 'an agent', role: 'writer' }));

const newTenant = async (name: string): Promise<Client> => {
  const { body } = await admin.post('tenants', { name, tier: 'unlimited' });
  const key = await makeKey(admin, { name: 'admin', role: 'admin', tenant_id: body.id });
  return gateway.client(key.key);
};

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = gateway.client();
  const other = await newTenant('strangers');
  [agent, colleague, stranger] = await Promise.all([agentOf(admin), agentOf(admin), agentOf(other)]);
});

afterAll(async () => {
  await Promise.all([agent, colleague, stranger].map(({ nats }) => nats.close()));
  await gateway.stop();
});

/** The subjects of the API description, with something in place of each parameter. */
const described = (): string[] => {
  const { channels } = asyncApi() as { channels: Record<string, { address: string }> };
  return Object.values(channels).map(({ address }) =>
    address
      .replace('{tenant}', agent.key.tenant_id)
      .replace('{key_id}', colleague.key.id)
      .replaceAll(/\{\w+\}/g, 'x'),
  );
};

const requestOf = (key: MadeKey, tenant = key.tenant_id): string =>
  agentRequestSubject({ tenant, keyId: key.id, operation: 'list' });

const elsewhere = (): string[] => [
  ...described(),
  ...Object.values(buckets).map((bucket) => `$KV.${bucket}.x`),
  ...Object.values(streams).map((stream) => `$JS.API.STREAM.DELETE.${stream}`),
  '$JS.API.INFO',
  '$JS.API.DIRECT.GET.HR_PACKETS',
  '$JS.ACK.HR_PACKETS.x',
  '$SYS.REQ.USER.AUTH',
  '$SYS.REQ.USER.INFO',
  '$SYS.REQ.SERVER.PING.CONNZ',
  '$SYS.REQ.ACCOUNT.PING.CONNZ',
  '$SRV.PING',
  'hr.timers.cancel',
  'hr.api',
  'anything',
  `${agentInboxOf(colleague.key.id)}.x`,
  `${agentInboxOf(agent.key.id)}.x`,
  requestOf(colleague.key),
  requestOf(stranger.key),
  requestOf(agent.key, stranger.key.tenant_id),
];

describe('a connection of an agent', () => {
  it('publishes nothing but its own requests', async () => {
    const seen: string[] = [];
    const mark = `from-an-agent-${agent.key.id}`;
    const spy = gateway.runtime.nats.subscribe('>', {
      callback: (_error, message) => {
        if (message.string() === mark) seen.push(message.subject);
      },
    });
    await gateway.runtime.nats.flush();
    const subjects = elsewhere();
    for (const subject of subjects) agent.nats.publish(subject, mark);
    const own = agent.subject('get', 'x');
    agent.nats.publish(own, mark);
    await agent.nats.flush();
    await gateway.runtime.nats.flush();
    await delay(50);
    spy.unsubscribe();
    expect(subjects.length).toBeGreaterThan(50);
    expect(seen).toEqual([own]);
  });

  it('hears nothing but the feed of its tenant, and its own inbox', async () => {
    const { tenant_id: tenant, id } = agent.key;
    const subjects = [
      ...['>', '*', '*.>', '*.*', '$SYS.>', '$JS.>', '$KV.>', '$SRV.>', '_INBOX.>', '_INBOX.*', '_INBOX.*.*'],
      ...['hr.>', 'hr.*.>', 'hr.*.*.>', 'hr.feed.>', 'hr.feed.*.>', 'hr.feed.*.*.packet.created'],
      ...['hr.packets.>', 'hr.cmd.>', 'hr.call.>', 'hr.api.>', `hr.api.${tenant}.${id}.>`, 'hr.position'],
      `hr.feed.${stranger.key.tenant_id}.>`,
      `hr.packets.${tenant}.*`,
      `${agentInboxOf(colleague.key.id)}.>`,
      ...described(),
    ].filter((subject) => !subject.startsWith(`hr.feed.${tenant}.`));
    const refused = subjects.map(
      (subject, index) =>
        new Promise<unknown>((resolve) => {
          const callback = (error: Error | null, message: Msg) => resolve(error ?? message.subject);
          // A queue group is no way around.
          agent.nats.subscribe(subject, { callback, ...(index % 2 === 1 && { queue: 'gateway' }) });
        }),
    );
    await admin.post('packets', smallPacket());
    for (const error of await Promise.all(refused)) {
      expect(error).toBeInstanceOf(errors.PermissionViolationError);
      expect(error).toMatchObject({ operation: 'subscription' });
    }
  });

  it('hears of its own tenant what the others of it do, and nothing of another', async () => {
    const heard = async ({ nats, key }: NatsAgent): Promise<string[]> => {
      const subjects: string[] = [];
      nats.subscribe(`hr.feed.${key.tenant_id}.*.packet.created`, {
        callback: (_error, message) => void subjects.push(message.subject),
      });
      await nats.flush();
      return subjects;
    };
    const [ours, theirs] = [await heard(agent), await heard(stranger)];
    const { body } = await colleague.ask('create', { body: smallPacket() });
    const other = await stranger.ask('create', { body: smallPacket() });
    const about = (tenant: string, id: string) => `hr.feed.${tenant}.${id}.packet.created`;
    const [here, there] = [about(agent.key.tenant_id, body.id), about(stranger.key.tenant_id, other.body.id)];
    await expect.poll(() => ours.includes(here) && theirs.includes(there), { timeout: 5_000 }).toBe(true);
    expect(ours.filter((subject) => !subject.startsWith(`hr.feed.${agent.key.tenant_id}.`))).toEqual([]);
    expect(theirs).toEqual([there]);
    expect((await stranger.ask('get', { id: body.id })).status).toBe(404);
  });

  it('cannot have the rail publish for it where it must not itself', async () => {
    const manager = await jetstreamManager(gateway.runtime.nats);
    const heard: string[] = [];
    const reply = [
      `$JS.API.STREAM.DELETE.${streams.packets}`,
      '$KV.HR_KEYS.x',
      'hr.cmd.ingestion.create',
      `hr.feed.${agent.key.tenant_id}.x.packet.created`,
      `${agentInboxOf(colleague.key.id)}.x`,
      `${agentInboxOf(agent.key.id)}x.y`,
      agentInboxOf(agent.key.id),
    ];
    const spies = reply.map((subject) =>
      gateway.runtime.nats.subscribe(subject, { callback: (_error, { subject: of }) => void heard.push(of) }),
    );
    await gateway.runtime.nats.flush();
    const before = (await admin.get('packets?limit=1')).body.total;
    for (const to of reply)
      agent.nats.publish(agent.subject('create'), JSON.stringify(smallPacket()), { reply: to });
    expect((await agent.ask('list', { body: { limit: 1 } })).body.total).toBe(before);
    spies.forEach((spy) => spy.unsubscribe());
    expect(heard).toEqual([]);
    expect((await manager.streams.info(streams.packets)).config.name).toBe(streams.packets);
  });

  it('is refused without a key that works', async () => {
    const servers = new URL(gateway.servers.natsUrl).host;
    for (const access of [{}, { token: newApiKey() }, { token: 'x'.repeat(1_000) }, { user: 'a', pass: 'b' }])
      await expect(connect({ servers, reconnect: false, ...access })).rejects.toThrow(/authorization/i);
  });

  it('is one of a hundred at most with the same key, and the rest have theirs', async () => {
    const key = await makeKey(admin, { name: 'many', role: 'reader' });
    const connecting = Array.from({ length: mostConnections + 20 }, () =>
      NatsAgent.connect(gateway.servers, key, { timeout: 10_000 }),
    );
    const open = (await Promise.allSettled(connecting)).flatMap((one) =>
      one.status === 'fulfilled' ? [one.value] : [],
    );
    try {
      expect(open).toHaveLength(mostConnections);
      await agentOf(admin).then(({ nats }) => nats.close());
      await Promise.all(open.splice(10).map(({ nats }) => nats.close()));
      await expect
        .poll(
          () =>
            NatsAgent.connect(gateway.servers, key).then(
              (agentLetIn) => open.push(agentLetIn),
              () => 0,
            ),
          { timeout: 6_000 },
        )
        .toBe(11);
    } finally {
      await Promise.all(open.map(({ nats }) => nats.close()));
    }
  });

  it('is waited for: a gateway that may not see the connections does not listen', async () => {
    const { config, logger } = gateway.runtime;
    const port = await freePort();
    const natsSystemUrl = gateway.servers.nats.systemUrl.replace(/:[^:@]+@/, ':wrong@');
    const runtime = await startRuntime({
      service: 'gateway',
      config: { ...config, port, natsSystemUrl },
      logger,
    });
    await expect(startGateway(runtime)).rejects.toThrow(/HR_NATS_SYSTEM_URL/);
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
    await runtime.stop();
  });
});
