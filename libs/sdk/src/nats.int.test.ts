import { freePort, type Rail, startRail } from '#libs/testing';
import { connect, type ConnectionOptions, headers, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HandoffRail } from './client.js';
import {
  AlreadyClaimedError,
  ConnectionError,
  NotFoundError,
  PayloadTooLargeError,
  PermissionError,
  ValidationError,
} from './errors.js';
import type { PacketDocument } from './generated/wire.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const agentId = 'billing-01';
const flat = (more = {}) => ({ sourceAgent: 'sales-01', targetAgent: agentId, summary: 'Refund', ...more });

describe('the client on NATS', () => {
  let server: Rail;
  let natsPort: number;
  let admin: HandoffRail;
  let rail: HandoffRail;
  const open: NatsConnection[] = [];

  /** A client of a new key, on a plain connection. */
  const clientOf = async (role: 'writer' | 'reader' = 'writer', more: ConnectionOptions = {}) => {
    const key = await admin.keys.create({ name: role, role });
    const connection = await connect({
      servers: `127.0.0.1:${natsPort}`,
      token: key.key!,
      inboxPrefix: `_INBOX.${key.id}`,
      ...more,
    });
    open.push(connection);
    // Nobody is there over HTTP: whatever works comes over NATS.
    const http = new HandoffRail({ baseUrl: 'http://127.0.0.1:1', apiKey: key.key!, timeoutMs: 5_000 });
    const client = http.nats(connection, { tenantId: key.tenant_id, keyId: key.id, headers });
    return { key, connection, client, http };
  };

  beforeAll(async () => {
    natsPort = await freePort();
    server = await startRail({ env: { HR_DURABILITY: 'relaxed', HR_NATS_PORT: String(natsPort) } });
    admin = new HandoffRail({ baseUrl: server.url, apiKey: server.key });
    rail = (await clientOf()).client;
  });

  afterAll(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await server.stop();
  });

  const make = (more = {}) => rail.createPacket(flat(more));
  const taken = async () => rail.claimPacket(await make(), { agentId, leaseSeconds: 600 });

  it('carries a packet from its creation to its end, with the token of its claim', async () => {
    const packet = await make({ tags: ['nats'], custom: { name: 'Ärger' } });
    expect(await rail.getPacket(packet)).toEqual(await admin.getPacket(packet));
    await rail.claimPacket(packet, { agentId, leaseSeconds: 600 });
    await rail.startPacket(packet.id);
    await rail.reportProgress(packet.id, { percent: 40 });
    expect(await rail.heartbeat(packet.id)).toMatchObject({ directive: 'continue' });
    await rail.updatePacket(packet.id, { context: { custom: { checked: true } } });
    const child = await rail.chainPacket(packet.id, flat({ sourceAgent: agentId }));
    expect((await rail.getLineage(child)).root.id).toBe(packet.id);
    expect((await rail.completePacket(packet.id, { result: 1 })).result).toBe(1);
    const types: string[] = [];
    for await (const event of rail.getPacketHistory(packet, { limit: 2 })) types.push(event.event_type);
    expect(types.at(-1)).toBe('packet.completed');
    expect(types.length).toBeGreaterThan(5);
  });

  it('does all else that agents and those who hand over do', async () => {
    expect((await rail.failPacket(await taken(), { reason: 'No' })).status).toBe('failed');
    expect((await rail.rejectPacket(await make(), { agentId, reason: 'No' })).status).toBe('rejected');
    const released = await rail.releasePacket(await taken());
    expect((await rail.cancelPacket(released, { reason: 'Over' })).status).toBe('cancelled');
    await rail.deletePacket(await make());
    const asked = await rail.requestApproval(await taken(), { hitl: { reason: 'Much money' } });
    expect(asked.status).toBe('awaiting_human');
    const answer = { response: 'Yes', respondedBy: 'boss@example.com' };
    expect((await rail.respondToHitl(asked, answer)).status).not.toBe('awaiting_human');
    const failed = await rail.failPacket(await taken(), { reason: 'No' });
    expect((await rail.retryPacket(failed)).status).toBe('created');
    await make({ summary: 'A peculiar giraffe', tags: ['a', 'b'] });
    expect((await rail.searchPackets('giraffe', { tags: ['a', 'b'] })).packets).toHaveLength(1);
    const listed: string[] = [];
    for await (const { id } of rail.listPackets({ status: ['created', 'failed'], limit: 1 })) listed.push(id);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.length).toBeGreaterThan(1);
  });

  it('registers agents, under any id, and asks for routes', async () => {
    const id = 'Ärger & Söhne/1';
    expect(await rail.agents.register(id, { name: 'Ä', capabilities: ['sums'] })).toMatchObject({ id });
    expect(await rail.agents.heartbeat(id)).toBeDefined();
    const preview = await rail.routing.preview({
      metadata: { source_agent: { id: 'sales-01', name: 'SalesBot' } },
      context: { summary: 'Who?' },
      routing: { capabilities: ['sums'] },
    });
    expect(preview.target?.id).toBe(id);
    await rail.agents.remove(id);
    await expect(rail.agents.heartbeat(id)).rejects.toThrow(NotFoundError);
  });

  it('has the same errors, and makes one packet per idempotency key', async () => {
    const packet = await rail.createPacket(flat({ claimPolicy: 'open' }), { idempotencyKey: 'nats-once' });
    const again = await admin.createPacket(flat({ claimPolicy: 'open' }), { idempotencyKey: 'nats-once' });
    expect(again.id).toBe(packet.id);
    await rail.claimPacket(packet, { agentId: 'a' });
    const late = (await clientOf()).client.claimPacket(packet, { agentId: 'b' });
    await expect(late).rejects.toSatisfy(
      (error) => error instanceof AlreadyClaimedError && error.claimedBy === 'a',
    );
    await expect(make({ summary: '' })).rejects.toThrow(ValidationError);
    await expect(make({ custom: { text: 'x'.repeat(3_000_000) } })).rejects.toThrow(PayloadTooLargeError);
    await expect(make({ custom: { text: 'x'.repeat(1_500_000) } })).rejects.toThrow(PayloadTooLargeError);
    for (const id of ['nothing', 'a.b', '*', '>', 'a b'])
      await expect(rail.getPacket(id)).rejects.toMatchObject({ status: 404 });
    const reader = await clientOf('reader');
    await expect(reader.client.createPacket(flat())).rejects.toThrow(PermissionError);
  });

  it('runs a worker', async () => {
    const made = await Promise.all(
      ['a', 'b', 'c', 'd'].map((summary) => make({ summary, targetAgent: 'w-01' })),
    );
    const errors: unknown[] = [];
    const options = { agentId: 'w-01', concurrency: 2, leaseSeconds: 2, onError: errors.push.bind(errors) };
    const worker = rail.worker(options, async ({ context }, { progress }) => {
      await progress(10);
      await pause(1_500);
      return context.summary;
    });
    const done = async ({ id }: PacketDocument): Promise<unknown> => {
      for (;;) {
        const { status, result } = await rail.getPacket(id);
        if (status === 'completed') return result;
        await pause(50);
      }
    };
    expect(await Promise.all(made.map(done))).toEqual(['a', 'b', 'c', 'd']);
    await worker.stop();
    expect(errors).toEqual([]);
  });

  it('can be aborted: what is given afterwards goes back at once', async () => {
    await expect(rail.getPacket('x', {}, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    const ending = new AbortController();
    const wish = { agentId: 'gone-01', waitSeconds: 20, leaseSeconds: 600 };
    const waiting = rail.claimNext(wish, { signal: ending.signal });
    setTimeout(() => ending.abort(new Error('enough')), 200);
    await expect(waiting).rejects.toThrow('enough');
    const { id } = await make({ targetAgent: 'gone-01' });
    const next = await rail.claimNext(wish);
    expect(next.packets.map((packet) => packet.id)).toEqual([id]);
    const late = rail.claimNext({ agentId: 'late-01', waitSeconds: 5 }, { timeoutMs: -4_900, maxRetries: 0 });
    await expect(late).rejects.toMatchObject({ code: 'timeout' });
  });

  it('tries again when a gateway is not there, or an answer is lost', async () => {
    const { connection, client, key, http } = await clientOf();
    let lost = 0;
    const publish: NatsConnection['publish'] = (subject, payload, options) => {
      if (lost++ % 2 === 0) return connection.publish('hr.api.nobody', payload, options);
      connection.publish(subject, payload, options);
    };
    let inboxes = 0;
    const subscribe: NatsConnection['subscribe'] = (subject, options) => {
      const inbox = connection.subscribe(subject, options);
      inboxes += 1;
      void inbox.closed.then(() => (inboxes -= 1));
      return inbox;
    };
    const lossy = { subscribe, publish, info: connection.info! };
    const shaky = http.nats(lossy, { tenantId: key.tenant_id, keyId: key.id, headers });
    const { id } = await shaky.createPacket(flat({ tags: ['shaky'] }), { timeoutMs: 500 });
    expect((await client.listPackets({ tags: 'shaky' })).packets.map((packet) => packet.id)).toEqual([id]);
    expect(lost).toBe(2);
    await expect(shaky.getPacket(id, {}, { timeoutMs: 100, maxRetries: 0 })).rejects.toThrow(ConnectionError);
    expect(inboxes).toBe(0);
    await connection.close();
    await expect(client.getPacket(id, {}, { maxRetries: 0 })).rejects.toThrow(ConnectionError);
  });

  it('fails at once when the connection ends, or its inbox is another', async () => {
    const { connection, client, http } = await clientOf();
    const waiting = client.claimNext({ agentId: 'closed-01', waitSeconds: 20 }, { maxRetries: 0 });
    setTimeout(() => void connection.close(), 200);
    await expect(waiting).rejects.toThrow(ConnectionError);
    const other = await clientOf();
    const wrong = http.nats(other.connection, { tenantId: 'default', keyId: 'another', headers });
    await expect(wrong.getPacket('x', {}, { maxRetries: 0 })).rejects.toThrow(/permission/i);
  });

  it('says what needs HTTP', async () => {
    const needing: (() => unknown)[] = [
      () => rail.getStats(),
      () => rail.batchClaimPackets(['a'], { agentId }),
      () => rail.keys.list(),
      () => rail.agents.get('a'),
      () => rail.listApprovals(),
      () => rail.events()[Symbol.asyncIterator]().next(),
      () => rail.socket(),
    ];
    for (const ask of needing)
      await expect((async () => ask())()).rejects.toMatchObject({
        code: 'needs_http',
        message: expect.stringMatching(/ is not to be had on NATS: ask for it by a client over HTTP\.$/),
      });
  });
});
